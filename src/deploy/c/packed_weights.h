// Packs the weights of an integer layer into the smallest of three layouts. The sizes are those of
// compress/quantize/network_size.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compress/integer/integer_network.h"

namespace minima::deploy {

/// A weight w of output o is stored as the unsigned number (w + offset of o) / step, in `bits`
/// bits. Binary weights -1 and 1 are stored as 0 and 1 (offset 1, step 2). Bit streams start at the
/// lowest bit of their first byte.
struct PackedWeights {
  enum class Layout {
    dense,    ///< every weight
    bitmask,  ///< a bit per weight, 1 if not zero; the values of nonzero weights
    index,    ///< for each output, the columns and values of its nonzero weights
  };
  Layout layout = Layout::dense;
  int bits = 8;
  int step = 1;
  std::vector<std::int32_t> offsets;   ///< [outputs], or [1] if all are equal
  std::vector<std::uint8_t> values;    ///< bit stream
  std::vector<std::uint8_t> mask;      ///< bitmask: bit stream
  std::vector<std::uint32_t> columns;  ///< index: indices within the weights of an output
  std::vector<std::uint32_t> starts;   ///< index: [outputs + 1], into columns
  int column_bytes = 1;                ///< 1, 2 or 4
  int start_bytes = 2;                 ///< 2 or 4

  /// Size in bytes, without offsets.
  [[nodiscard]] std::size_t bytes() const {
    return values.size() + mask.size() + columns.size() * static_cast<std::size_t>(column_bytes) +
           starts.size() * static_cast<std::size_t>(start_bytes);
  }
};

/// Packs in the given layout. Throws std::invalid_argument for dense binary weights if some are
/// zero.
[[nodiscard]] PackedWeights packed_as(PackedWeights::Layout layout,
                                      const compress::IntegerLayer& layer,
                                      compress::NumberFormat format, bool affine);

/// Packs in the smallest layout; among equal sizes the first of Layout.
[[nodiscard]] PackedWeights packed_weights(const compress::IntegerLayer& layer,
                                           compress::NumberFormat format, bool affine);

}  // namespace minima::deploy
