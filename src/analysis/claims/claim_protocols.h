// Which protocols of compression the claims are about, fixed beforehand.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/compression/quantization.h"

namespace minima::analysis {

/// Quantization after training, of weights alone, one symmetric scale for each tensor: of several
/// rules of clipping the first of auto, max and least-squared-error. Empty: none of `protocols`.
[[nodiscard]] std::string claimed_quantization(const std::vector<std::string>& protocols);

/// Mean loss of skill over the formats of at most 8 bits; nothing for an architecture that is not
/// stable.
[[nodiscard]] std::optional<double> loss_at_few_bits(const QuantizationCurve& curve);

}  // namespace minima::analysis
