#include "compress/quantize/channel_quantizer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace minima::compress {
namespace {

constexpr float kTernaryThreshold = 0.7F;  // times mean|x|; Li, Zhang, Liu 2016, equation 6

float mean_magnitude(std::span<const float> values, float above) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const float value : values) {
    const float magnitude = std::fabs(value);
    if (!(magnitude > above)) continue;
    sum += static_cast<double>(magnitude);
    ++count;
  }
  return count == 0 ? 0.0F : static_cast<float>(sum / static_cast<double>(count));
}

}  // namespace

ChannelQuantizer::Method ChannelQuantizer::signs(std::span<const float> kept, bool has_zero) {
  Signs signs{.has_zero = has_zero};
  // Every magnitude is above -1, so -1 selects all values, zeros included.
  if (has_zero) signs.threshold = kTernaryThreshold * mean_magnitude(kept, -1.0F);
  const float scale = mean_magnitude(kept, has_zero ? signs.threshold : -1.0F);
  if (scale > 0.0F || !has_zero) signs.scale = scale;
  return signs;
}

ChannelQuantizer::Method ChannelQuantizer::method_for(const QuantizerSettings& settings,
                                                      const Range& range) {
  const FormatInfo& format = info(settings.format);
  if (format.kind == FormatKind::integer) return grid_of(range, format.bits, settings.scheme);
  ScaledFloat scaled{.layout = float_layout(settings.format)};
  if (format.is_scaled_float() && settings.scaled_fp8 && range.largest() > 0.0F) {
    scaled.limit = scaled.layout.max_finite();
    scaled.scale = std::max(range.largest() / scaled.limit, std::numeric_limits<float>::min());
  }
  return scaled;
}

ChannelQuantizer::ChannelQuantizer(const QuantizerSettings& given, std::span<const float> kept) {
  const QuantizerSettings settings = given.canonical();
  const FormatKind kind = info(settings.format).kind;
  if (kind == FormatKind::ternary || kind == FormatKind::binary) {
    method_ = signs(kept, kind == FormatKind::ternary);
    return;
  }
  using Rule = Clipping::Rule;
  const Range full = full_range(kept);
  const bool symmetric = settings.scheme == Scheme::symmetric;
  switch (settings.clipping.rule) {
    case Rule::automatic:  // canonical() has resolved it
    case Rule::max:
      method_ = method_for(settings, full);
      break;
    case Rule::percentile:
      method_ =
          method_for(settings, percentile_range(kept, settings.clipping.percentile, symmetric));
      break;
    case Rule::least_squared_error: {
      const double share = least_error_share([&](double candidate, double enough) {
        return squared_error(method_for(settings, full.times(candidate)), kept, enough);
      });
      method_ = method_for(settings, full.times(share));
      break;
    }
  }
}

float ChannelQuantizer::scale() const {
  return std::visit([](const auto& method) { return method.scale; }, method_);
}

std::int32_t ChannelQuantizer::zero_point() const {
  const auto* grid = std::get_if<AffineGrid>(&method_);
  return grid == nullptr ? 0 : grid->zero_point;
}

std::int32_t ChannelQuantizer::code(float x) const {
  if (const auto* grid = std::get_if<AffineGrid>(&method_)) return grid->code(x);
  if (const auto* scaled = std::get_if<ScaledFloat>(&method_)) {
    return encode(scaled->layout, scaled->scaled(x));
  }
  const auto& signs = std::get<Signs>(method_);
  if (std::isnan(x)) return signs.has_zero ? 0 : 1;
  if (signs.has_zero && std::fabs(x) <= signs.threshold) return 0;
  return x < 0.0F ? -1 : 1;
}

float ChannelQuantizer::value(std::int32_t code) const {
  if (const auto* grid = std::get_if<AffineGrid>(&method_)) return grid->value(code);
  if (const auto* scaled = std::get_if<ScaledFloat>(&method_)) {
    return decode(scaled->layout, static_cast<std::uint16_t>(code)) * scaled->scale;
  }
  return static_cast<float>(code) * std::get<Signs>(method_).scale;
}

void ChannelQuantizer::apply(const Method& method, std::span<const float> x,
                             std::span<float> values) {
  if (const auto* grid = std::get_if<AffineGrid>(&method)) {
    compress::fake_quantize(*grid, x, values);
  } else if (const auto* scaled = std::get_if<ScaledFloat>(&method)) {
    const FloatRounder round(scaled->layout);
    const ScaledFloat by = *scaled;
    for (std::size_t i = 0; i < x.size(); ++i) values[i] = round(by.scaled(x[i])) * by.scale;
  } else {
    const auto& signs = std::get<Signs>(method);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const float sign = x[i] < 0.0F ? -signs.scale : signs.scale;
      // A NaN is not above the threshold.
      const bool zero = signs.has_zero && !(std::fabs(x[i]) > signs.threshold);
      values[i] = zero ? 0.0F : sign;
    }
  }
}

void ChannelQuantizer::fake_quantize(std::span<const float> x, std::span<float> values) const {
  apply(method_, x, values);
}

double ChannelQuantizer::squared_error(const Method& method, std::span<const float> values,
                                       double enough) {
  constexpr std::size_t kPiece = 256;  // floats on the stack
  std::array<float, kPiece> quantized{};
  double sum = 0.0;
  for (std::size_t begin = 0; begin < values.size() && !(sum > enough); begin += kPiece) {
    const auto piece = values.subspan(begin, std::min(kPiece, values.size() - begin));
    apply(method, piece, std::span(quantized).first(piece.size()));
    std::array<double, 8> sums{};  // independent sums, for vectorisation
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const double difference = static_cast<double>(piece[i]) - static_cast<double>(quantized[i]);
      sums[i % sums.size()] += difference * difference;
    }
    for (const double part : sums) sum += part;
  }
  return sum;
}

}  // namespace minima::compress
