// The settings of a quantizer in one line.
#include "study/settings/quantizer_settings.h"

#include <fmt/format.h>

#include "core/text.h"

namespace minima::study {

Clipping Clipping::resolved(int bits) const {
  // With few levels, one outlier stretches the grid so far that most weights round to zero
  // (Nagel et al. 2021, arXiv 2106.08295, section 3.1).
  constexpr int kFewBits = 4;
  if (rule != Rule::automatic) return *this;
  return {.rule = bits <= kFewBits ? Rule::least_squared_error : Rule::max};
}

QuantizerSettings QuantizerSettings::canonical() const {
  const FormatInfo& about = info(format);
  QuantizerSettings result{.format = format};
  const bool scaled_float = about.is_scaled_float();
  if (scaled_float) result.scaled_fp8 = scaled_fp8;
  const bool has_scale = scaled_float ? scaled_fp8 : about.kind != FormatKind::floating;
  if (!has_scale) return result;
  result.granularity = granularity;
  if (about.kind == FormatKind::integer) result.scheme = scheme;
  if (about.kind == FormatKind::integer || scaled_float) {
    result.clipping.rule = clipping.resolved(about.bits).rule;
  }
  if (result.clipping.rule == Clipping::Rule::percentile) {
    result.clipping.percentile = clipping.percentile;
  }
  return result;
}

std::string QuantizerSettings::text() const {
  const QuantizerSettings settings = canonical();
  std::string result(info(settings.format).name);
  if (settings.granularity == Granularity::output_channel)
    result += fmt::format(" {}", settings.granularity);
  if (settings.scheme == Scheme::affine) result += fmt::format(" {}", settings.scheme);
  if (settings.clipping.rule == Clipping::Rule::percentile) {
    result += fmt::format(" {}={}", settings.clipping.rule, shortest(settings.clipping.percentile));
  }
  if (settings.clipping.rule == Clipping::Rule::least_squared_error) {
    result += fmt::format(" {}", settings.clipping.rule);
  }
  if (!settings.scaled_fp8) result += " unscaled";
  return result;
}

}  // namespace minima::study
