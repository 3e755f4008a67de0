// How accuracy depends on sparsity: curves, redundancy and phases of each architecture, and whether
// deeper networks tolerate more. docs/compression.md has the definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compression/compressed_runs.h"
#include "analysis/compression/pruning_phases.h"
#include "analysis/compression/redundancy.h"
#include "statistics/estimates/mean_estimate.h"
#include "statistics/tests/rank_correlation.h"

namespace minima::analysis {

/// The networks of a curve with the same target sparsity, over runs.
struct PruningPoint {
  double asked = 0.0;
  double sparsity = 0.0;  ///< mean of the achieved sparsity; of the tensor if only one was pruned
  AccuracySummary accuracy;
  double loss = 0.0;  ///< mean of the run's own test accuracy minus that after pruning
  /// CompressedFamily::skill_loss, mean over the stable runs; nullopt if there are none.
  std::optional<double> skill_loss;
  double packed_bytes = 0.0;  ///< mean
  double dead_units = 0.0;    ///< mean
};

/// An architecture pruned by one protocol, over the runs that learned and were pruned.
struct PruningCurve {
  std::string architecture;
  std::int64_t parameters = 0;
  std::string protocol;
  std::string tensor;  ///< the only pruned tensor; empty: all in the protocol
  std::int64_t runs = 0;
  double dense_accuracy = 0.0;       ///< mean over these runs
  std::vector<PruningPoint> points;  ///< by target sparsity
  Redundancy redundancy;
  std::int64_t stable_runs = 0;  ///< CompressedFamily::stable; 0: the architecture is not stable
  Redundancy skill_redundancy;   ///< monotone_redundancy of the stable runs; empty if none
  double skill_tolerance = 0.0;  ///< mean over the stable runs
  /// Phases of the dense accuracy minus the mean loss, over the mean achieved sparsity. Losses are
  /// averaged so that a run without some sparsity causes no jump.
  PruningPhases phases;
};

/// Sorted by parameters, architecture, protocol and tensor.
[[nodiscard]] std::vector<PruningCurve> pruning_curves(const CompressedFamily& family,
                                                       const study::AnalysisSettings& settings);

/// Redundancy of the stable networks of one depth.
struct DepthRedundancy {
  int depth = 0;  ///< hidden layers
  std::int64_t architectures = 0;
  std::int64_t runs = 0;     ///< stable runs
  double mean = 0.0;         ///< mean of the architectures' mean skill redundancies
  std::optional<double> sd;  ///< of the same; nullopt with fewer than two architectures
};

/// Skill redundancy against depth, over the stable dnn whose hidden layers all have the same width.
/// The observations are architectures: runs of one architecture share its shape and are not
/// independent evidence about depth.
struct DepthEffect {
  std::string protocol;
  std::vector<DepthRedundancy> depths;      ///< by depth; fewer than two: no comparison
  std::optional<RankCorrelation> all;       ///< nullopt if depth or redundancy does not vary
  std::optional<RankCorrelation> of_width;  ///< among architectures of the same width
  /// Among equal widths, between depth and the residuals of redundancy from a line over
  /// ln(parameters).
  std::optional<RankCorrelation> of_size;
};

/// One for each protocol that pruned whole networks of at least two depths, stable or not.
[[nodiscard]] std::vector<DepthEffect> depth_effects(const std::vector<PruningCurve>& curves,
                                                     const CompressedFamily& family,
                                                     const study::AnalysisSettings& settings);

}  // namespace minima::analysis
