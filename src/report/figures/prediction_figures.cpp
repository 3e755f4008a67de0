// Which classes the smallest and the best network of a dataset confuse.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/images/image_outcomes.h"
#include "record/analysis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::ArchitectureOutcomes;
using analysis::DatasetOutcomes;

constexpr const char* kPredictionSection = "Classes";

/// The smallest network near the best, and the best one; only one entry if they are the same.
std::vector<const ArchitectureOutcomes*> drawn(const DatasetOutcomes& dataset) {
  std::vector<const ArchitectureOutcomes*> architectures;
  for (const auto& which : {dataset.smallest, dataset.best}) {
    if (!which) continue;
    const ArchitectureOutcomes* one = &dataset.architectures[*which];
    if (one->confusion && (architectures.empty() || architectures.front() != one)) {
      architectures.push_back(one);
    }
  }
  return architectures;
}

std::string panel_of(const DatasetOutcomes& dataset, const ArchitectureOutcomes& architecture) {
  const bool is_best = &architecture == &dataset.architectures[*dataset.best];
  const bool is_smallest = &architecture == &dataset.architectures[*dataset.smallest];
  return fmt::format("{}: {}",
                     is_best && is_smallest ? "smallest and best"
                     : is_best              ? "best"
                                            : "smallest",
                     architecture.architecture);
}

std::string class_name(const DatasetOutcomes& dataset, std::size_t label) {
  return label < dataset.class_names.size() && !dataset.class_names[label].empty()
             ? dataset.class_names[label]
             : fmt::format("{}", label);
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
    names.push_back(class_name(dataset, label));
  }
  return names;
}

void add_confusion(const DatasetOutcomes& dataset, const FigureInput& input,
                   std::vector<Figure>& figures) {
  record::Table table{{"network", "class", "predicted", "share", "errors", "images"}, {}};
  for (const ArchitectureOutcomes* one : drawn(dataset)) {
    const analysis::Confusion& confusion = *one->confusion;
    for (std::size_t label = 0; label < confusion.classes(); ++label) {
      const auto images = static_cast<double>(confusion.images_of(label));
      if (images == 0.0) continue;
      for (std::size_t predicted = 0; predicted < confusion.classes(); ++predicted) {
        const auto count = static_cast<double>(confusion.count(label, predicted));
        table.rows.push_back({panel_of(dataset, *one), class_name(dataset, label),
                              class_name(dataset, predicted), count / images,
                              error_share(label == predicted, count / images),
                              count / static_cast<double>(one->runs)});
      }
    }
  }
  if (table.rows.empty()) return;
  // Both axes name the order. Each would otherwise choose its own, and leave out what it lacks.
  const std::vector<std::string> order =
      class_order(dataset, drawn(dataset).front()->confusion->classes());
  const auto axis = [&order](const char* field, const char* title) {
    return channel(field, "nominal", title,
                   {{"sort", nullptr},
                    {"scale", {{"domain", order}}},
                    {"axis", {{"labelLimit", 90}, {"labelOverlap", true}}}});
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
  figures.push_back(
      {.id = fmt::format("confusion-{}", dataset_id(input, dataset.dataset)),
       .section = kPredictionSection,
       .title = "Confusions: " + dataset.dataset,
       .caption = "Predicted classes of the test images of each true class, mean over the runs. "
                  "Correct predictions, on the diagonal, have no colour.",
       .spec = faceted("confusion", "network", "", layers, 280, 280),
       .data = {{"confusion", std::move(table)}}});
}

void add_classes(const DatasetOutcomes& dataset, const FigureInput& input,
                 std::vector<Figure>& figures) {
  record::Table table{{"network", "class", "accuracy", "low", "high", "images"}, {}};
  std::vector<std::string> networks;
  for (const ArchitectureOutcomes* one : drawn(dataset)) {
    networks.push_back(panel_of(dataset, *one));
    for (const analysis::ClassAccuracy& each : one->classes.classes) {
      table.rows.push_back({networks.back(), class_name(dataset, each.label), each.accuracy.mean,
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
  figures.push_back({.id = fmt::format("classes-{}", dataset_id(input, dataset.dataset)),
                     .section = kPredictionSection,
                     .title = "Accuracy by class: " + dataset.dataset,
                     .caption = "Mean over the runs. The bars are intervals for new trainings and "
                                "new test images of the class.",
                     .spec = std::move(spec),
                     .data = {{"classes", std::move(table)}}});
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
