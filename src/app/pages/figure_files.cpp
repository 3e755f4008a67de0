#include "app/pages/figure_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sstream>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/files/file.h"
#include "record/analysis.h"
#include "report/csv.h"
#include "report/figures/figure.h"

namespace minima::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kList = "figures.csv";

std::string csv_of(const record::Table& table) {
  std::string text = report::csv_line(table.columns);
  for (const auto& row : table.rows) text += report::csv_line(row);
  return text;
}

std::string specification_name(const report::Figure& figure) {
  return figure.id + ".vl.json";
}

std::string data_name(const report::Figure& figure, const std::string& table) {
  return figure.id + (figure.data.size() > 1 ? "." + table : "") + ".csv";
}

/// Names have no spaces, commas and quotes.
std::vector<std::string> names_of(const report::Figure& figure) {
  std::vector<std::string> names{specification_name(figure)};
  for (const auto& each : figure.data) names.push_back(data_name(figure, each.name));
  return names;
}

std::string head_of_list() {
  return report::csv_line(std::vector<std::string>{"figure", "files", "title", "caption", "note"});
}

std::string list_of(const std::vector<report::Figure>& figures) {
  std::string text = head_of_list();
  for (const report::Figure& figure : figures) {
    text += report::csv_line(
        std::vector<std::string>{figure.id, fmt::format("{}", fmt::join(names_of(figure), " ")),
                                 report::full_title(figure), figure.caption, figure.note});
  }
  return text;
}

void remove_drawings(const fs::path& folder, const std::string& id) {
  std::error_code ignored;
  fs::remove(folder / (id + ".svg"), ignored);  // where minima drew before there were widths
  for (const char* width : kDrawingFolders) {
    for (const char* kind : {".svg", ".pdf"}) fs::remove(folder / width / (id + kind), ignored);
  }
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos;
}

/// Removes what an earlier call wrote, by its list, and nothing else. Input error if the list is
/// another file of this name.
void remove_earlier_files(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_regular_file(folder / kList, error)) return;
  std::istringstream lines(read_file(folder / kList));
  std::string line;
  std::getline(lines, line);
  if (line + "\n" != head_of_list()) {
    throw input_error({(folder / kList).string(), ""}, "is not a list that minima report wrote",
                      "name another folder for the figures");
  }
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string id;
    std::string names;
    std::getline(fields, id, ',');
    std::getline(fields, names, ',');
    if (!is_plain_name(id)) continue;
    remove_drawings(folder, id);
    std::istringstream words(names);
    for (std::string name; words >> name;) {
      if (is_plain_name(name) && name.starts_with(id + ".")) fs::remove(folder / name, error);
    }
  }
}

void write_files(const fs::path& folder, const report::Figure& figure) {
  remove_drawings(folder, figure.id);  // outdated
  write_file_atomically(folder / specification_name(figure),
                        report::document(report::standalone_spec(figure)));
  for (const auto& [name, table] : figure.data) {
    write_file_atomically(folder / data_name(figure, name), csv_of(table));
  }
}

}  // namespace

std::vector<report::Figure> figures_of(const analysis::Headline& headline,
                                       const Analyses& analyses) {
  return report::figures_of({.population = analyses.population,
                             .convergence = analyses.convergence,
                             .compression = analyses.compression,
                             .weights = &analyses.weights,
                             .projection = &analyses.projection,
                             .predictions = &analyses.predictions,
                             .headline = &headline});
}

FigureFiles write_figures(const fs::path& folder, const std::vector<report::Figure>& figures,
                          std::size_t jobs) {
  make_folder(folder);
  remove_earlier_files(folder);
  write_file_atomically(folder / kList, list_of(figures));
  std::vector<std::string> ids;
  for (const report::Figure& figure : figures) {
    write_files(folder, figure);
    ids.push_back(figure.id);
  }
  return {.figures = figures.size(), .drawings = draw_figures(folder, ids, jobs)};
}

}  // namespace minima::app
