// The report page of a store, and its figures as files.
#pragma once

#include <filesystem>
#include <string>

#include "analysis/answer.h"
#include "cli/analyses.h"

namespace minima::cli {

/// STORE/report.html: where the page goes unless another place is named.
[[nodiscard]] std::filesystem::path default_page(const std::filesystem::path& store);

/// Writes the page whole or not at all.
void write_page(const std::filesystem::path& file, const analysis::Answer& answer,
                const Analyses& analyses);

/// The same at the default place, and a line on standard error that says where. A store that may be
/// read but not written is no error: the line says why there is no page.
void write_default_page(const std::filesystem::path& store, const analysis::Answer& answer,
                        const Analyses& analyses, bool quiet);

/// Each figure as ID.vl.json, its tables as ID.csv or ID.TABLE.csv; returns how many figures. The
/// folder is created.
[[nodiscard]] std::size_t write_figures(const std::filesystem::path& folder,
                                        const Analyses& analyses);

}  // namespace minima::cli
