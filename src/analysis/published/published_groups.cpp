#include "analysis/published/published_groups.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "network/notation/architecture.h"
#include "record/run_row.h"
#include "record/study.h"
#include "study/file/recorded_training.h"

namespace minima::analysis {
namespace {

using network::Activation;

bool is_of_paper(const network::Dnn& dnn) {
  return dnn.hidden.size() == 2 && dnn.activation == Activation::relu;
}

bool is_of_paper(const network::Cnn& cnn) {
  network::Cnn plain;
  plain.filters = cnn.filters;
  return cnn.filters.size() == 1 && cnn == plain;
}

bool is_of_paper(const network::Vit& /*vit*/) {
  return false;
}

bool is_of_paper(const network::PaperVit& /*vit*/) {
  return true;
}

/// The runs of networks such as the paper's.
Selection compared_runs(const Population& population, Selection selection) {
  std::erase_if(selection.runs,
                [&](std::size_t run) { return !is_of_paper_l(population.runs[run].architecture); });
  return selection;
}

PublishedGroupRow row_of(const PublishedBand& band, const Groups& groups,
                         const Selection& selection, const Population& population,
                         double confidence) {
  std::vector<double> accuracies;
  for (std::size_t i = 0; i < selection.runs.size(); ++i) {
    const double accuracy = population.runs[selection.runs[i]].result.train_accuracy;
    if (groups.groups[i] == band.group && std::isfinite(accuracy)) accuracies.push_back(accuracy);
  }
  std::ranges::sort(accuracies);
  return {*std::ranges::find(groups.rows, band.group, &GroupRow::group), band,
          median_interval(accuracies, confidence)};
}

}  // namespace

bool is_of_paper_l(const std::string& architecture) {
  const auto known = network::Architecture::known(architecture);
  return known && std::visit([](const auto& shape) { return is_of_paper(shape); }, known->shape());
}

std::vector<PublishedGroups> published_groups_of(const Population& population,
                                                 const std::vector<Selection>& selections,
                                                 double confidence) {
  study::AnalysisSettings settings;
  settings.bands = study::Bands::paper;
  std::vector<PublishedGroups> all;
  for (const Selection& selection : selections) {
    const std::string& dataset = population.datasets.at(selection.dataset).name;
    const auto bands = published_bands(selection.family, dataset);
    if (bands.empty() || dataset.find(' ') != std::string::npos) continue;
    const Selection compared = compared_runs(population, selection);
    if (compared.runs.empty()) continue;
    PublishedGroups groups{.dataset = dataset, .family = selection.family};
    groups.runs = static_cast<std::int64_t>(compared.runs.size());
    groups.left_out = static_cast<std::int64_t>(selection.runs.size()) - groups.runs;
    const Groups found = groups_of(population, compared, settings);
    for (const PublishedBand& band : bands) {
      groups.rows.push_back(row_of(band, found, compared, population, confidence));
    }
    all.push_back(std::move(groups));
  }
  return all;
}

std::string options_unlike_paper_l(const record::StudyRecord& study) {
  // The recorded text leaves out defaults, which are the paper's settings except for `init`.
  std::string unlike;
  const auto add = [&unlike](const std::string& option) {
    unlike += (unlike.empty() ? "" : " ") + option;
  };
  bool has_init = false;
  for (const auto& [key, value] : study::printed_values(study.train)) {
    has_init = has_init || key == "init";
    const bool is_open = key == "scaling" || (key == "init" && value.starts_with("normal"));
    if (!is_open && key != "seed") add(key + "=" + value);
  }
  if (!has_init) add("init=he-normal");
  return unlike;
}

}  // namespace minima::analysis
