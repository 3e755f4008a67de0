// What one prediction of a network costs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/shape.h"

namespace minima::analysis {

struct PredictionCost {
  std::int64_t multiply_adds = 0;         ///< zeros included
  std::optional<std::int64_t> ram_bytes;  ///< of the exported C program; nothing: there is none
};

/// `activations`: their number format; empty: the network does not compute in integers. Nothing
/// for a text that is no architecture of these images.
[[nodiscard]] std::optional<PredictionCost> prediction_cost(const std::string& architecture,
                                                            const Problem& problem,
                                                            const std::string& activations);

}  // namespace minima::analysis
