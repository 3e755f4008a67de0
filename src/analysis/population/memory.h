// What the analyses of a store take of memory, by arithmetic.
#pragma once

#include "store/store.h"

namespace minima::analysis {

// Measured as bench/analysis/memory.py does, and rounded up.
inline constexpr double kBytesPerRun = 6000;
inline constexpr double kBytesPerEpoch = 150;
inline constexpr double kBytesPerLayerSignal = 40;
inline constexpr double kBytesPerSummary = 400;
inline constexpr double kBytesPerVariant = 4000;  ///< with its tensors
/// Of the runs of one architecture at a time: what each predicts of each image, and whether it is
/// right.
inline constexpr double kBytesPerPrediction = 8;

/// Bytes that the analyses of such a store take at most, besides the program itself.
[[nodiscard]] double memory_of(const store::StoreSize& size);

}  // namespace minima::analysis
