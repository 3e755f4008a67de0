// Which classes the smallest and the best network of a dataset confuse.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/headline.h"
#include "analysis/images/image_outcomes.h"
#include "record/analysis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::ArchitectureOutcomes;
using analysis::DatasetOutcomes;

/// The network that the answer names, or else the smallest near the best.
const ArchitectureOutcomes* smallest_of(const DatasetOutcomes& dataset, const FigureInput& input) {
  if (input.headline != nullptr) {
    for (const analysis::DatasetHeadline& headline : input.headline->datasets) {
      if (headline.dataset != dataset.dataset || !headline.smallest) continue;
      const ArchitectureOutcomes* named = dataset.find(headline.smallest->architecture);
      if (named != nullptr && named->confusion) return named;
    }
  }
  return dataset.smallest ? &dataset.architectures[*dataset.smallest] : nullptr;
}

/// The smallest network, and the best one; only one entry if they are the same.
std::vector<const ArchitectureOutcomes*> drawn(const DatasetOutcomes& dataset,
                                               const FigureInput& input) {
  std::vector<const ArchitectureOutcomes*> architectures;
  const ArchitectureOutcomes* best = dataset.best ? &dataset.architectures[*dataset.best] : nullptr;
  for (const ArchitectureOutcomes* one : {smallest_of(dataset, input), best}) {
    if (one == nullptr || !one->confusion) continue;
    if (architectures.empty() || architectures.front() != one) architectures.push_back(one);
  }
  return architectures;
}

std::string panel_of(const DatasetOutcomes& dataset, const ArchitectureOutcomes& architecture,
                     const FigureInput& input) {
  const bool is_best = &architecture == &dataset.architectures[*dataset.best];
  const bool is_smallest = &architecture == smallest_of(dataset, input);
  return fmt::format("{}: {}",
                     is_best && is_smallest ? "smallest and best"
                     : is_best              ? "best"
                                            : "smallest",
                     architecture.architecture);
}

/// Only errors are coloured, because correct predictions would dominate the scale.
record::Cell error_share(bool is_right, double share) {
  if (is_right) return {};
  return share;
}

/// The classes of the dataset in the order of their labels.
std::vector<std::string> class_order(const DatasetOutcomes& dataset, std::size_t classes) {
  std::vector<std::string> names;
  for (std::size_t label = 0; label < classes; ++label) {
    names.push_back(dataset.class_name(label));
  }
  return names;
}

void add_confusion(const DatasetOutcomes& dataset, const FigureInput& input,
                   std::vector<Figure>& figures) {
  record::Table table{{"network", "class", "predicted", "share", "errors", "images"}, {}};
  for (const ArchitectureOutcomes* one : drawn(dataset, input)) {
    const analysis::Confusion& confusion = *one->confusion;
    for (std::size_t label = 0; label < confusion.classes(); ++label) {
      const auto images = static_cast<double>(confusion.images_of(label));
      if (images == 0.0) continue;
      for (std::size_t predicted = 0; predicted < confusion.classes(); ++predicted) {
        const auto count = static_cast<double>(confusion.count(label, predicted));
        table.rows.push_back({panel_of(dataset, *one, input), dataset.class_name(label),
                              dataset.class_name(predicted), count / images,
                              error_share(label == predicted, count / images),
                              count / static_cast<double>(one->runs)});
      }
    }
  }
  if (table.rows.empty()) return;
  // Both axes name the order. Each would otherwise choose its own, and leave out what it lacks.
  const std::vector<std::string> order =
      class_order(dataset, drawn(dataset, input).front()->confusion->classes());
  const bool are_short =
      std::ranges::all_of(order, [](const std::string& name) { return name.size() <= 3; });
  const auto axis = [&](const char* field, const char* title) {
    return channel(field, "nominal", title,
                   {{"sort", nullptr},
                    {"scale", {{"domain", order}}},
                    {"axis",
                     {{"labelLimit", 90},
                      {"labelOverlap", true},
                      {"labelAngle", *field == 'p' && !are_short ? -90 : 0}}}});
  };
  const Json layers =
      Json::array({{{"mark", {{"type", "rect"}}},
                    {"encoding",
                     {{"x", axis("predicted", "predicted class")},
                      {"y", axis("class", "true class")},
                      {"color", channel("errors", "quantitative", "fraction of the class",
                                        {{"scale", {{"scheme", "blues"}, {"domainMin", 0}}},
                                         {"legend", {{"format", kPercentLabel}}}})},
                      {"tooltip", tooltip({{"network", "architecture"},
                                           {"class", "true class"},
                                           {"predicted", "predicted class"},
                                           {"share", "fraction of the class", ".1%"},
                                           {"images", "images, mean over runs", ".1f"}})}}}}});
  Figure figure = figure_of("confusion", input, dataset.dataset);
  figure.title = "Confusions";
  figure.caption =
      "Predicted classes of the test images of each true class, mean over the runs. Dark cells off "
      "the diagonal are what a network mixes up; the diagonal has no colour.";
  figure.spec = faceted("confusion", "network", "", layers, 280, 280);
  figure.spec["usermeta"] = {{"widest", 460}};  // a panel; read by chart.js
  figure.data = {{"confusion", std::move(table)}};
  figures.push_back(std::move(figure));
}

