// Estimates the cost of pruning and quantization.
#pragma once

#include <cstdint>

#include "run/setup/prepare.h"

namespace minima::run {

inline constexpr double kStoreBytesPerVariant = 450;

struct CompressionEstimate {
  std::int64_t pieces = 0;    ///< one protocol on one run each
  std::int64_t networks = 0;  ///< networks evaluated on the test images
  std::int64_t epochs = 0;    ///< training epochs, summed over all networks
  double flop = 0.0;
  double store_bytes = 0.0;
  double prediction_bytes = 0.0;  ///< part of store_bytes: outcomes per image
  double seconds = 0.0;           ///< wall time with all jobs running
};

/// Assumes that every run of the plan has finished. `peak_gflops` is the peak of all jobs together.
/// Network preparation and integer arithmetic are not included.
[[nodiscard]] CompressionEstimate estimate_compression(const Prepared& prepared, std::size_t jobs,
                                                       double peak_gflops);

}  // namespace minima::run
