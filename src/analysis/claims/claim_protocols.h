// The compression protocols that the claims are about, fixed in advance.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/compression/quantization.h"

namespace minima::analysis {

/// The protocol that quantizes only weights, after training, with one symmetric scale per tensor.
/// Among clipping rules, the first available of auto, max and least-squared-error. Empty if
/// `protocols` has none.
[[nodiscard]] std::string claimed_quantization(const std::vector<std::string>& protocols);

/// Mean loss of skill over the formats of at most 8 bits; empty for an architecture that is not
/// stable.
[[nodiscard]] std::optional<double> loss_at_few_bits(const QuantizationCurve& curve);

}  // namespace minima::analysis
