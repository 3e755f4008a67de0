#include "compress/quantize/quantizer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "compress/quantize/channel_quantizer.h"

namespace minima::compress {
namespace {

void check(const TensorView& tensor) {
  if (tensor.channels == 0 || tensor.values.size() % tensor.channels != 0) {
    throw std::invalid_argument("channels do not divide the values of a tensor");
  }
  if (!tensor.mask.empty() && tensor.mask.size() != tensor.values.size()) {
    throw std::invalid_argument("a mask and its tensor differ in size");
  }
}

/// Number of parts that have their own scale.
std::size_t parts_of(const TensorView& tensor, const QuantizerSettings& settings) {
  return settings.granularity == Granularity::tensor ? 1 : tensor.channels;
}

/// Collects the kept values. Every value is written, and the next one overwrites it if it is
/// pruned: the branches of a mask are unpredictable for the processor.
void gather(std::span<const float> values, std::span<const std::uint8_t> mask,
            std::vector<float>& kept) {
  kept.resize(values.size());
  float* to = kept.data();
  for (std::size_t i = 0; i < values.size(); ++i) {
    *to = values[i];
    const bool keep = mask.empty() || mask[i] != 0;
    to += static_cast<std::ptrdiff_t>(keep & std::isfinite(values[i]));
  }
  kept.resize(static_cast<std::size_t>(to - kept.data()));
}

/// Calls use(part, tensor of that part, its quantizer).
template <typename Use>
void over_parts(const TensorView& tensor, const QuantizerSettings& settings, Use use) {
  check(tensor);
  const std::size_t parts = parts_of(tensor, settings);
  const std::size_t count = tensor.values.size() / parts;
  std::vector<float> kept;
  for (std::size_t part = 0; part < parts; ++part) {
    const auto values = tensor.values.subspan(part * count, count);
    const auto mask = tensor.mask.empty() ? tensor.mask : tensor.mask.subspan(part * count, count);
    gather(values, mask, kept);
    use(part * count, values, mask, ChannelQuantizer(settings, kept));
  }
}

}  // namespace

AffineGrid grid_of(const Range& range, int bits, Scheme scheme) {
  // Both a scale and its inverse must be normal floating-point numbers.
  constexpr float kSmallest = std::numeric_limits<float>::min();
  AffineGrid grid;
  if (scheme == Scheme::symmetric) {
    grid.high = (1 << (bits - 1)) - 1;
    grid.low = -grid.high;
    if (range.largest() == 0.0F) return grid;
    grid.scale = std::max(range.largest() / static_cast<float>(grid.high), kSmallest);
    return grid;
  }
  grid.low = 0;
  grid.high = (1 << bits) - 1;
  if (range.largest() == 0.0F) return grid;
  const auto steps = static_cast<float>(grid.high);
  // Computed from halves if the width of the range overflows.
  grid.scale = std::isfinite(range.high - range.low)
                   ? (range.high - range.low) / steps
                   : 2.0F * ((range.high / 2.0F - range.low / 2.0F) / steps);
  grid.scale = std::max(grid.scale, kSmallest);
  const float zero_point = std::nearbyint(-range.low / grid.scale);
  grid.zero_point = static_cast<std::int32_t>(std::clamp(zero_point, 0.0F, steps));
  return grid;
}

QuantizedTensor quantize(const TensorView& tensor, const QuantizerSettings& settings) {
  QuantizedTensor result{.format = settings.format,
                         .channels = tensor.channels,
                         .affine = settings.canonical().scheme == Scheme::affine};
  result.codes.resize(tensor.values.size());
  result.values.resize(tensor.values.size());
  over_parts(tensor, settings, [&](std::size_t begin, auto values, auto mask, const auto& part) {
    result.scales.push_back(part.scale());
    result.zero_points.push_back(part.zero_point());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool kept = mask.empty() || mask[i] != 0;
      result.codes[begin + i] = kept ? part.code(values[i]) : part.zero_point();
      result.values[begin + i] = part.value(result.codes[begin + i]);
      if (!std::isfinite(values[i])) ++result.not_finite;
    }
  });
  return result;
}

void fake_quantize(const TensorView& tensor, const QuantizerSettings& settings,
                   std::span<float> values) {
  over_parts(tensor, settings, [&](std::size_t begin, auto from, auto mask, const auto& part) {
    const auto to = values.subspan(begin, from.size());
    part.fake_quantize(from, to);
    for (std::size_t i = 0; i < mask.size(); ++i) {
      to[i] = mask[i] == 0 ? 0.0F : to[i];
    }
  });
}

}  // namespace minima::compress
