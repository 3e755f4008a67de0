// Saturating arithmetic: counts stop at the largest number instead of overflowing.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>

namespace minima {

inline constexpr std::int64_t kSaturated = std::numeric_limits<std::int64_t>::max();

/// For nonnegative numbers.
[[nodiscard]] constexpr std::int64_t saturating_product(
    std::initializer_list<std::int64_t> factors) {
  std::int64_t product = 1;
  for (const std::int64_t factor : factors) {
    if (factor == 0) return 0;
    if (__builtin_mul_overflow(product, factor, &product)) product = kSaturated;
  }
  return product;
}

/// For nonnegative numbers.
[[nodiscard]] constexpr std::int64_t saturating_sum(std::initializer_list<std::int64_t> terms) {
  std::int64_t sum = 0;
  for (const std::int64_t term : terms) {
    if (__builtin_add_overflow(sum, term, &sum)) return kSaturated;
  }
  return sum;
}

}  // namespace minima
