// The analyses of weights for people.
#pragma once

#include <string>

#include "analysis/projection.h"
#include "analysis/weights.h"
#include "report/style.h"

namespace minima::report {

/// Findings by family; empty where no run has figures of weights.
[[nodiscard]] std::string weights_text(const analysis::Weights& weights, const TextStyle& style);

/// How well accuracy groups are separated, by family; empty likewise.
[[nodiscard]] std::string projection_text(const analysis::Projection& projection,
                                          const TextStyle& style);

}  // namespace minima::report
