// How weights are converted to a number format. compress/quantize/quantizer.h has the formulas.
#pragma once

#include <string>

#include "core/enum_words.h"
#include "study/settings/number_format.h"

namespace minima::study {

/// The clipping range of a grid: compress/quantize/clipping.h.
struct Clipping {
  enum class Rule {
    max,         ///< covers every value
    percentile,  ///< covers the given percentage of the values
    /// The fraction of the range of `max` that minimizes the sum of squared quantization errors.
    least_squared_error,
    /// Least squared error for integers of at most 4 bits, `max` for more bits: see
    /// QuantizerSettings::canonical.
    automatic,
  };
  Rule rule = Rule::max;
  double percentile = 99.9;  ///< above 0, at most 100

  /// The rule that `automatic` selects for integers of `bits` bits. Other rules are unchanged.
  [[nodiscard]] Clipping resolved(int bits) const;

  bool operator==(const Clipping&) const = default;
};

constexpr auto words_of(Clipping::Rule /*any*/) {
  return std::to_array<EnumWord<Clipping::Rule>>({
      {Clipping::Rule::max, "max"},
      {Clipping::Rule::percentile, "percentile"},
      {Clipping::Rule::least_squared_error, "least-squared-error"},
      {Clipping::Rule::automatic, "auto"},
  });
}

enum class Granularity { tensor, output_channel };
enum class Scheme { symmetric, affine };

constexpr auto words_of(Granularity /*any*/) {
  return std::to_array<EnumWord<Granularity>>({
      {Granularity::tensor, "tensor"},
      {Granularity::output_channel, "channel"},
  });
}
constexpr auto words_of(Scheme /*any*/) {
  return std::to_array<EnumWord<Scheme>>({
      {Scheme::symmetric, "symmetric"},
      {Scheme::affine, "affine"},
  });
}

struct QuantizerSettings {
  NumberFormat format = NumberFormat::int8;
  Granularity granularity = Granularity::tensor;  ///< of scales and zero points
  Scheme scheme = Scheme::symmetric;
  Clipping clipping;
  bool scaled_fp8 = true;

  bool operator==(const QuantizerSettings&) const = default;

  /// The same quantizer with automatic clipping resolved and all settings that do not apply to the
  /// format set to their defaults. Equal quantizers then compare equal.
  [[nodiscard]] QuantizerSettings canonical() const;
  /// Canonical text in one line without defaults: "int4 channel affine percentile=99.9".
  [[nodiscard]] std::string text() const;
};

}  // namespace minima::study
