// What pruning and quantization will cost.
#pragma once

#include <cstdint>

#include "run/setup/prepare.h"

namespace minima::run {

inline constexpr double kStoreBytesPerVariant = 450;

struct CompressionEstimate {
  std::int64_t pieces = 0;    ///< a protocol on a run
  std::int64_t networks = 0;  ///< evaluated on the test images
  std::int64_t epochs = 0;    ///< trained, of all networks together
  double flop = 0.0;
  double store_bytes = 0.0;
  double prediction_bytes = 0.0;  ///< in store_bytes: outcomes per image
  double seconds = 0.0;           ///< wall time with all jobs at work
};

/// As if every run of the plan had finished. `peak_gflops`: of all jobs together. Preparing the
/// networks and integer arithmetic are not in it.
[[nodiscard]] CompressionEstimate estimate_compression(const Prepared& prepared, std::size_t jobs,
                                                       double peak_gflops);

}  // namespace minima::run
