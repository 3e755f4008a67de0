#include "analysis/population/groups.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "analysis/population/chance.h"
#include "analysis/population/levels.h"
#include "analysis/population/published_bands.h"
#include "core/numbers/tolerance.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "statistics/fits/natural_breaks.h"
#include "statistics/statistics.h"
#include "statistics/tests/dip_test.h"

namespace minima::analysis {
namespace {

constexpr auto kLow = AccuracyGroup::low;
constexpr auto kMid = AccuracyGroup::mid;
constexpr auto kHigh = AccuracyGroup::high;

// The accuracy to group by; nullopt if the run diverged.
std::optional<double> accuracy_of(const record::RunRow& run, study::AccuracyKind kind) {
  const record::RunResult& result = run.result;
  const double accuracy =
      kind == study::AccuracyKind::train ? result.train_accuracy : result.test_accuracy;
  if (result.status != record::RunStatus::finished || !std::isfinite(accuracy)) return std::nullopt;
  return accuracy;
}

using Accuracies = std::vector<std::optional<double>>;

/// The band of an accuracy in percent. If two contain it, the one with the higher lower limit wins;
/// ties go to the narrower band. Null if none does.
const PublishedBand* band_of(const std::vector<PublishedBand>& bands, double percent) {
  const PublishedBand* best = nullptr;
  for (const PublishedBand& band : bands) {
    if (percent < band.low - kRounding || percent > band.high + kRounding) continue;
    const bool better = best == nullptr || band.low > best->low ||
                        (band.low == best->low && band.high < best->high);
    if (better) best = &band;
  }
  return best;
}

AccuracyGroup paper_group(const std::vector<PublishedBand>& bands, std::optional<double> accuracy) {
  const bool has_non = bands.front().group == AccuracyGroup::non;
  if (!accuracy) return has_non ? AccuracyGroup::non : AccuracyGroup::other;
  const PublishedBand* band = band_of(bands, 100.0 * *accuracy);
  return band == nullptr ? AccuracyGroup::other : band->group;
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
        published_bands(selection.family, population.datasets.at(selection.dataset).name);
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