void add_classes(const DatasetOutcomes& dataset, const FigureInput& input,
                 std::vector<Figure>& figures) {
  record::Table table{{"network", "class", "accuracy", "low", "high", "images"}, {}};
  std::vector<std::string> networks;
  for (const ArchitectureOutcomes* one : drawn(dataset, input)) {
    networks.push_back(panel_of(dataset, *one, input));
    for (const analysis::ClassAccuracy& each : one->classes.classes) {
      table.rows.push_back({networks.back(), dataset.class_name(each.label), each.accuracy.mean,
                            each.accuracy.low, each.accuracy.high, each.images});
    }
  }
  if (table.rows.empty()) return;
  const auto x = [](const char* field) {
    return channel(field, "quantitative", "accuracy of the class",
                   {{"scale", {{"zero", false}}}, {"axis", {{"format", kPercentLabel}}}});
  };
  const Json y =
      channel("class", "nominal", "class", {{"sort", nullptr}, {"axis", {{"labelLimit", 120}}}});
  const Json colour = nominal_colour("network", "network", networks);
  const Json shift = {{"field", "network"}, {"sort", nullptr}};
  const Json layers =
      Json::array({{{"mark", {{"type", "rule"}, {"strokeWidth", 1.5}}},
                    {"encoding",
                     {{"x", x("low")},
                      {"x2", {{"field", "high"}}},
                      {"y", y},
                      {"yOffset", shift},
                      {"color", colour}}}},
                   {{"mark", {{"type", "point"}, {"filled", true}, {"size", 50}}},
                    {"encoding",
                     {{"x", x("accuracy")},
                      {"y", y},
                      {"yOffset", shift},
                      {"color", colour},
                      {"tooltip", tooltip({{"network", "architecture"},
                                           {"class", "class"},
                                           {"accuracy", "accuracy, mean over the runs", ".1%"},
                                           {"low", "interval from", ".1%"},
                                           {"high", "to", ".1%"},
                                           {"images", "test images", ",d"}})}}}}});
  // Pixels for two networks per class. With a height in steps, Vega-Lite could not fit the width.
  constexpr int kClassHeight = 24;
  const int height =
      kClassHeight * static_cast<int>(std::max<std::size_t>(dataset.class_names.size(), 2));
  Json spec = layered(layers, height);
  spec["data"] = named_data("classes");
  Figure figure = figure_of("classes", input, dataset.dataset);
  figure.title = "Accuracy by class";
  figure.caption =
      "Mean over the runs. The bars are intervals for new trainings and new test images of the "
      "class.";
  figure.spec = std::move(spec);
  figure.data = {{"classes", std::move(table)}};
  figures.push_back(std::move(figure));
}

}  // namespace

void add_prediction_figures(const FigureInput& input, std::vector<Figure>& figures) {
  if (input.predictions == nullptr) return;
  for (const DatasetOutcomes& dataset : input.predictions->datasets) {
    add_confusion(dataset, input, figures);
    add_classes(dataset, input, figures);
  }
}

}  // namespace minima::report
