// Recommendations for people and programs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/recommend.h"
#include "report/json.h"
#include "report/style.h"

namespace minima::report {

/// The command that exports a choice; empty: none of its weights were kept.
using ExportCommand = std::function<std::string(const analysis::Choice&)>;

/// "`cnn 4`, 70 % sparse, int4", "in integers" where activations are, too.
[[nodiscard]] std::string name_of(const analysis::Choice& choice);

/// What to use and why, the next best choices, and where nothing meets the demand what is nearest.
[[nodiscard]] std::string recommendation_text(const analysis::Recommendation& recommendation,
                                              const ExportCommand& command, const TextStyle& style);

[[nodiscard]] Json recommendation_json(const analysis::Recommendation& recommendation,
                                       const ExportCommand& command);

}  // namespace minima::report
