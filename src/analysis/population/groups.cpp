#include "analysis/population/groups.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <string_view>

#include "analysis/population/chance.h"
#include "analysis/population/levels.h"
#include "core/numbers/tolerance.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "statistics/fits/natural_breaks.h"
#include "statistics/statistics.h"
#include "statistics/tests/dip_test.h"

namespace minima::analysis {
namespace {

// One entry of table 2 of arXiv 2408.11720, percent of training accuracy. If the table gives no
// limits (non on MNIST, a median of 11.35), the band ends where low begins.
struct Band {
  network::Family family;
  std::string_view dataset;
  AccuracyGroup group;
  double low;
  double high;
};

constexpr auto kNon = AccuracyGroup::non;
constexpr auto kLow = AccuracyGroup::low;
constexpr auto kMid = AccuracyGroup::mid;
constexpr auto kHigh = AccuracyGroup::high;
constexpr Band kPaperBands[] = {
    {network::Family::dnn, "mnist", kNon, 0, 30},
    {network::Family::dnn, "mnist", kLow, 30, 55},
    {network::Family::dnn, "mnist", kMid, 80, 82},
    {network::Family::dnn, "mnist", kHigh, 95, 100},
    {network::Family::dnn, "fashion-mnist", kNon, 0, 30},
    {network::Family::dnn, "fashion-mnist", kLow, 30, 75},
    {network::Family::dnn, "fashion-mnist", kMid, 83.5, 84},
    {network::Family::dnn, "fashion-mnist", kHigh, 95, 100},
    {network::Family::dnn, "cifar-10", kNon, 0, 20},
    {network::Family::dnn, "cifar-10", kLow, 20, 32},
    {network::Family::dnn, "cifar-10", kMid, 45, 55},
    {network::Family::dnn, "cifar-10", kHigh, 75, 100},
    {network::Family::cnn, "mnist", kLow, 0, 95},
    {network::Family::cnn, "mnist", kMid, 96, 98},
    {network::Family::cnn, "mnist", kHigh, 99.5, 100},
    {network::Family::cnn, "fashion-mnist", kLow, 0, 90},
    {network::Family::cnn, "fashion-mnist", kMid, 96, 98},
    {network::Family::cnn, "fashion-mnist", kHigh, 99.5, 100},
    {network::Family::cnn, "cifar-10", kLow, 0, 55},
    {network::Family::cnn, "cifar-10", kMid, 55, 75},
    {network::Family::cnn, "cifar-10", kHigh, 80, 100},
    {network::Family::vit, "mnist", kLow, 0, 30},
    {network::Family::vit, "mnist", kMid, 70, 85},
    {network::Family::vit, "mnist", kHigh, 85, 100},
    {network::Family::vit, "fashion-mnist", kLow, 0, 40},
    {network::Family::vit, "fashion-mnist", kMid, 65, 72},
    {network::Family::vit, "fashion-mnist", kHigh, 74, 100},
    {network::Family::vit, "cifar-10", kLow, 0, 20},
    {network::Family::vit, "cifar-10", kMid, 0, 40},
    {network::Family::vit, "cifar-10", kHigh, 40, 100},
};

// The accuracy to group by; nullopt if the run diverged.
std::optional<double> accuracy_of(const record::RunRow& run, study::AccuracyKind kind) {
  const record::RunResult& result = run.result;
  const double accuracy =
      kind == study::AccuracyKind::train ? result.train_accuracy : result.test_accuracy;
  if (result.status != record::RunStatus::finished || !std::isfinite(accuracy)) return std::nullopt;
  return accuracy;
}

using Accuracies = std::vector<std::optional<double>>;

std::vector<Band> paper_bands(network::Family family, const std::string& dataset) {
  const std::string name = dataset.substr(0, dataset.find(' '));  // drops the settings
  std::vector<Band> bands;
  for (const Band& band : kPaperBands) {
    if (band.family == family && band.dataset == name) bands.push_back(band);
  }
  return bands;
}

AccuracyGroup paper_group(const std::vector<Band>& bands, std::optional<double> accuracy) {
  const bool has_non = bands.front().group == AccuracyGroup::non;
  if (!accuracy) return has_non ? AccuracyGroup::non : AccuracyGroup::other;
  const double percent = 100.0 * *accuracy;
  const Band* best = nullptr;
  for (const Band& band : bands) {
    if (percent < band.low - kRounding || percent > band.high + kRounding) continue;
    const bool better = best == nullptr || band.low > best->low ||
                        (band.low == best->low && band.high < best->high);
    if (better) best = &band;
  }
  return best == nullptr ? AccuracyGroup::other : best->group;
}

bool predicts_one_class(const record::RunRow& run) {
  return !run.result.history.empty() && run.result.history.back().predicted_classes == 1;
}

// The groups of the natural classes, in ascending order. Several modes imply two distinct values.
std::vector<AccuracyGroup> class_groups(std::size_t distinct) {
  if (distinct >= 5) return {kLow, AccuracyGroup::other, kMid, AccuracyGroup::other, kHigh};
  if (distinct >= 3) return {kLow, kMid, kHigh};
  return {kLow, kHigh};
}

// Fewest runs to divide: with fewer, no test can show two modes.
constexpr std::size_t kFewestToDivide = 10;

/// Per run, whether it learned: it finished, predicts several classes and beats the majority class.
std::vector<bool> learned_of(const Population& population, const Selection& selection,
                             const Accuracies& accuracies, std::int64_t images,
                             double significance) {
  const Chance chance(images, population.datasets.at(selection.dataset).majority_share,
                      significance);
  std::vector<bool> learned(accuracies.size());
  for (std::size_t i = 0; i < accuracies.size(); ++i) {
    if (!accuracies[i] || predicts_one_class(population.runs[selection.runs[i]])) continue;
    learned[i] = chance.is_beaten_by(*accuracies[i]);
  }
  return learned;
}

/// Accuracies are multiples of 1 / images. Random jitter within that step keeps ties from looking
/// like modes.
std::optional<double> modes_p(std::vector<double> values, std::int64_t images,
                              std::uint64_t subject, const study::AnalysisSettings& settings) {
  if (values.size() < kFewestToDivide) return std::nullopt;
  constexpr std::uint32_t kJitter = 64;
  constexpr std::uint32_t kDraws = 65;
  RandomStream jitter(settings.seed, subject, Purpose::bootstrap, kJitter);
  for (double& value : values) {
    value += jitter.uniform(-0.5, 0.5) / static_cast<double>(std::max<std::int64_t>(images, 1));
  }
  return dip_test(values, settings.bootstrap_samples,
                  RandomStream(settings.seed, subject, Purpose::bootstrap, kDraws));
}

/// Maps a learned accuracy to its group when there are several modes. `values`: ascending.
std::function<AccuracyGroup(double)> by_classes(const std::vector<double>& values,
                                                double tolerance) {
  std::vector<double> distinct;
  std::ranges::unique_copy(values, std::back_inserter(distinct));
  const std::vector<AccuracyGroup> classes = class_groups(distinct.size());
  return [=, breaks = natural_breaks(values, classes.size()), best = values.back()](double value) {
    if (best - value <= tolerance + kRounding) return AccuracyGroup::high;
    const auto above = std::ranges::upper_bound(breaks, value);
    return classes[static_cast<std::size_t>(above - breaks.begin()) - 1];
  };
}

std::function<AccuracyGroup(double)> by_skill(double best, double chance, double least) {
  const double bound = chance + least * (best - chance);
  return [bound](double value) { return value >= bound - kRounding ? kHigh : kLow; };
}

void set_natural_groups(const Population& population, const Selection& selection,
                        const Accuracies& accuracies, const study::AnalysisSettings& settings,
                        Groups& result) {
  const record::DatasetRecord& dataset = population.datasets.at(selection.dataset);
  const std::int64_t images =
      result.accuracy == study::AccuracyKind::train ? dataset.train_count : dataset.test_count;
  const std::vector<bool> learned =
      learned_of(population, selection, accuracies, images, settings.significance);
  std::vector<double> values;
  for (std::size_t i = 0; i < accuracies.size(); ++i) {
    if (learned[i]) values.push_back(*accuracies[i]);
  }
  std::fill(result.groups.begin(), result.groups.end(), AccuracyGroup::non);
  if (values.empty()) return;
  std::ranges::sort(values);
  result.dip_p = modes_p(values, images, subject_of_selection(population, selection), settings);
  const bool several = result.dip_p && *result.dip_p <= 1.0 - settings.confidence;
  const auto group = several
                         ? by_classes(values, settings.accuracy_tolerance)
                         : by_skill(values.back(), dataset.majority_share, settings.least_skill);
  for (std::size_t i = 0; i < accuracies.size(); ++i) {
    if (learned[i]) result.groups[i] = group(*accuracies[i]);
  }
}

GroupRow row_of(AccuracyGroup group, const Groups& groups, const Accuracies& accuracies) {
  GroupRow row{.group = group};
  std::vector<double> values;
  for (std::size_t i = 0; i < accuracies.size(); ++i) {
    if (groups.groups[i] != group) continue;
    ++row.count;
    if (accuracies[i]) values.push_back(*accuracies[i]);
  }
  if (!accuracies.empty()) {
    row.share = static_cast<double>(row.count) / static_cast<double>(accuracies.size());
  }
  if (!values.empty()) {
    row.min = quantile(values, 0.0);
    row.median = quantile(values, 0.5);
    row.max = quantile(values, 1.0);
  }
  return row;
}

}  // namespace

std::string to_string(AccuracyGroup group) {
  switch (group) {
    case AccuracyGroup::non:
      return "non";
    case AccuracyGroup::low:
      return "low";
    case AccuracyGroup::mid:
      return "mid";
    case AccuracyGroup::high:
      return "high";
    case AccuracyGroup::other:
      return "other";
  }
  return "";
}

study::AccuracyKind grouped_accuracy(const study::AnalysisSettings& settings) {
  if (settings.group_by != study::AccuracyKind::automatic) return settings.group_by;
  return settings.bands == study::Bands::paper ? study::AccuracyKind::train
                                               : study::AccuracyKind::test;
}

Groups groups_of(const Population& population, const Selection& selection,
                 const study::AnalysisSettings& settings) {
  Groups result{.dataset = selection.dataset,
                .family = selection.family,
                .bands = settings.bands,
                .accuracy = grouped_accuracy(settings)};
  Accuracies accuracies;
  for (const std::size_t run : selection.runs) {
    accuracies.push_back(accuracy_of(population.runs[run], result.accuracy));
  }
  result.groups.resize(accuracies.size());
  if (settings.bands == study::Bands::paper) {
    const auto bands =
        paper_bands(selection.family, population.datasets.at(selection.dataset).name);
    result.defined = !bands.empty();
    if (!result.defined) return result;
    for (std::size_t i = 0; i < accuracies.size(); ++i) {
      result.groups[i] = paper_group(bands, accuracies[i]);
    }
  } else {
    set_natural_groups(population, selection, accuracies, settings, result);
  }
  for (const AccuracyGroup group : kAccuracyGroups) {
    result.rows.push_back(row_of(group, result, accuracies));
  }
  return result;
}

}  // namespace minima::analysis
