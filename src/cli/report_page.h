// The report page of a store, and its answer for the terminal.
#pragma once

#include <filesystem>
#include <string>

#include "analysis/population/answer.h"
#include "cli/analyses.h"

namespace minima::cli {

/// STORE/report.html: where the page goes unless another place is named. Throws an input error
/// where a symbolic link stands there.
[[nodiscard]] std::filesystem::path default_page(const std::filesystem::path& store);

/// Writes the page whole or not at all.
void write_page(const std::filesystem::path& file, const analysis::Answer& answer,
                const analysis::Headline& headline, const Analyses& analyses);

/// The same at the default place, which it returns. A store that may be read but not written is no
/// error: a line on standard error says why there is no page, and nothing is returned.
std::string write_default_page(const std::filesystem::path& store, const analysis::Answer& answer,
                               const analysis::Headline& headline, const Analyses& analyses);

}  // namespace minima::cli
