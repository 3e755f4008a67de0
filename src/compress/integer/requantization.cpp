#include "compress/integer/requantization.h"

#include <cmath>
#include <stdexcept>

namespace minima::compress {

Requantization requantization_of(double factor) {
  if (!(factor >= 0.0) || factor >= 0x1p30) {
    throw std::invalid_argument("a factor of requantization is not in 0..2^30");
  }
  if (factor < 0x1p-32) return {.multiplier = 0, .shift = 1};
  int exponent = 0;
  auto multiplier = static_cast<std::uint32_t>(std::lround(std::frexp(factor, &exponent) * 0x1p31));
  if (multiplier == 1U << 31) {
    multiplier >>= 1;
    ++exponent;
  }
  return {.multiplier = multiplier, .shift = 31 - exponent};
}

}  // namespace minima::compress
