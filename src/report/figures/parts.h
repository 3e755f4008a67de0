// What figures have in common: scales, colours, tooltips, samples.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "report/figures/figure.h"

namespace minima::report {

/// Accuracies of a whole report on one scale: the error on a logarithmic axis, labelled with the
/// accuracy. On a linear one, networks between 97 and 99 % would be one blot.
class AccuracyAxis {
 public:
  /// From the worst to the best of all networks of a store.
  explicit AccuracyAxis(const analysis::Population& population);

  /// What a row holds for it: 1 - accuracy, no less than half a test image and within the scale.
  [[nodiscard]] double error(double accuracy) const;
  /// The channel of a field of errors, for y and for colour.
  [[nodiscard]] Json y(const std::string& field) const;
  [[nodiscard]] Json colour(const std::string& field) const;

 private:
  [[nodiscard]] Json scale() const;
  double largest_ = 1.0;
  double smallest_ = 0.001;
  std::vector<double> ticks_;
};

/// Channels: a field with what else Vega-Lite is to know.
[[nodiscard]] Json channel(const std::string& field, const char* type, const std::string& title,
                           const Json& more = Json::object());
[[nodiscard]] Json parameters_x();  ///< of the field "parameters", logarithmic
/// Likewise; from the smallest to the largest network of the store, the same in every figure.
[[nodiscard]] Json parameters_colour(const analysis::Population& population);
[[nodiscard]] Json share_channel(const std::string& field, const std::string& title);
/// Colours that the colour-blind can tell apart (Okabe and Ito 2008).
[[nodiscard]] Json nominal_colour(const std::string& field, const std::string& title,
                                  const std::vector<std::string>& names);
/// Colour of the field "family", the same in every figure.
[[nodiscard]] Json family_colour(const std::vector<std::string>& families);

/// {field, title, format} of each line of a tooltip; an empty format: as it is.
struct Hint {
  const char* field;
  const char* title;
  const char* format = "";
};
[[nodiscard]] Json tooltip(const std::vector<Hint>& hints);

/// A click into the legend of `field` picks; put it into the layer that has the legend.
[[nodiscard]] Json picked_by_legend(const std::string& field);
/// Opacity of what is picked (everything, before a click), and of the rest.
[[nodiscard]] Json picked_opacity(double picked, double rest = 0.06);

/// Text broken at blanks into lines that a panel has room for.
[[nodiscard]] std::string panel_title(std::string_view text);

[[nodiscard]] Json named_data(const std::string& name);
/// A specification of layers as wide as its place.
[[nodiscard]] Json layered(const Json& layers, int height);
/// Panels by a field of the table `data`; `panel_width`: that a panel should at least have.
[[nodiscard]] Json faceted(const std::string& data, const std::string& field,
                           const std::string& title, const Json& layers, int height,
                           int panel_width);

/// `most` of 0..count-1 drawn with the seed of the analyses, ascending; all if there are no more.
[[nodiscard]] std::vector<std::size_t> sample(std::size_t count, std::size_t most,
                                              const analysis::Convergence& convergence,
                                              std::string_view subject);
/// `most` of 0..count-1, evenly spaced, the first and the last among them.
[[nodiscard]] std::vector<std::size_t> spread_out(std::size_t count, std::size_t most);
/// "Of 14,400 runs 1,500 are drawn (a sample with seed 1)."; empty if all are.
[[nodiscard]] std::string sample_note(std::size_t drawn, std::size_t all, std::string_view noun,
                                      const analysis::Convergence& convergence);
/// "Of 90 architectures 24 are drawn, evenly by size."; empty if all are.
[[nodiscard]] std::string selection_note(std::size_t drawn, std::size_t all, std::string_view noun);

/// "d1": datasets have names that are no ids.
[[nodiscard]] std::string dataset_id(const FigureInput& input, const std::string& dataset);

// The families of figures; each adds those for which there is something to see.
void add_size_figures(const FigureInput& input, const AccuracyAxis& axis,
                      std::vector<Figure>& figures);
void add_convergence_figures(const FigureInput& input, const AccuracyAxis& axis,
                             std::vector<Figure>& figures);
void add_pruning_figures(const FigureInput& input, const AccuracyAxis& axis,
                         std::vector<Figure>& figures);
void add_quantization_figures(const FigureInput& input, const AccuracyAxis& axis,
                              std::vector<Figure>& figures);
void add_trade_off_figures(const FigureInput& input, const AccuracyAxis& axis,
                           std::vector<Figure>& figures);
void add_weight_figures(const FigureInput& input, const AccuracyAxis& axis,
                        std::vector<Figure>& figures);
void add_prediction_figures(const FigureInput& input, std::vector<Figure>& figures);
void add_sensitivity_figures(const FigureInput& input, std::vector<Figure>& figures);

}  // namespace minima::report
