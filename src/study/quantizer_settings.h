// How weights are brought into a number format; the formulas are compress/quantize/quantizer.h's.
#pragma once

#include <string>

#include "study/number_format.h"

namespace minima::study {

/// How far a grid reaches: compress/quantize/clipping.h.
struct Clipping {
  enum class Rule {
    max,         ///< every value
    percentile,  ///< the given percentage of the values
    /// The share of the range of `max` that makes the sum of squared differences between values and
    /// quantized values least.
    least_squared_error,
    /// Least squared error for integers of 4 bits and fewer, `max` for more bits: see
    /// QuantizerSettings::canonical.
    automatic,
  };
  Rule rule = Rule::max;
  double percentile = 99.9;  ///< above 0, at most 100

  /// The rule that `automatic` stands for with integers of `bits` bits; other rules unchanged.
  [[nodiscard]] Clipping resolved(int bits) const;

  bool operator==(const Clipping&) const = default;
};

enum class Granularity { tensor, output_channel };
enum class Scheme { symmetric, affine };

struct QuantizerSettings {
  NumberFormat format = NumberFormat::int8;
  Granularity granularity = Granularity::tensor;  ///< of scales and zero points
  Scheme scheme = Scheme::symmetric;
  Clipping clipping;
  bool scaled_fp8 = true;

  bool operator==(const QuantizerSettings&) const = default;

  /// The same quantizer with automatic clipping resolved, and with every setting that does not
  /// apply to the format at its default. Equal quantizers then compare equal.
  [[nodiscard]] QuantizerSettings canonical() const;
  /// Canonical, in one line, defaults left out: "int4 channel affine percentile=99.9".
  [[nodiscard]] std::string text() const;
};

}  // namespace minima::study
