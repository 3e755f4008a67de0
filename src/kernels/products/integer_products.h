// Products of small integers with the batch as the fastest index: 16-bit weights and activations,
// 32-bit sums.
//
// Activations are stored in pairs, [..][lane][2]: two features of an image side by side, as the
// processor's multiply-add of 16-bit pairs needs them. Lanes: images, a multiple of kIntegerLanes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace minima::kernels {

inline constexpr std::size_t kIntegerLanes = 32;

/// A sum of products for several outputs at one position of the input.
struct IntegerProducts {
  /// Offsets of each tap's pairs, in elements from `input`.
  std::span<const std::size_t> taps;
  const std::int16_t* weights = nullptr;  ///< [outputs][taps][2], above -2^15
  const std::int32_t* biases = nullptr;   ///< [outputs]
  std::size_t outputs = 0;                ///< even
  std::size_t lanes = 0;
};

/// sums[o][lane] = biases[o] + sum over taps t of weights[o][t][0] x input[taps[t] + 2 lane]
///                                              + weights[o][t][1] x input[taps[t] + 2 lane + 1]
/// All sums and partial sums must fit into 32 bits.
void integer_products(const IntegerProducts& products, const std::int16_t* input,
                      std::int32_t* sums);

/// code = min(max(round(sum x multiplier / 2^shift), 0), high); ties round up.
struct CodeScaling {
  std::uint32_t multiplier = 0;  ///< below 2^31
  int shift = 1;                 ///< 1..62
  std::int32_t high = 0;         ///< below 2^15
};

/// codes[lane][0] from first[lane] and codes[lane][1] from second[lane].
void scale_to_codes(const std::int32_t* first, const CodeScaling& scale_first,
                    const std::int32_t* second, const CodeScaling& scale_second, std::size_t lanes,
                    std::int16_t* codes);

}  // namespace minima::kernels
