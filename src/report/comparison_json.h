// Two studies compared, as a JSON document.
#pragma once

#include "report/json.h"
#include "report/screens/comparison_text.h"

namespace minima::report {

/// Everything that was compared, with all pairs of architectures. Accuracies are fractions.
[[nodiscard]] Json comparison_json(const ComparisonInput& input);

}  // namespace minima::report
