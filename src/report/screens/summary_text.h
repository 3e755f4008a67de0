// The answer on one screen.
#pragma once

#include <string>

#include "analysis/headline.h"
#include "report/text/style.h"

namespace minima::report {

/// Where the full results are.
struct SummaryPlaces {
  std::string store;  ///< as the user named it
  std::string page;   ///< path of the report page; empty: none was written
};

/// Maximum number of lines of a summary; entries that do not fit are counted. A name too long for a
/// line may add one.
inline constexpr std::size_t kSummaryLines = 30;

[[nodiscard]] std::string summary_text(const analysis::Headline& headline,
                                       const SummaryPlaces& places, const TextStyle& style);

/// "95.5 % [94.1, 96.6]": one decimal, because intervals of test accuracies are wider than the
/// second one.
[[nodiscard]] std::string with_interval(const analysis::HeadlineAccuracy& accuracy);

}  // namespace minima::report
