// Parts of figures of weights: one dataset, or several datasets side by side.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "analysis/weights/weight_runs.h"
#include "report/figures/parts.h"
#include "report/text/style.h"

namespace minima::report {

/// One family on one dataset, or on several that a figure compares side by side. `Family`:
/// FamilyWeights or FamilyProjection.
template <typename Family>
struct SideBySide {
  std::vector<const Family*> families;  ///< one for each dataset
  std::vector<std::string> labels;      ///< short names of the datasets

  [[nodiscard]] bool has_several() const { return families.size() > 1; }
  [[nodiscard]] const analysis::WeightFamily& first() const { return *families.front()->of; }
  [[nodiscard]] std::vector<analysis::LayerRole> roles() const {
    std::vector<const analysis::WeightFamily*> all;
    for (const Family* family : families) all.push_back(family->of.get());
    return analysis::roles_of(all);
  }
};

/// Groups families over datasets, as in the figures of arXiv 2408.11720; each dataset is on its own
/// if there are too many.
template <typename Family>
[[nodiscard]] std::vector<SideBySide<Family>> side_by_side(const std::vector<Family>& families,
                                                           const FigureInput& input) {
  std::vector<std::string> names;
  for (const auto& dataset : input.population.datasets) names.push_back(dataset.name);
  std::vector<SideBySide<Family>> groups;
  for (const Family& family : families) {
    const auto group = std::ranges::find_if(groups, [&](const SideBySide<Family>& each) {
      return names.size() <= kMostGridDatasets && each.first().family == family.of->family;
    });
    SideBySide<Family>& into = group == groups.end() ? groups.emplace_back() : *group;
    into.families.push_back(&family);
    into.labels.push_back(dataset_label(family.of->dataset, names));
  }
  return groups;
}

/// A figure of the group's dataset, or of all datasets if the group has several.
template <typename Family>
[[nodiscard]] Figure weight_figure(const char* kind, const FigureInput& input,
                                   const SideBySide<Family>& group, const char* title,
                                   std::string caption) {
  const analysis::WeightFamily& first = group.first();
  Figure figure =
      figure_of(kind, input, group.has_several() ? "" : first.dataset, word_text(first.family));
  figure.title = title;
  figure.caption = std::move(caption);
  return figure;
}

/// Panels by the column `rows` of a table, and by its column "dataset" if there are several
/// datasets; each has its own scales.
template <typename Family>
[[nodiscard]] Json panels(const char* table, const char* rows, const SideBySide<Family>& group,
                          const Json& layers) {
  Json spec = group.has_several() ? grid(table, rows, "dataset", layers, 150, 200)
                                  : faceted(table, rows, "", layers, 220, 230);
  spec["resolve"]["scale"] = {{"x", "independent"}, {"y", "independent"}};
  return spec;
}

/// Points coloured by the accuracies in `table`, with the run in the tooltip. Accuracies of several
/// datasets are compared within each dataset.
[[nodiscard]] Json points_by_accuracy(const record::Table& table, bool has_several, const Json& x,
                                      const Json& y, std::vector<Hint> hints);

}  // namespace minima::report
