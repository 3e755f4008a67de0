#include "kernels/products/reference_integer.h"

#include <algorithm>

namespace minima::kernels::reference {
namespace {

std::int16_t scaled(std::int32_t sum, const CodeScaling& by) {
  if (sum <= 0) return 0;
  const std::uint64_t half = std::uint64_t{1} << (by.shift - 1);
  const std::uint64_t code = (static_cast<std::uint64_t>(sum) * by.multiplier + half) >> by.shift;
  return static_cast<std::int16_t>(std::min(code, static_cast<std::uint64_t>(by.high)));
}

}  // namespace

void integer_products(const IntegerProducts& p, const std::int16_t* input, std::int32_t* sums) {
  for (std::size_t o = 0; o < p.outputs; ++o) {
    for (std::size_t lane = 0; lane < p.lanes; ++lane) {
      std::int32_t sum = p.biases[o];
      for (std::size_t t = 0; t < p.taps.size(); ++t) {
        for (std::size_t j = 0; j < 2; ++j) {
          sum += p.weights[(o * p.taps.size() + t) * 2 + j] * input[p.taps[t] + 2 * lane + j];
        }
      }
      sums[o * p.lanes + lane] = sum;
    }
  }
}

void scale_to_codes(const std::int32_t* first, const CodeScaling& scale_first,
                    const std::int32_t* second, const CodeScaling& scale_second, std::size_t lanes,
                    std::int16_t* codes) {
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    codes[2 * lane] = scaled(first[lane], scale_first);
    codes[2 * lane + 1] = scaled(second[lane], scale_second);
  }
}

}  // namespace minima::kernels::reference
