// Bounds on what a study may ask for: wide enough for any real study, narrow enough that a slip of
// the finger gets an answer instead of an endless computation.
#pragma once

#include <cstddef>
#include <cstdint>

namespace minima::study {

inline constexpr int kMaxWidth = 1'000'000;     ///< of a fully connected hidden layer
inline constexpr int kMaxHiddenLayers = 1'000;  ///< of an architecture written out
inline constexpr int kMaxGridDepth = 100;       ///< of designs

inline constexpr int kMaxConvolutions = 100;
inline constexpr int kMaxFilters = 10'000;  ///< of a convolution
inline constexpr int kMaxKernel = 100;      ///< sides and strides of convolutions

inline constexpr int kMaxTokenWidth = 10'000;  ///< features of a token
inline constexpr int kMaxMlpWidth = 100'000;   ///< of an encoder block
inline constexpr int kMaxMlpRatio = 100;       ///< MLP width over token width
inline constexpr int kMaxBlocks = 100;
inline constexpr int kMaxPatch = 1'000;

/// Outputs of any layer per image: sizes of layers fit into an int with room to spare.
inline constexpr std::int64_t kMaxFeatures = 100'000'000;

inline constexpr std::int64_t kMaxRuns = 1'000'000;
inline constexpr std::size_t kMaxDatasets = 10'000;
inline constexpr std::size_t kMaxStudyFileBytes = 4'000'000;

/// Runs drawn at random that share one shuffle: a cohort's worth.
inline constexpr int kDrawsPerShuffle = 16;

}  // namespace minima::study
