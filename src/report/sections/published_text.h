// Published results beside those of a study, for the terminal.
#pragma once

#include <string>

#include "analysis/convergence/convergence.h"
#include "report/text/style.h"

namespace minima::report {

/// Table 2 of arXiv 2408.11720 beside the runs of the study; empty if the study has no dataset of
/// the table with a network such as the paper's.
[[nodiscard]] std::string published_text(const analysis::Convergence& convergence,
                                         const analysis::Population& population,
                                         const TextStyle& style);

/// "0 to 30", percent.
[[nodiscard]] std::string band_text(const analysis::PublishedBand& band);
/// "98.43 [98.10, 98.71]", percent; "-" without runs.
[[nodiscard]] std::string median_text(const analysis::PublishedGroupRow& row);
/// How the training of the study differs from the paper's, and what the paper does not state.
[[nodiscard]] std::string unlike_text(const analysis::Population& population);

}  // namespace minima::report
