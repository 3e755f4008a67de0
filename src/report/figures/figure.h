// Figures as data: a Vega-Lite specification, and the rows it draws.
#pragma once

#include <string>
#include <vector>

#include "analysis/compression/compression.h"
#include "analysis/convergence/convergence.h"
#include "record/analysis.h"
#include "report/json.h"

namespace minima::analysis {
struct Headline;
struct ImageOutcomes;
struct Weights;
struct Projection;
}  // namespace minima::analysis

namespace minima::report {

/// The part of a store that a figure shows; the reader selects it. Empty: all.
struct FigureScope {
  std::string dataset;
  std::string family;
  std::string pruning;       ///< pruning protocol
  std::string quantization;  ///< quantization protocol
};

/// Figures of one kind share a place on the page, which shows the one that the reader selects.
struct Figure {
  std::string id;    ///< letters, digits and "-"; unique in a report
  std::string kind;  ///< such as "pruning"; the same for every scope
  FigureScope scope;
  std::string title;    ///< without the names of the scope
  std::string caption;  ///< what to look for, in at most two lines
  std::string note;     ///< what was left out or sampled
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
  const analysis::Headline* headline = nullptr;          ///< null: nothing is recommended
};

/// Longest caption in characters: two lines on a screen.
inline constexpr std::size_t kLongestCaption = 200;

/// The protocols of whole networks in a store, those with the most networks first: the values that
/// a reader can select.
struct Protocols {
  std::vector<std::string> pruning;
  std::vector<std::string> quantization;
};
[[nodiscard]] Protocols protocols_of(const analysis::Compression& compression);

/// All figures that have data, each once for every scope that it has.
[[nodiscard]] std::vector<Figure> figures_of(const FigureInput& input);

/// "Accuracy against sparsity: mnist, dnn", for a figure that leaves the page.
[[nodiscard]] std::string full_title(const Figure& figure);

/// The specification including its rows, as any Vega-Lite editor opens it.
[[nodiscard]] Json standalone_spec(const Figure& figure);

/// {"columns": [...], "rows": [[...], ...]}; numbers are rounded to six digits, which is finer than
/// a plot.
[[nodiscard]] Json compact_table(const record::Table& table);

}  // namespace minima::report
