// Figures as data: a Vega-Lite specification, and the rows it draws.
#pragma once

#include <string>
#include <vector>

#include "analysis/compression/compression.h"
#include "analysis/convergence/convergence.h"
#include "report/json.h"

namespace minima::analysis {
struct ImageOutcomes;
struct Weights;
struct Projection;
}  // namespace minima::analysis

namespace minima::report {

struct Figure {
  std::string id;       ///< letters, digits and "-"; unique in a report
  std::string section;  ///< under which heading it stands
  std::string title;
  std::string caption;  ///< what to see in it, and what was left out
  /// Vega-Lite, without the rows: it names the tables below. A faceted one is laid out by the page,
  /// which knows how wide it is.
  Json spec;
  std::vector<store::AnalysisRecord::NamedTable> data;
};

/// What figures are drawn of. Everything belongs to one store.
struct FigureInput {
  const analysis::Population& population;
  const analysis::Convergence& convergence;
  const analysis::Compression& compression;
  const analysis::Weights* weights = nullptr;            ///< null: nothing is drawn of them
  const analysis::Projection* projection = nullptr;      ///< likewise
  const analysis::ImageOutcomes* predictions = nullptr;  ///< likewise
};

/// Every figure for which there is something to see, in the order of the page.
[[nodiscard]] std::vector<Figure> figures_of(const FigureInput& input);

/// The specification with its rows in it: a file that any Vega-Lite editor opens.
[[nodiscard]] Json standalone_spec(const Figure& figure);

/// {"columns": [...], "rows": [[...], ...]}; numbers with six digits, which no eye tells apart.
[[nodiscard]] Json compact_table(const store::Table& table);

}  // namespace minima::report
