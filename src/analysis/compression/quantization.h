// How accuracy depends on the number format: curves, the smallest format that is good enough, and
// whether small networks lose more. docs/compression.md has the definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compression/compressed_runs.h"
#include "statistics/estimates/mean_estimate.h"
#include "statistics/tests/rank_correlation.h"

namespace minima::analysis {

/// The networks of a curve quantized to the same format, over runs.
struct FormatPoint {
  study::ValueFormat format;
  int bits = 0;             ///< stored bits per weight
  std::string activations;  ///< number format; if runs differ, all, separated by "; "
  std::string arithmetic;   ///< "float", "integer", "simulated"; if runs differ, all
  AccuracySummary accuracy;
  MeanEstimate loss;  ///< the run's own test accuracy minus that after quantization
  /// CompressedFamily::skill_loss, mean over the stable runs; nullopt if there are none.
  std::optional<double> skill_loss;
  double total_bits = 0.0;    ///< bits x weights, mean
  double packed_bytes = 0.0;  ///< mean
};

/// An architecture quantized by one protocol, over the runs that learned and were quantized.
struct QuantizationCurve {
  std::string architecture;
  std::int64_t parameters = 0;
  std::string protocol;
  std::string tensor;  ///< the only quantized tensor; empty: all in the protocol
  std::int64_t runs = 0;
  std::int64_t stable_runs = 0;     ///< CompressedFamily::stable; 0: the architecture is not stable
  double dense_accuracy = 0.0;      ///< mean over these runs
  std::vector<FormatPoint> points;  ///< from the most bits to the fewest, then by name
  /// Index of the point with the fewest bits whose mean loss is within the tolerance; ties go to
  /// the smaller loss. nullopt if there is none.
  std::optional<std::size_t> smallest;
  std::optional<std::size_t> surely_smallest;  ///< `smallest` by the upper limit of the loss
};

/// Sorted by parameters, architecture, protocol and tensor.
[[nodiscard]] std::vector<QuantizationCurve> quantization_curves(
    const CompressedFamily& family, const study::AnalysisSettings& settings);

/// Loss of skill at one format against the number of parameters. The observations are stable
/// architectures.
struct SizeEffect {
  std::string protocol;
  study::ValueFormat format;
  int bits = 0;
  double loss = 0.0;  ///< mean of the architectures' mean losses of skill
  RankCorrelation correlation;
};

/// One for each protocol that quantized whole networks and each format at which both parameters and
/// losses vary; sorted by protocol, then from the most bits to the fewest.
[[nodiscard]] std::vector<SizeEffect> size_effects(const std::vector<QuantizationCurve>& curves,
                                                   const CompressedFamily& family,
                                                   const study::AnalysisSettings& settings);

}  // namespace minima::analysis
