// How accuracy depends on the number format: curves, the smallest format that is good enough, and
// whether small networks lose more. docs/compression.md has the definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compression/compressed_runs.h"
#include "statistics/mean_estimate.h"
#include "statistics/rank_correlation.h"

namespace minima::analysis {

/// The networks of a curve that were quantized to one format, over runs.
struct FormatPoint {
  std::string format;
  int bits = 0;             ///< stored per weight
  std::string activations;  ///< their format; of runs that differ all, separated by "; "
  std::string arithmetic;   ///< "float", "integer", "simulated"; likewise
  AccuracySummary accuracy;
  MeanEstimate loss;  ///< the run's own test accuracy less that of the quantized network
  /// CompressedFamily::skill_loss, mean over the stable runs; nothing without any.
  std::optional<double> skill_loss;
  double total_bits = 0.0;    ///< bits x weights, mean
  double packed_bytes = 0.0;  ///< mean
};

/// An architecture quantized by one protocol, over the runs that learned and were quantized.
struct QuantizationCurve {
  std::string architecture;
  std::int64_t parameters = 0;
  std::string protocol;
  std::string tensor;  ///< the only one that was quantized; empty: all that the protocol names
  std::int64_t runs = 0;
  std::int64_t stable_runs = 0;     ///< CompressedFamily::stable; 0: the architecture is not stable
  double dense_accuracy = 0.0;      ///< mean of those runs
  std::vector<FormatPoint> points;  ///< from the most bits to the fewest, then by name
  /// Index of the point of fewest bits whose mean loss is within the tolerance, of equal bits the
  /// one of the smaller loss; nothing: none is.
  std::optional<std::size_t> smallest;
  std::optional<std::size_t> surely_smallest;  ///< whose interval's upper end is within it
};

/// By parameters, architecture, protocol and tensor.
[[nodiscard]] std::vector<QuantizationCurve> quantization_curves(
    const CompressedFamily& family, const study::AnalysisSettings& settings);

/// Loss of skill at one format against the number of parameters; the observations are stable
/// architectures.
struct SizeEffect {
  std::string protocol;
  std::string format;
  int bits = 0;
  double loss = 0.0;  ///< mean of the architectures' mean losses of skill
  RankCorrelation correlation;
};

/// For each protocol that quantized whole networks, and each format at which both parameters and
/// losses differ; by protocol, then from the most bits to the fewest.
[[nodiscard]] std::vector<SizeEffect> size_effects(const std::vector<QuantizationCurve>& curves,
                                                   const CompressedFamily& family,
                                                   const study::AnalysisSettings& settings);

}  // namespace minima::analysis
