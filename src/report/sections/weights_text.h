// The analyses of weights, for the terminal.
#pragma once

#include <string>

#include "analysis/weights/projection.h"
#include "analysis/weights/weights.h"
#include "report/text/style.h"

namespace minima::report {

/// Statistics at the start and at the end, and their contrasts, by family. Empty if no run has
/// weight summaries.
[[nodiscard]] std::string weights_text(const analysis::Weights& weights, const TextStyle& style);

/// How well accuracy groups are separated, by family, and how similar successful networks are
/// across datasets and families. Empty if nothing is projected.
[[nodiscard]] std::string projection_text(const analysis::Projection& projection,
                                          const TextStyle& style);

}  // namespace minima::report
