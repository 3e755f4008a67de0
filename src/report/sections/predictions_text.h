// The analysis by single test image, as tables.
#pragma once

#include <optional>
#include <string>

#include "analysis/images/image_outcomes.h"
#include "report/text/style.h"

namespace minima::report {

/// "1,000 test images cannot tell differences below about 1.3 points; about 7,300 would resolve
/// 0.5."
[[nodiscard]] std::string resolution_sentence(const Unresolved& unresolved);

/// One sentence on the results that are missing because some or all runs lack predictions; empty if
/// all runs have them.
[[nodiscard]] std::optional<std::string> missing_predictions(
    const analysis::ImageOutcomes& outcomes);

/// For each dataset: accuracies with intervals, classes, spread over replicates, agreement of
/// replicates, and the number of compressed networks that stay within the tolerance.
[[nodiscard]] std::string predictions_text(const analysis::ImageOutcomes& outcomes,
                                           const TextStyle& style);

}  // namespace minima::report
