#include "cli/report_page.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "cli/console.h"
#include "cli/embedded.h"
#include "core/error.h"
#include "core/file.h"
#include "report/page.h"

namespace minima::cli {
namespace {

std::string now_text() {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
}

}  // namespace

std::filesystem::path default_page(const std::filesystem::path& store) {
  return store / "report.html";
}

void write_page(const std::filesystem::path& file, const analysis::Answer& answer,
                const analysis::Headline& headline, const Analyses& analyses) {
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
                                                 .written = now_text()}));
}

std::string write_default_page(const std::filesystem::path& store, const analysis::Answer& answer,
                               const analysis::Headline& headline, const Analyses& analyses) {
  const std::filesystem::path file = default_page(store);
  try {
    write_page(file, answer, headline, analyses);
  } catch (const Error& error) {
    write_log(fmt::format("no report page: {}\n", error.what()));
    return "";
  }
  return file.string();
}

}  // namespace minima::cli
