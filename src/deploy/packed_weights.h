// Weights of a layer of an integer network in as few bytes as they take in one of three layouts;
// the sizes are those of compress/quantize/network_size.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compress/integer/integer_network.h"

namespace minima::deploy {

/// A weight w of output o is stored as the unsigned number (w + offset of o) / step, in `bits`
/// bits; binary weights -1 and 1 as 0 and 1 (offset 1, step 2). Streams of bits begin at the lowest
/// bit of their first byte.
struct PackedWeights {
  enum class Layout {
    dense,    ///< every weight
    bitmask,  ///< a bit for each weight, 1 where it is not zero; the values of those
    index,    ///< for each output the columns of weights that are not zero; their values
  };
  Layout layout = Layout::dense;
  int bits = 8;
  int step = 1;
  std::vector<std::int32_t> offsets;   ///< [outputs], or [1] where all are alike
  std::vector<std::uint8_t> values;    ///< stream of bits
  std::vector<std::uint8_t> mask;      ///< bitmask: stream of bits
  std::vector<std::uint32_t> columns;  ///< index: places within the weights of an output
  std::vector<std::uint32_t> starts;   ///< index: [outputs + 1], into columns
  int column_bytes = 1;                ///< 1, 2 or 4
  int start_bytes = 2;                 ///< 2 or 4

  /// Without offsets.
  [[nodiscard]] std::size_t bytes() const {
    return values.size() + mask.size() + columns.size() * static_cast<std::size_t>(column_bytes) +
           starts.size() * static_cast<std::size_t>(start_bytes);
  }
};

/// In a given layout. Throws std::invalid_argument for dense binary weights of which some are zero.
[[nodiscard]] PackedWeights packed_as(PackedWeights::Layout layout,
                                      const compress::IntegerLayer& layer,
                                      compress::NumberFormat format, bool affine);

/// In the layout of fewest bytes; of equal ones the first of Layout.
[[nodiscard]] PackedWeights packed_weights(const compress::IntegerLayer& layer,
                                           compress::NumberFormat format, bool affine);

}  // namespace minima::deploy
