// The claims of arXiv 2408.11720 on learnable parameters.
#pragma once

#include <vector>

#include "analysis/findings.h"

namespace minima::analysis {

/// In the order of importance.
[[nodiscard]] std::vector<Claim> weight_claims();

}  // namespace minima::analysis
