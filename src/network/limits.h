// Limits of architectures: wide enough for any real network, narrow enough that a typing error
// gives a message instead of an endless computation.
#pragma once

#include <cstdint>

namespace minima::network {

inline constexpr int kMaxWidth = 1'000'000;     ///< of a fully connected hidden layer
inline constexpr int kMaxHiddenLayers = 1'000;  ///< of an architecture with all widths listed

inline constexpr int kMaxConvolutions = 100;
inline constexpr int kMaxFilters = 10'000;  ///< of a convolution
inline constexpr int kMaxKernel = 100;      ///< sides and strides of convolutions

inline constexpr int kMaxTokenWidth = 10'000;  ///< features of a token
inline constexpr int kMaxMlpWidth = 100'000;   ///< in an encoder block
inline constexpr int kMaxMlpRatio = 100;       ///< MLP width / token width
inline constexpr int kMaxBlocks = 100;
inline constexpr int kMaxPatch = 1'000;

/// Outputs of any layer per image. It keeps sizes of layers well within an int.
inline constexpr std::int64_t kMaxFeatures = 100'000'000;

}  // namespace minima::network
