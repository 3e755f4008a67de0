// Requantization: multiplication by a real factor as an integer product and a shift. It converts an
// accumulator to the next layer's activation without floating point (Jacob et al. 2018, arXiv
// 1712.05877, section 2.2).
//
//   requantize(a) = sign(a) floor((|a| multiplier + 2^(shift - 1)) / 2^shift)
//
// This is a x multiplier / 2^shift, rounded to nearest, ties away from zero. |a| multiplier takes
// 62 bits, so one 64-bit product per output suffices. It is unsigned, because C defines its right
// shift.
#pragma once

#include <cstdint>
#include <limits>

namespace minima::compress {

struct Requantization {
  std::uint32_t multiplier = 1U << 30;  ///< 2^30..2^31 - 1; 0: every result is 0
  int shift = 30;                       ///< 1..62

  bool operator==(const Requantization&) const = default;
};

/// The nearest representable factor, within a relative error of 2^-31. Factors below 2^-32 become
/// 0: they round every accumulator to 0. Throws std::invalid_argument unless 0 <= factor < 2^30.
[[nodiscard]] Requantization requantization_of(double factor);

/// The result is clamped to +-(2^31 - 1).
[[nodiscard]] inline std::int32_t requantize(std::int32_t accumulator, const Requantization& by) {
  const std::int64_t wide = accumulator;
  const auto magnitude = static_cast<std::uint64_t>(wide < 0 ? -wide : wide);
  const std::uint64_t half = std::uint64_t{1} << (by.shift - 1);
  const std::uint64_t scaled = (magnitude * by.multiplier + half) >> by.shift;
  constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
  const auto clamped = static_cast<std::int32_t>(scaled < kMost ? scaled : kMost);
  return accumulator < 0 ? -clamped : clamped;
}

}  // namespace minima::compress
