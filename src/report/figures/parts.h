// Common parts of figures: scales, colours, tooltips, samples.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "report/figures/figure.h"

namespace minima::report {

/// Format of the labels of fractions: as many digits as the ticks need, so that no two are equal.
inline constexpr const char* kPercentLabel = "~%";

/// A channel: a field, and further Vega-Lite properties in `more`.
[[nodiscard]] Json channel(const std::string& field, const char* type, const std::string& title,
                           const Json& more = Json::object());
[[nodiscard]] Json parameters_x();  ///< of the field "parameters", logarithmic
/// Colour by the field "parameters", logarithmic, from the smallest to the largest network of a
/// table; dark is large.
[[nodiscard]] Json parameters_colour(const record::Table& table);
[[nodiscard]] Json share_channel(const std::string& field, const std::string& title);
/// Colours that colour-blind readers can distinguish (Okabe and Ito 2008).
[[nodiscard]] Json nominal_colour(const std::string& field, const std::string& title,
                                  const std::vector<std::string>& names);
/// Colour of the field "family", the same in every figure.
[[nodiscard]] Json family_colour(const std::vector<network::Family>& families);

/// One line of a tooltip; an empty format shows the value unchanged.
struct Hint {
  const char* field;
  const char* title;
  const char* format = "";
};
[[nodiscard]] Json tooltip(const std::vector<Hint>& hints);

/// Selection by a click on the legend of `field`; add it to the layer that has the legend.
[[nodiscard]] Json picked_by_legend(const std::string& field);
/// Opacity of the selected marks (all, before a click) and of the rest.
[[nodiscard]] Json picked_opacity(double picked, double rest = 0.06);

/// Text broken at blanks into lines that fit a panel.
[[nodiscard]] std::string panel_title(std::string_view text);

/// Whether a column has a number. Vega warns of a layer without any.
[[nodiscard]] bool has_numbers(const record::Table& table, const std::string& column);

[[nodiscard]] Json named_data(const std::string& name);
/// A layered specification as wide as its container.
[[nodiscard]] Json layered(const Json& layers, int height);
/// Most datasets that are readable side by side, as the columns of a grid.
inline constexpr std::size_t kMostGridDatasets = 4;

/// One panel for each combination of two fields of the table `data`.
[[nodiscard]] Json grid(const std::string& data, const std::string& rows,
                        const std::string& columns, const Json& layers, int height,
                        int panel_width);
/// The fields of the x and the y axis.
struct Axes {
  std::string x;
  std::string y;
};
/// Lets the panels of each row of a grid(), whose scales are independent, cover the same range.
/// Panels of faceted() stay as they are.
void share_range_in_rows(Json& spec, const Axes& axes);
/// Panels by a field of the table `data`; `panel_width`: minimum width of a panel.
[[nodiscard]] Json faceted(const std::string& data, const std::string& field,
                           const std::string& title, const Json& layers, int height,
                           int panel_width);

/// A random sample of `most` of 0..count-1, ascending, with the seed of the analyses; all if there
/// are no more.
[[nodiscard]] std::vector<std::size_t> sample(std::size_t count, std::size_t most,
                                              const analysis::Convergence& convergence,
                                              std::string_view subject);
/// `most` of 0..count-1, evenly spaced, including the first and the last.
[[nodiscard]] std::vector<std::size_t> scatter(std::size_t count, std::size_t most);
/// "Of 14,400 runs 1,500 are drawn (a sample with seed 1)."; empty if all are.
[[nodiscard]] std::string sample_note(std::size_t drawn, std::size_t all, std::string_view noun,
                                      const analysis::Convergence& convergence);
/// "Of 90 architectures 24 are drawn, evenly by size."; empty if all are.
[[nodiscard]] std::string selection_note(std::size_t drawn, std::size_t all, std::string_view noun);

/// An id such as "d1", because the name of a dataset need not be a valid id.
[[nodiscard]] std::string dataset_id(const FigureInput& input, const std::string& dataset);

/// The number of a pruning or quantization protocol of whole networks, from 1, for ids. The order
/// is that of the selectors.
[[nodiscard]] std::size_t protocol_number(const analysis::Compression& compression,
                                          const std::string& protocol);

/// A figure of one dataset and one family; empty: of all. Its id names the scope. The
/// caller adds the texts, the specification and the data.
[[nodiscard]] Figure figure_of(const char* kind, const FigureInput& input,
                               const std::string& dataset, const std::string& family = "");

// Each function adds the figures of one section that have data.
void add_size_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_convergence_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_pruning_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_quantization_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_trade_off_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_weight_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_projection_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_prediction_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_overview_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_learning_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_sensitivity_figures(const FigureInput& input, std::vector<Figure>& figures);

}  // namespace minima::report
