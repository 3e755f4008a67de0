// Figures as data: a Vega-Lite specification, and the rows it draws.
#pragma once

#include <string>
#include <vector>

#include "analysis/compression/compression.h"
#include "analysis/convergence/convergence.h"
#include "record/analysis.h"
#include "report/json.h"

namespace minima::analysis {
struct ImageOutcomes;
struct Weights;
struct Projection;
}  // namespace minima::analysis

namespace minima::report {

struct Figure {
  std::string id;       ///< letters, digits and "-"; unique in a report
  std::string section;  ///< heading that it appears under
  std::string title;
  std::string caption;  ///< what it shows, and what was left out
  /// Vega-Lite specification without the rows; it names the tables in `data`. The page lays out a
  /// faceted figure, because only the page knows its width.
  Json spec;
  std::vector<record::AnalysisRecord::NamedTable> data;
};

/// Input of figures_of(). Everything belongs to one store.
struct FigureInput {
  const analysis::Population& population;
  const analysis::Convergence& convergence;
  const analysis::Compression& compression;
  const analysis::Weights* weights = nullptr;            ///< null: not drawn
  const analysis::Projection* projection = nullptr;      ///< null: not drawn
  const analysis::ImageOutcomes* predictions = nullptr;  ///< null: not drawn
};

/// All figures that have data, in the order of the page.
[[nodiscard]] std::vector<Figure> figures_of(const FigureInput& input);

/// The specification including its rows, as any Vega-Lite editor opens it.
[[nodiscard]] Json standalone_spec(const Figure& figure);

/// {"columns": [...], "rows": [[...], ...]}; numbers are rounded to six digits, which is finer than
/// a plot.
[[nodiscard]] Json compact_table(const record::Table& table);

}  // namespace minima::report
