// Estimates the memory that the analyses of a store need.
#pragma once

#include "store/store.h"

namespace minima::analysis {

// Measured with bench/analysis/memory.py and rounded up.
inline constexpr double kBytesPerRun = 6000;
inline constexpr double kBytesPerEpoch = 150;
inline constexpr double kBytesPerLayerSignal = 40;
inline constexpr double kBytesPerSummary = 400;
inline constexpr double kBytesPerVariant = 4000;  ///< including its tensors
/// Prediction and correctness per image, for the runs of one architecture at a time.
inline constexpr double kBytesPerPrediction = 8;

/// Upper bound in bytes, excluding the program itself.
[[nodiscard]] double memory_of(const store::StoreSize& size);

}  // namespace minima::analysis
