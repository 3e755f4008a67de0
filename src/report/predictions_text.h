// What single test images say, in a few tables.
#pragma once

#include <optional>
#include <string>

#include "analysis/images/image_outcomes.h"
#include "report/style.h"

namespace minima::report {

/// "1,000 test images cannot tell differences below about 1.3 points; about 7,300 would resolve
/// 0.5."
[[nodiscard]] std::string resolution_sentence(const Unresolved& unresolved);

/// One sentence on what a store without predictions, or with those of some runs, lacks; nothing
/// where all runs have them.
[[nodiscard]] std::optional<std::string> missing_predictions(
    const analysis::ImageOutcomes& outcomes);

/// For each dataset accuracies with their intervals, classes, the spread of training, agreement of
/// replicates, and how many ways of compression stay within the tolerance.
[[nodiscard]] std::string predictions_text(const analysis::ImageOutcomes& outcomes,
                                           const TextStyle& style);

}  // namespace minima::report
