#include "cli/report_page.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "cli/console.h"
#include "cli/embedded.h"
#include "core/error.h"
#include "core/file.h"
#include "report/csv.h"
#include "report/page.h"
#include "report/summary_text.h"

namespace minima::cli {
namespace {

std::string csv_of(const store::Table& table) {
  std::string text = report::csv_line(table.columns);
  for (const auto& row : table.rows) text += report::csv_line(row);
  return text;
}

std::string now_text() {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
}

}  // namespace

std::filesystem::path default_page(const std::filesystem::path& store) {
  return store / "report.html";
}

void write_page(const std::filesystem::path& file, const analysis::Answer& answer,
                const Analyses& analyses) {
  write_file_atomically(file, report::page_html({.answer = answer,
                                                 .population = analyses.population,
                                                 .convergence = analyses.convergence,
                                                 .compression = analyses.compression,
                                                 .findings = analyses.findings,
                                                 .program_version = kVersion,
                                                 .weights = &analyses.weights,
                                                 .projection = &analyses.projection,
                                                 .written = now_text()}));
}

std::string write_default_page(const std::filesystem::path& store, const analysis::Answer& answer,
                               const Analyses& analyses) {
  const std::filesystem::path file = default_page(store);
  try {
    write_page(file, answer, analyses);
  } catch (const Error& error) {
    write_log(fmt::format("no report page: {}\n", error.what()));
    return "";
  }
  return file.string();
}

std::string summary_of(const std::string& store, const std::string& page,
                       const analysis::Answer& answer, const Analyses& analyses,
                       const report::TextStyle& style) {
  return report::summary_text({.answer = answer,
                               .population = analyses.population,
                               .convergence = analyses.convergence,
                               .compression = analyses.compression,
                               .findings = analyses.findings,
                               .store = store,
                               .page = page},
                              style);
}

std::size_t write_figures(const std::filesystem::path& folder, const Analyses& analyses) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw input_error({folder.string(), ""}, failed.message(), "name a folder");
  const auto figures = report::figures_of({.population = analyses.population,
                                           .convergence = analyses.convergence,
                                           .compression = analyses.compression,
                                           .weights = &analyses.weights,
                                           .projection = &analyses.projection});
  for (const report::Figure& figure : figures) {
    write_file_atomically(folder / (figure.id + ".vl.json"),
                          report::document(report::standalone_spec(figure)));
    for (const auto& [name, table] : figure.data) {
      const std::string part = figure.data.size() > 1 ? "." + name : "";
      write_file_atomically(folder / (figure.id + part + ".csv"), csv_of(table));
    }
  }
  return figures.size();
}

}  // namespace minima::cli
