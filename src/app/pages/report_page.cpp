#include "app/pages/report_page.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <utility>

#include "app/console.h"
#include "app/embedded.h"
#include "core/error.h"
#include "core/files/file.h"
#include "report/page/page.h"

namespace minima::app {

std::string now_text() {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time(nullptr)));
}

std::filesystem::path default_page(const std::filesystem::path& store) {
  std::filesystem::path file = store / "report.html";
  std::error_code ignored;
  // Links are followed elsewhere, but a link in a store from someone else could lead anywhere.
  if (std::filesystem::is_symlink(file, ignored)) {
    throw input_error({file.string(), ""},
                      "is a symbolic link, which is not followed inside a store",
                      "remove it, or give -o");
  }
  return file;
}

void write_page(const std::filesystem::path& file, const analysis::Answer& answer,
                const analysis::Headline& headline, const Analyses& analyses,
                std::vector<report::ErrorGallery> galleries) {
  write_file_atomically(file, report::page_html({.answer = answer,
                                                 .headline = headline,
                                                 .population = analyses.population,
                                                 .convergence = analyses.convergence,
                                                 .compression = analyses.compression,
                                                 .findings = analyses.findings,
                                                 .program_version = kVersion,
                                                 .weights = &analyses.weights,
                                                 .projection = &analyses.projection,
                                                 .predictions = &analyses.predictions,
                                                 .galleries = std::move(galleries),
                                                 .written = now_text()}));
}

std::string write_default_page(const std::filesystem::path& store, const analysis::Answer& answer,
                               const analysis::Headline& headline, const Analyses& analyses,
                               std::vector<report::ErrorGallery> galleries) {
  try {
    const std::filesystem::path file = default_page(store);
    write_page(file, answer, headline, analyses, std::move(galleries));
    return file.string();
  } catch (const Error& error) {
    write_log(fmt::format("the report page was not written: {}\n", error.what()));
    return "";
  }
}

}  // namespace minima::app
