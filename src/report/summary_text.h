// The answer on one screen: what was studied, how small a network can be, and what was found.
#pragma once

#include <string>

#include "analysis/answer.h"
#include "analysis/findings.h"
#include "report/style.h"

namespace minima::report {

/// What a summary is made of. Everything belongs to one store.
struct SummaryInput {
  const analysis::Answer& answer;
  const analysis::Population& population;
  const analysis::Convergence& convergence;
  const analysis::Compression& compression;
  const analysis::Findings& findings;
  std::string store;  ///< as it was named
  std::string page;   ///< where the report page lies; empty: none was written
};

/// The most lines a summary has, whatever the store holds: what does not fit is counted. A name too
/// long for a line may add one.
inline constexpr std::size_t kSummaryLines = 40;

[[nodiscard]] std::string summary_text(const SummaryInput& input, const TextStyle& style);

}  // namespace minima::report
