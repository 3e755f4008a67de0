// A plan for the terminal: what would run, and its estimated cost.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "record/study.h"
#include "report/text/style.h"
#include "run/compress/compression_estimate.h"
#include "run/estimate/estimate.h"
#include "run/setup/prepare.h"

namespace minima::report {

struct PlannedDataset {
  record::DatasetRecord dataset;
  std::string origin;  ///< where it was found
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

  double analysis_bytes = 0.0;  ///< memory of the final analysis

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
