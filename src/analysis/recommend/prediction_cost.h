// The cost of one prediction of a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/shape.h"
#include "study/settings/number_format.h"

namespace minima::analysis {

struct PredictionCost {
  std::int64_t multiply_adds = 0;              ///< zeros included
  std::int64_t convolution_multiply_adds = 0;  ///< those of convolutions
  std::int64_t outputs = 0;                    ///< values that all layers write
  std::int64_t layers = 0;
  std::int64_t image_bytes = 0;
  std::optional<std::int64_t> ram_bytes;  ///< of the exported C program; nullopt: no C export
};

/// `activations`: their number format in integer arithmetic; nullopt: not in integers. Returns
/// nullopt for a text that is not an architecture for these images.
[[nodiscard]] std::optional<PredictionCost> prediction_cost(
    const std::string& architecture, const Problem& problem,
    std::optional<study::NumberFormat> activations);

}  // namespace minima::analysis
