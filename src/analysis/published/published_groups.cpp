#include "analysis/published/published_groups.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <variant>

#include "core/text.h"
#include "network/notation/architecture.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "statistics/quantile.h"
#include "study/options/options.h"

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

/// Training accuracies of runs, by the band that contains them.
struct Banded {
  const PublishedBand* band;
  std::optional<double> accuracy;  ///< a diverged run has none
};

Banded banded(const record::RunRow& run, const std::vector<PublishedBand>& bands) {
  const double accuracy = run.result.train_accuracy;
  if (run.result.status == record::RunStatus::finished && std::isfinite(accuracy)) {
    return {band_of(bands, 100.0 * accuracy), accuracy};
  }
  const bool has_non = bands.front().group == AccuracyGroup::non;
  return {has_non ? &bands.front() : nullptr, std::nullopt};
}

PublishedGroupRow row_of(const PublishedBand& band, const std::vector<Banded>& runs,
                         double confidence) {
  PublishedGroupRow row{.published = band};
  std::vector<double> accuracies;
  for (const Banded& run : runs) {
    if (run.band == nullptr || run.band->group != band.group) continue;
    ++row.count;
    if (run.accuracy) accuracies.push_back(*run.accuracy);
  }
  row.share = static_cast<double>(row.count) / static_cast<double>(runs.size());
  if (accuracies.empty()) return row;
  std::ranges::sort(accuracies);
  row.min = accuracies.front();
  row.median = quantile_of_sorted(std::span<const double>(accuracies), 0.5);
  row.max = accuracies.back();
  row.interval = median_interval(accuracies, confidence);
  return row;
}

}  // namespace

bool is_of_paper_l(const std::string& architecture) {
  const auto known = network::Architecture::known(architecture);
  return known && std::visit([](const auto& shape) { return is_of_paper(shape); }, known->shape());
}

std::vector<PublishedGroups> published_groups_of(const Population& population,
                                                 const std::vector<Selection>& selections,
                                                 double confidence) {
  std::vector<PublishedGroups> all;
  for (const Selection& selection : selections) {
    const std::string& dataset = population.datasets.at(selection.dataset).name;
    const auto bands = published_bands(selection.family, dataset);
    if (bands.empty() || dataset.find(' ') != std::string::npos) continue;
    PublishedGroups groups{.dataset = dataset, .family = selection.family};
    std::vector<Banded> runs;
    for (const std::size_t index : selection.runs) {
      const record::RunRow& run = population.runs[index];
      if (is_of_paper_l(run.architecture)) runs.push_back(banded(run, bands));
    }
    if (runs.empty()) continue;
    groups.runs = static_cast<std::int64_t>(runs.size());
    groups.left_out = static_cast<std::int64_t>(selection.runs.size()) - groups.runs;
    for (const PublishedBand& band : bands) groups.rows.push_back(row_of(band, runs, confidence));
    all.push_back(std::move(groups));
  }
  return all;
}

std::string options_unlike_paper_l(const record::StudyRecord& study) {
  // The recorded text leaves out defaults, which are the paper's settings except for `init`.
  std::string unlike;
  bool is_normal = false;
  for (const std::string& word : split(study.train, ' ')) {
    is_normal = is_normal || word.starts_with("init=normal");
    const bool is_open = word.starts_with("init=normal") || word.starts_with("scaling=");
    if (word.empty() || is_open || word.starts_with("seed=")) continue;
    unlike += (unlike.empty() ? "" : " ") + word;
  }
  if (!is_normal && unlike.find("init=") == std::string::npos) {
    unlike += std::string(unlike.empty() ? "" : " ") + "init=he-normal";
  }
  return unlike;
}

}  // namespace minima::analysis
