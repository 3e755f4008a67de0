#include "deploy/tflite/tflite_logits.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "compress/integer/integer_batch.h"

namespace minima::deploy {
namespace {

constexpr double kSteps = 255.0;
constexpr std::int64_t kMargin = 10;  // a tenth of the range
constexpr int kLowest = -128;
constexpr int kHighest = 127;
constexpr double kLargestFactor = 0x1p29;

}  // namespace

LogitCodes logit_codes(const compress::IntegerNetwork& network,
                       std::span<const std::int32_t> logits) {
  const auto classes = static_cast<std::size_t>(network.problem.classes);
  std::int64_t high = 0;
  std::int64_t least = logits.empty() ? 0 : std::numeric_limits<std::int32_t>::max();
  for (std::size_t i = 0; i + classes <= logits.size(); i += classes) {
    const std::int64_t largest = std::ranges::max(logits.subspan(i, classes));
    high = std::max(high, largest);
    least = std::min(least, largest);
  }
  // A quantized range of TensorFlow Lite contains zero.
  const std::int64_t low = std::min<std::int64_t>(least - (high - least) / kMargin, 0);
  const double step = network.layers.back().reals.output_scale;
  if (low == high) return {.scale = step, .zero_point = 0};
  const double range = static_cast<double>(high - low);
  const double zero = kLowest - static_cast<double>(low) / range * kSteps;
  return {.scale = step * range / kSteps, .zero_point = static_cast<int>(std::lround(zero))};
}

std::vector<std::int32_t> coded_logits(const compress::IntegerNetwork& network,
                                       const LogitCodes& codes,
                                       std::span<const std::uint8_t> images) {
  compress::IntegerNetwork coded = network;
  compress::IntegerLayer& last = coded.layers.back();
  last.requantization.clear();
  for (const double scale : last.reals.weight_scales) {
    const double factor = scale * last.reals.input_scale / codes.scale;
    // Only an output that is always zero has a larger one.
    last.requantization.push_back(compress::requantization_of(std::min(factor, kLargestFactor)));
  }
  std::vector<std::int32_t> logits = compress::IntegerBatchNetwork(coded).logits(images);
  for (std::int32_t& logit : logits) {
    logit = static_cast<std::int32_t>(
        std::clamp<std::int64_t>(std::int64_t{logit} + codes.zero_point, kLowest, kHighest));
  }
  return logits;
}

}  // namespace minima::deploy
