// The runs whose weights are looked at, by what their layers are for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/groups.h"
#include "analysis/population.h"
#include "study/analysis_settings.h"
#include "study/weight_summary.h"

namespace minima::analysis {

/// What was recorded of the matrices of each run, by its id: at the start, then at the end.
using WeightSummaries = std::map<std::string, std::vector<study::WeightSummary>>;

/// Reads them: about 4 kB per matrix. Vectors are left out, and histograms of the start.
[[nodiscard]] WeightSummaries weight_summaries_of(const store::Reader& store);

/// A matrix of a run whose weights are all finite.
struct RunTensor {
  std::string role;
  study::WeightSummary end;
  std::optional<study::WeightSummary> start;
};

/// The tensors of one role of a run put together: means of their figures.
struct RoleWeights {
  double sd = 0.0;
  double node_strength = 0.0;     ///< mean over its nodes
  std::vector<float> quantiles;   ///< mean of the tensors' functions
  study::BinnedCounts histogram;  ///< of all its weights
};

struct WeightRun {
  const store::RunRow* run = nullptr;  ///< of the population
  double accuracy = 0.0;               ///< that which is grouped
  std::optional<AccuracyGroup> group;
  std::vector<RunTensor> tensors;  ///< input to output
  std::map<std::string, RoleWeights> roles;

  [[nodiscard]] bool successful() const { return group == AccuracyGroup::high; }
  [[nodiscard]] bool failed() const {
    return group == AccuracyGroup::low || group == AccuracyGroup::non;
  }
};

/// One family on one dataset.
struct WeightFamily {
  std::string dataset;
  std::string family;
  std::vector<WeightRun> runs;  ///< with finite weights, in the order of the plan
  std::int64_t left_out = 0;    ///< recorded, but without figures of finite weights
};

/// What a matrix is for: `attention` or `mlp` of a vision transformer's blocks, else `output` (the
/// last one), `first`, or `hidden`.
[[nodiscard]] std::string role_of(const std::string& tensor, std::size_t number, std::size_t count);

/// By dataset in the order of the store, then by family in alphabetical order; only those with runs
/// that have summaries.
[[nodiscard]] std::vector<WeightFamily> weight_families_of(const Population& population,
                                                           WeightSummaries summaries,
                                                           const study::AnalysisSettings& settings);

}  // namespace minima::analysis
