// Recommendations for people and programs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/images/network_classes.h"
#include "analysis/recommend/recommend.h"
#include "report/json.h"
#include "report/style.h"

namespace minima::report {

/// How a choice is exported, and which of its runs that takes.
struct ChoiceExport {
  std::string command;
  analysis::ChoiceRun run;
  /// How the exported network does on each class; nothing: the store has no predictions of it.
  std::optional<analysis::NetworkClasses> classes = {};
};

/// Nothing: none of its weights were kept.
using ExportOf = std::function<std::optional<ChoiceExport>(const analysis::Choice&)>;

/// "`cnn 4`, 70 % sparse, int4", "in integers" where activations are, too.
[[nodiscard]] std::string name_of(const analysis::Choice& choice);

/// The smallest choice that meets the demand with its evidence, the smallest one that is shown to,
/// and where nothing meets the demand what is nearest.
[[nodiscard]] std::string recommendation_text(const analysis::Recommendation& recommendation,
                                              const ExportOf& export_of, const TextStyle& style);

/// "digits: no network of this store reaches 0.99 in 50 % of its replicates": for an error message.
[[nodiscard]] std::string nothing_text(const analysis::Recommendation& recommendation);

[[nodiscard]] Json recommendation_json(const analysis::Recommendation& recommendation,
                                       const ExportOf& export_of);

}  // namespace minima::report
