#include "report/figures/figure.h"

#include <cmath>

#include "report/figures/parts.h"

namespace minima::report {
namespace {

Json plotted(const store::Cell& cell) {
  const auto* number = std::get_if<double>(&cell);
  if (number == nullptr) return cell_json(cell);
  if (!std::isfinite(*number)) return nullptr;
  if (*number == 0.0) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(*number))) - 5);
  // Divided rather than multiplied where the unit is a negative power: 0.1 stays 0.1.
  return unit < 1 ? std::round(*number / unit) / std::round(1 / unit)
                  : std::round(*number / unit) * unit;
}

}  // namespace

std::vector<Figure> figures_of(const FigureInput& input) {
  const AccuracyAxis axis(input.population);
  std::vector<Figure> figures;
  add_size_figures(input, axis, figures);
  add_convergence_figures(input, axis, figures);
  add_pruning_figures(input, axis, figures);
  add_quantization_figures(input, axis, figures);
  add_trade_off_figures(input, axis, figures);
  add_sensitivity_figures(input, figures);
  add_weight_figures(input, axis, figures);
  return figures;
}

Json compact_table(const store::Table& table) {
  Json rows = Json::array();
  for (const auto& row : table.rows) {
    Json& cells = rows.emplace_back(Json::array());
    for (const store::Cell& cell : row) cells.push_back(plotted(cell));
  }
  return {{"columns", table.columns}, {"rows", rows}};
}

Json standalone_spec(const Figure& figure) {
  Json spec = figure.spec;
  if (spec.value("width", Json()) == "container") spec["width"] = 640;
  spec["title"] = figure.title;
  spec["description"] = figure.caption;
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
