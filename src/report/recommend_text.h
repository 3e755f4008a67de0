// Recommendations as text and as JSON.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/images/network_classes.h"
#include "analysis/recommend/recommend.h"
#include "report/json.h"
#include "report/text/style.h"

namespace minima::report {

/// The export command of a choice, and the run that it exports.
struct ChoiceExport {
  std::string command;
  analysis::ChoiceRun run;
  /// Per-class accuracy of the exported network; empty: the store has no predictions of it.
  std::optional<analysis::NetworkClasses> classes = {};
};

/// Empty if none of the choice's weights were stored.
using ExportOf = std::function<std::optional<ChoiceExport>(const analysis::Choice&)>;

/// "`cnn 4`, 70 % sparse, int4", with ", integer arithmetic" if activations are quantized too.
[[nodiscard]] std::string name_of(const analysis::Choice& choice);

/// The smallest choice that meets the demand, with its evidence, and the smallest one shown to meet
/// it. If nothing meets the demand, the nearest choice.
[[nodiscard]] std::string recommendation_text(const analysis::Recommendation& recommendation,
                                              const ExportOf& export_of, const TextStyle& style);

/// "digits: no network of this store reaches 0.99 in 50 % of its replicates": for an error message.
[[nodiscard]] std::string nothing_text(const analysis::Recommendation& recommendation);

[[nodiscard]] Json recommendation_json(const analysis::Recommendation& recommendation,
                                       const ExportOf& export_of);

}  // namespace minima::report
