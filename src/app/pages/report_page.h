// Writes the report page of a store.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/population/answer.h"
#include "app/analyses/analyses.h"
#include "report/page/error_gallery.h"

namespace minima::app {

/// The time as "2026-01-31 12:00:00 UTC".
[[nodiscard]] std::string now_text();

/// STORE/report.html, the default path of the page. Throws an input error if it is a symbolic link.
[[nodiscard]] std::filesystem::path default_page(const std::filesystem::path& store);

/// Writes the page completely or not at all.
void write_page(const std::filesystem::path& file, const analysis::Answer& answer,
                const analysis::Headline& headline, const Analyses& analyses,
                std::vector<report::ErrorGallery> galleries = {});

/// Writes the page to the default path and returns that path. A read-only store is not an error: a
/// line on standard error explains why there is no page, and the result is empty.
std::string write_default_page(const std::filesystem::path& store, const analysis::Answer& answer,
                               const analysis::Headline& headline, const Analyses& analyses,
                               std::vector<report::ErrorGallery> galleries = {});

}  // namespace minima::app
