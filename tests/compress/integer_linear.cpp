#include "integer_linear.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace minima::compress {

std::optional<IntegerLinear> IntegerLinear::make(const QuantizedTensor& weight,
                                                 std::span<const float> biases,
                                                 const AffineGrid& input) {
  if (biases.size() != weight.channels) {
    throw std::invalid_argument("biases do not fit the output channels of a weight");
  }
  if (info(weight.format).kind == FormatKind::floating) return std::nullopt;
  IntegerLinear result;
  result.input_ = input;
  result.biases_.assign(biases.begin(), biases.end());
  const std::int64_t largest =
      std::max(std::abs(input.low - input.zero_point), std::abs(input.high - input.zero_point));
  const std::size_t inputs = weight.codes.size() / weight.channels;
  for (std::size_t o = 0; o < weight.channels; ++o) {
    std::int64_t reach = 0;
    for (std::size_t i = o * inputs; i < (o + 1) * inputs; ++i) {
      result.weights_.push_back(weight.codes[i] - weight.zero_point_of(o));
      reach += std::abs(std::int64_t{result.weights_.back()}) * largest;
    }
    if (reach >= std::int64_t{1} << 31) return std::nullopt;
    result.scales_.push_back(weight.scale_of(o) * input.scale);
  }
  return result;
}

void IntegerLinear::apply(std::span<const float> x, std::span<float> y) const {
  std::vector<std::int32_t> codes;
  codes.reserve(x.size());
  for (const float value : x) codes.push_back(input_.code(value) - input_.zero_point);
  const std::int32_t* weight = weights_.data();
  for (std::size_t o = 0; o < outputs(); ++o) {
    std::int32_t sum = 0;
    for (const std::int32_t code : codes) sum += *weight++ * code;
    y[o] = static_cast<float>(sum) * scales_[o] + biases_[o];
  }
}

}  // namespace minima::compress
