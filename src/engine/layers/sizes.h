#pragma once

#include <cstddef>

namespace minima::engine {

/// A block of the weight gradient, 64 KB: it stays in the L1 or L2 cache until the optimizer has
/// used it.
inline constexpr std::size_t kGradientBlockFloats = 16 * 1024;

/// Graphs have sizes as int, never negative; indices into arrays are std::size_t.
[[nodiscard]] constexpr std::size_t as_size(int size) {
  return static_cast<std::size_t>(size);
}

/// Matrix products take sizes as int. Networks are limited to far smaller sizes.
[[nodiscard]] constexpr int as_int(std::size_t size) {
  return static_cast<int>(size);
}

}  // namespace minima::engine
