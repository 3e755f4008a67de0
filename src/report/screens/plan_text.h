// A plan for the terminal: what would run, and its estimated cost.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "record/study.h"
#include "report/screens/left_out_text.h"
#include "report/text/style.h"
#include "run/compress/compress.h"
#include "run/compress/compression_estimate.h"
#include "run/estimate/estimate.h"
#include "run/setup/prepare.h"

namespace minima::report {

struct PlannedDataset {
  record::DatasetRecord dataset;
  std::string origin;  ///< where it was found
};

/// What the store of a study holds already.
struct PlannedStore {
  std::string directory = {};
  /// The training settings of its runs if the study has others, otherwise empty. `minima run`
  /// refuses such a store.
  std::string other_settings = {};
  std::int64_t recorded = 0;                 ///< runs of the plan that are recorded
  run::CompressionOutcome compression = {};  ///< so far
  LeftOut left_out = {};
};

/// A plan with its estimated cost.
struct PlanSummary {
  std::string study;
  std::string shard;  ///< "1/4", or empty
  std::size_t jobs = 1;
  double peak_gflops = 0.0;  ///< of all jobs
  std::vector<PlannedDataset> datasets;
  std::vector<run::PlannedArchitecture> architectures;
  run::Estimate estimate;                ///< of the training
  run::CompressionEstimate compression;  ///< of pruning and quantization

  double analysis_bytes = 0.0;                       ///< memory of the final analysis
  std::optional<PlannedStore> store = std::nullopt;  ///< empty if it is yet to be created

  [[nodiscard]] double flop() const { return estimate.flop + compression.flop; }
  [[nodiscard]] double seconds() const { return estimate.seconds + compression.seconds; }
  [[nodiscard]] double store_bytes() const {
    return estimate.store_bytes + compression.store_bytes;
  }
  [[nodiscard]] double prediction_bytes() const {
    return estimate.prediction_bytes + compression.prediction_bytes;
  }
  [[nodiscard]] double memory_bytes() const {
    return std::max(estimate.memory_bytes, analysis_bytes);
  }
};

/// With more than `style.most_rows` architectures, only the first and the last are shown.
[[nodiscard]] std::string plan_text(const PlanSummary& plan, const TextStyle& style);

}  // namespace minima::report
