#pragma once

#include <cstddef>

namespace minima::engine {

/// A block of the weight gradient stays in the first levels of the cache until the optimiser has
/// used it: 64 KB.
inline constexpr std::size_t kGradientBlockFloats = 16 * 1024;

/// Matrix products take sizes as int; those of networks are limited far below its largest value.
[[nodiscard]] constexpr int as_int(std::size_t size) {
  return static_cast<int>(size);
}

}  // namespace minima::engine
