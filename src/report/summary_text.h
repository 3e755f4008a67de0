// The answer on one screen.
#pragma once

#include <string>

#include "analysis/headline.h"
#include "report/style.h"

namespace minima::report {

/// Where the rest of the results is.
struct SummaryPlaces {
  std::string store;  ///< as the user named it
  std::string page;   ///< path of the report page; empty: none was written
};

/// The most lines of a summary, whatever the store holds: what does not fit is counted. A name too
/// long for a line may add one.
inline constexpr std::size_t kSummaryLines = 30;

[[nodiscard]] std::string summary_text(const analysis::Headline& headline,
                                       const SummaryPlaces& places, const TextStyle& style);

/// "95.5 % [94.1, 96.6]": one decimal, because the intervals of test accuracies are wider.
[[nodiscard]] std::string with_interval(const analysis::HeadlineAccuracy& accuracy);

}  // namespace minima::report
