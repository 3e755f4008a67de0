#include "analysis/tables/series_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <functional>
#include <utility>

#include "record/analysis.h"

namespace minima::analysis {
namespace {

using record::Cell;

/// A table whose first columns are dataset, family and series; `rows_of` returns the rows of a
/// series.
template <typename Row, typename RowsOf>
NamedTable by_series(const Convergence& convergence, std::string name,
                     std::vector<ColumnOf<Row>> own, const RowsOf& rows_of) {
  using Named = std::pair<const SeriesConvergence*, Row>;
  std::vector<ColumnOf<Named>> columns{
      {"dataset", [](const Named& row) { return row.first->dataset; }},
      {"family", [](const Named& row) { return word_text(row.first->series.family); }},
      {"series", [](const Named& row) { return row.first->series.name; }}};
  for (auto& column : own) {
    columns.push_back({std::move(column.name), [cell = std::move(column.cell)](const Named& row) {
                         return cell(row.second);
                       }});
  }
  std::vector<Named> rows;
  for (const SeriesConvergence& series : convergence.series) {
    for (Row& row : rows_of(series)) rows.emplace_back(&series, std::move(row));
  }
  return {std::move(name), table_of(columns, rows)};
}

Cell text_or_null(const std::string& text) {
  return text.empty() ? Cell() : Cell(text);
}

// ---- sizes -----------------------------------------------------------------------------------

struct SizeRow {
  std::string quantity;
  std::optional<double> at;  // argument of the quantity
  SizeEstimate size;
};

std::vector<SizeRow> sizes_of(const SeriesConvergence& series) {
  const Regimes& regimes = series.regimes;
  std::vector<SizeRow> rows{{"minimal_parameters", {}, series.minimal.size},
                            {"stable_from", {}, regimes.stable_from},
                            {"overfitting_from", {}, regimes.overfitting_from},
                            {"learned_from", {}, regimes.learned_from},
                            {"spread_small_from", {}, regimes.spread_small_from},
                            {"gap_from", {}, regimes.gap_from},
                            {"saturated_from", {}, regimes.saturated_from},
                            {"loss_turned_from", {}, regimes.loss_turned_from}};
  for (const SizeForReliability& size : series.reliability.sizes) {
    rows.push_back({"reliable_from", size.reliability, size.size});
  }
  return rows;
}

NamedTable sizes_table(const Convergence& convergence) {
  using Row = SizeRow;
  return by_series<Row>(
      convergence, "sizes",
      {{"quantity", [](const Row& row) { return row.quantity; }},
       {"reliability", [](const Row& row) { return cell_or_null(row.at); }},
       {"parameters", [](const Row& row) { return cell_or_null(row.size.parameters); }},
       {"low", [](const Row& row) { return cell_or_null(row.size.low); }},
       {"high", [](const Row& row) { return cell_or_null(row.size.high); }},
       {"has_interval", [](const Row& row) { return whole(row.size.has_interval); }},
       {"plain", [](const Row& row) { return cell_or_null(row.size.plain); }}},
      sizes_of);
}

// ---- along the number of parameters ----------------------------------------------------------

struct LevelRow {
  LevelRegime regime;
  LevelAccuracy accuracy;
  LevelSuccess success;
};

std::vector<LevelRow> levels_of_series(const SeriesConvergence& series) {
  std::vector<LevelRow> rows;
  for (std::size_t i = 0; i < series.regimes.levels.size(); ++i) {
    rows.push_back(
        {series.regimes.levels[i], series.minimal.levels[i], series.reliability.levels[i]});
  }
  return rows;
}

NamedTable levels_table(const Convergence& convergence) {
  using Row = LevelRow;
  return by_series<Row>(
      convergence, "levels",
      {{"parameters", [](const Row& row) { return row.regime.parameters; }},
       {"architectures",
        [](const Row& row) {
          return fmt::format("{}", fmt::join(row.accuracy.architectures, "; "));
        }},
       {"regime", [](const Row& row) { return to_string(row.regime.regime); }},
       {"runs", [](const Row& row) { return row.regime.runs; }},
       {"learned", [](const Row& row) { return row.regime.learned; }},
       {"skilled", [](const Row& row) { return row.regime.skilled; }},
       {"successes", [](const Row& row) { return row.success.successes; }},
       {"success_share", [](const Row& row) { return row.success.fitted_share; }},
       {"test_accuracy", [](const Row& row) { return row.accuracy.mean; }},
       {"test_accuracy_low", [](const Row& row) { return cell_or_null(row.accuracy.low); }},
       {"test_accuracy_high", [](const Row& row) { return cell_or_null(row.accuracy.high); }},
       {"test_accuracy_sd", [](const Row& row) { return cell_or_null(row.accuracy.sd); }},
       {"sd_learned", [](const Row& row) { return cell_or_null(row.regime.sd_learned); }},
       {"gap", [](const Row& row) { return cell_or_null(row.regime.gap); }},
       {"test_loss", [](const Row& row) { return cell_or_null(row.regime.test_loss); }},
       {"loss_known", [](const Row& row) { return row.regime.loss_known; }},
       {"loss_turned", [](const Row& row) { return row.regime.loss_turned; }},
       {"turn_epoch", [](const Row& row) { return cell_or_null(row.regime.turn_epoch); }}},
      levels_of_series);
}

// ---- series ----------------------------------------------------------------------------------

using OfSeries = const SeriesConvergence*;

std::vector<OfSeries> itself(const SeriesConvergence& series) {
  return {&series};
}

NamedTable series_table(const Convergence& convergence) {
  using Row = OfSeries;
  return by_series<Row>(
      convergence, "series",
      {{"knob", [](const Row& row) { return text_or_null(row->series.knob); }},
       {"sizes", [](const Row& row) { return whole(row->minimal.levels.size()); }},
       {"smallest", [](const Row& row) { return row->minimal.levels.front().parameters; }},
       {"largest", [](const Row& row) { return row->minimal.largest; }},
       {"runs", [](const Row& row) { return whole(row->series.runs.size()); }},
       {"status", [](const Row& row) { return to_string(row->minimal.status); }},
       {"minimal_parameters",
        [](const Row& row) { return cell_or_null(row->minimal.size.parameters); }},
       {"low", [](const Row& row) { return cell_or_null(row->minimal.size.low); }},
       {"high", [](const Row& row) { return cell_or_null(row->minimal.size.high); }},
       {"above", [](const Row& row) { return cell_or_null(row->minimal.above); }},
       {"accuracy_at_largest", [](const Row& row) { return row->minimal.accuracy_at_largest; }},
       {"gain_from",
        [](const Row& row) {
          return row->minimal.end.tested ? Cell(row->minimal.end.from) : Cell();
        }},
       {"gain",
        [](const Row& row) {
          return row->minimal.end.tested ? Cell(row->minimal.end.gain) : Cell();
        }},
       {"gain_high",
        [](const Row& row) {
          return row->minimal.end.tested ? Cell(row->minimal.end.gain_high) : Cell();
        }},
       {"fall", [](const Row& row) { return row->minimal.order.fall; }},
       {"fall_p", [](const Row& row) { return cell_or_null(row->minimal.order.p); }},
       {"reason", [](const Row& row) { return text_or_null(row->minimal.reason()); }}},
      itself);
}

// ---- curves ----------------------------------------------------------------------------------

/// A column of the fitted curve; NULL if there is none.
template <typename Value>
ColumnOf<OfSeries> fitted(std::string name, const Value& value) {
  return {std::move(name), [value](const OfSeries& row) -> Cell {
            return row->curve.missing.empty() ? value(row->curve) : Cell();
          }};
}

/// Three columns for an extrapolated size: the estimate and its limits.
std::vector<ColumnOf<OfSeries>> reached(const std::string& name, ReachedSize ErrorCurve::*size) {
  return {
      fitted(name, [size](const ErrorCurve& c) { return cell_or_null((c.*size).parameters); }),
      fitted(name + "_low",
             [size](const ErrorCurve& c) {
               return (c.*size).low > 0.0 ? Cell((c.*size).low) : Cell();
             }),
      fitted(name + "_high", [size](const ErrorCurve& c) { return cell_or_null((c.*size).high); })};
}

NamedTable curves_table(const Convergence& convergence) {
  std::vector<ColumnOf<OfSeries>> columns{
      {"missing", [](const OfSeries& row) { return text_or_null(row->curve.missing); }},
      fitted("sizes", [](const ErrorCurve& c) { return whole(c.sizes.size()); }),
      fitted("reference", [](const ErrorCurve& c) { return c.reference; }),
      fitted("scale", [](const ErrorCurve& c) { return c.scale; }),
      fitted("exponent", [](const ErrorCurve& c) { return c.exponent.value; }),
      fitted("exponent_low", [](const ErrorCurve& c) { return cell_or_null(c.exponent.low); }),
      fitted("exponent_high", [](const ErrorCurve& c) { return cell_or_null(c.exponent.high); }),
      fitted("floor", [](const ErrorCurve& c) { return c.floor.value; }),
      fitted("floor_low", [](const ErrorCurve& c) { return cell_or_null(c.floor.low); }),
      fitted("floor_high", [](const ErrorCurve& c) { return cell_or_null(c.floor.high); }),
      fitted("fit_p", [](const ErrorCurve& c) { return c.fit_p; })};
  for (auto& part : {reached("target_size", &ErrorCurve::target),
                     reached("near_floor_size", &ErrorCurve::near_floor)}) {
    columns.insert(columns.end(), part.begin(), part.end());
  }
  return by_series<OfSeries>(convergence, "curves", std::move(columns), itself);
}

// ---- datasets --------------------------------------------------------------------------------

NamedTable targets_table(const Convergence& convergence) {
  using Row = DatasetConvergence;
  const std::vector<ColumnOf<Row>> columns{
      {"dataset", [](const Row& row) { return row.dataset; }},
      {"accuracy",
       [](const Row& row) {
         return row.target.missing.empty() ? Cell(row.target.accuracy) : Cell();
       }},
      {"given", [](const Row& row) { return whole(row.target.given); }},
      {"best_architecture", [](const Row& row) { return row.target.best_architecture; }},
      {"by_validation", [](const Row& row) { return whole(row.target.by_validation); }},
      {"best_accuracy", [](const Row& row) { return row.target.best_accuracy; }},
      {"best_error", [](const Row& row) { return row.target.best_error; }},
      {"tolerance", [](const Row& row) { return row.target.tolerance; }},
      {"skilled_accuracy", [](const Row& row) { return row.target.skilled_accuracy; }},
      {"missing", [](const Row& row) { return text_or_null(row.target.missing); }}};
  return {"targets", table_of(columns, convergence.datasets)};
}

struct FrontRow {
  std::string dataset;
  FrontArchitecture architecture;
  FrontPoint point;
  bool first = false;
};

NamedTable front_table(const Convergence& convergence) {
  using Row = FrontRow;
  std::vector<Row> rows;
  for (const DatasetConvergence& dataset : convergence.datasets) {
    for (const FrontPoint& point : dataset.front.points) {
      rows.push_back({dataset.dataset, dataset.architectures[point.point], point,
                      &point == dataset.front.points.data()});
    }
  }
  const std::vector<ColumnOf<Row>> columns{
      {"dataset", [](const Row& row) { return row.dataset; }},
      {"family", [](const Row& row) { return word_text(row.architecture.family); }},
      {"series", [](const Row& row) { return row.architecture.series; }},
      {"architecture", [](const Row& row) { return row.architecture.architecture; }},
      {"parameters", [](const Row& row) { return row.architecture.parameters; }},
      {"accuracy", [](const Row& row) { return row.point.accuracy; }},
      {"low", [](const Row& row) { return cell_or_null(row.point.low); }},
      {"high", [](const Row& row) { return cell_or_null(row.point.high); }},
      {"gain", [](const Row& row) { return row.first ? Cell() : Cell(row.point.gain); }},
      {"gain_low", [](const Row& row) { return cell_or_null(row.point.gain_low); }},
      {"shown", [](const Row& row) { return whole(row.point.shown); }}};
  return {"front", table_of(columns, rows)};
}

}  // namespace

std::vector<NamedTable> series_tables(const Convergence& convergence) {
  return {levels_table(convergence), sizes_table(convergence),   series_table(convergence),
          curves_table(convergence), targets_table(convergence), front_table(convergence)};
}

}  // namespace minima::analysis
