#include "report/figures/figure.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "record/study.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

Json plotted(const record::Cell& cell) {
  const auto* number = std::get_if<double>(&cell);
  if (number == nullptr) return cell_json(cell);
  if (!std::isfinite(*number)) return nullptr;
  if (*number == 0.0) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(*number))) - 5);
  // Divides if the unit is a negative power of ten, so that 0.1 stays 0.1.
  return unit < 1 ? std::round(*number / unit) / std::round(1 / unit)
                  : std::round(*number / unit) * unit;
}

/// Keeps panels in the order of the rows; by default Vega-Lite sorts them alphabetically.
void keep_order(Json& facet, const Figure& figure) {
  for (const auto& [name, table] : figure.data) {
    const auto column = std::ranges::find(table.columns, facet["field"].get<std::string>());
    if (column == table.columns.end()) continue;
    Json order = Json::array();
    std::set<std::string> known;
    for (const auto& row : table.rows) {
      const auto& panel =
          std::get<std::string>(row[static_cast<std::size_t>(column - table.columns.begin())]);
      if (known.insert(panel).second) order.push_back(panel);
    }
    facet["sort"] = std::move(order);
    return;
  }
}

void keep_order_of_panels(Figure& figure) {
  if (!figure.spec.contains("facet")) return;
  Json& facet = figure.spec["facet"];
  if (facet.contains("field")) return keep_order(facet, figure);
  keep_order(facet["row"], figure);
  keep_order(facet["column"], figure);
}

std::int64_t most_test_images(const analysis::Population& population) {
  std::int64_t most = 1;
  for (const auto& dataset : population.datasets) most = std::max(most, dataset.test_count);
  return most;
}

}  // namespace

std::vector<Figure> figures_of(const FigureInput& input) {
  std::vector<Figure> figures;
  add_overview_figures(input, figures);
  add_size_figures(input, figures);
  add_convergence_figures(input, figures);
  add_learning_figures(input, figures);
  add_prediction_figures(input, figures);
  add_pruning_figures(input, figures);
  add_quantization_figures(input, figures);
  add_trade_off_figures(input, figures);
  add_sensitivity_figures(input, figures);
  add_weight_figures(input, figures);
  add_projection_figures(input, figures);
  for (Figure& figure : figures) {
    keep_order_of_panels(figure);
    fit_accuracy_axis(figure, most_test_images(input.population));
  }
  return figures;
}

Json compact_table(const record::Table& table) {
  Json rows = Json::array();
  for (const auto& row : table.rows) {
    Json& cells = rows.emplace_back(Json::array());
    for (const record::Cell& cell : row) cells.push_back(plotted(cell));
  }
  return {{"columns", table.columns}, {"rows", rows}};
}

std::string full_title(const Figure& figure) {
  std::string title = figure.title;
  const FigureScope& scope = figure.scope;
  const char* before = ": ";
  for (const std::string& name : {scope.dataset, scope.family, scope.pruning, scope.quantization}) {
    if (name.empty()) continue;
    title += before + name;
    before = ", ";
  }
  return title;
}

Json standalone_spec(const Figure& figure) {
  Json spec = figure.spec;
  if (spec.value("width", Json()) == "container") spec["width"] = 640;
  spec["title"] = full_title(figure);
  spec["description"] = figure.caption + (figure.note.empty() ? "" : " " + figure.note);
  Json& datasets = spec["datasets"] = Json::object();
  for (const auto& [name, table] : figure.data) {
    Json& rows = datasets[name] = Json::array();
    for (const auto& row : table.rows) {
      Json& object = rows.emplace_back(Json::object());
      for (std::size_t i = 0; i < row.size(); ++i) object[table.columns[i]] = plotted(row[i]);
    }
  }
  return spec;
}

}  // namespace minima::report
