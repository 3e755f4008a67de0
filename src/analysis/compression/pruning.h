// How accuracy depends on sparsity: curves, redundancy and phases of each architecture, and whether
// deeper networks stand more. docs/compression.md has the definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compression/compressed_runs.h"
#include "analysis/compression/pruning_phases.h"
#include "analysis/compression/redundancy.h"
#include "statistics/mean_estimate.h"
#include "statistics/rank_correlation.h"

namespace minima::analysis {

/// The networks of a curve that were asked for one sparsity, over runs.
struct PruningPoint {
  double asked = 0.0;
  double sparsity = 0.0;  ///< achieved, mean; of the tensor where only one was pruned
  AccuracySummary accuracy;
  double loss = 0.0;  ///< mean of: the run's own test accuracy less that after pruning
  /// CompressedFamily::skill_loss, mean over the stable runs; nothing without any.
  std::optional<double> skill_loss;
  double packed_bytes = 0.0;  ///< mean
  double dead_units = 0.0;    ///< mean
};

/// An architecture pruned by one protocol, over the runs that learned and were pruned.
struct PruningCurve {
  std::string architecture;
  std::int64_t parameters = 0;
  std::string protocol;
  std::string tensor;  ///< the only one that was pruned; empty: all that the protocol names
  std::int64_t runs = 0;
  double dense_accuracy = 0.0;       ///< mean of those runs
  std::vector<PruningPoint> points;  ///< by the sparsity asked for
  Redundancy redundancy;
  std::int64_t stable_runs = 0;  ///< CompressedFamily::stable; 0: the architecture is not stable
  Redundancy skill_redundancy;   ///< monotone_redundancy of the stable runs; empty without
  double skill_tolerance = 0.0;  ///< mean over the stable runs
  /// Of the dense accuracy less the mean loss, over the mean sparsity achieved: a run that lacks a
  /// sparsity makes no jump.
  PruningPhases phases;
};

/// By parameters, architecture, protocol and tensor.
[[nodiscard]] std::vector<PruningCurve> pruning_curves(const CompressedFamily& family,
                                                       const study::AnalysisSettings& settings);

/// Redundancy of the stable networks of one depth.
struct DepthRedundancy {
  int depth = 0;  ///< hidden layers
  std::int64_t architectures = 0;
  std::int64_t runs = 0;     ///< stable ones
  double mean = 0.0;         ///< of the architectures' mean skill redundancies
  std::optional<double> sd;  ///< of the same; nothing below two architectures
};

/// Skill redundancy against depth, over the stable dnn whose hidden layers are all equally wide.
/// The observations are architectures: runs of one share its shape, and are no evidence about depth
/// of their own.
struct DepthEffect {
  std::string protocol;
  std::vector<DepthRedundancy> depths;      ///< by depth; fewer than two: no comparison
  std::optional<RankCorrelation> all;       ///< nothing where depth or redundancy do not differ
  std::optional<RankCorrelation> of_width;  ///< among architectures of one width only
  /// Among equal widths, of what a straight line over ln(parameters) leaves of redundancy.
  std::optional<RankCorrelation> of_size;
};

/// One for each protocol that pruned whole networks of two depths or more, stable or not.
[[nodiscard]] std::vector<DepthEffect> depth_effects(const std::vector<PruningCurve>& curves,
                                                     const CompressedFamily& family,
                                                     const study::AnalysisSettings& settings);

}  // namespace minima::analysis
