// Runs sorted by how accurate they became: the groups of arXiv 2408.11720.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

enum class AccuracyGroup {
  non,   ///< never left the level of chance
  low,   ///< close to the worst of those that did
  mid,   ///< around half way
  high,  ///< close to the best
  other  ///< in between
};
inline constexpr std::array kAccuracyGroups = {AccuracyGroup::non, AccuracyGroup::low,
                                               AccuracyGroup::mid, AccuracyGroup::high,
                                               AccuracyGroup::other};
[[nodiscard]] std::string to_string(AccuracyGroup group);

/// One group, as in table 2 of the paper. Accuracies are fractions.
struct GroupRow {
  AccuracyGroup group = AccuracyGroup::other;
  std::int64_t count = 0;
  double share = 0.0;  ///< of all runs of the selection
  /// Of its runs' accuracies; absent if none of them has one: diverged runs have none.
  std::optional<double> min;
  std::optional<double> median;
  std::optional<double> max;
};

/// Natural bands: non is a run that diverged, or predicts one class only, or gets so few images
/// right that always answering with the largest class would get as many with a probability of at
/// least AnalysisSettings::significance (one-sided binomial test; the largest class of the test
/// images, for training accuracy too: that of the training images is not recorded).
///
/// The others are divided only if there are at least ten and their accuracies have more than one
/// mode (dip test at 1 - confidence): into five natural classes, of which the first is low, the
/// third mid, the fifth high, the second and fourth other. High is also whatever lies within eps_A
/// of the best run. With three or four distinct accuracies there are three classes, low, mid and
/// high; with two, low and high. With one mode those with `least_skill` of the best run's skill are
/// high, the others low.
///
/// Paper's bands: table 2 of the paper, in percent, closed intervals. A run in two bands belongs to
/// the one that begins higher, or of two that begin together to the narrower. A diverged run is non
/// where the family has that band, else other.
struct Groups {
  std::size_t dataset = 0;
  std::string family;
  study::Bands bands = study::Bands::natural;
  study::AccuracyKind accuracy = study::AccuracyKind::test;  ///< which one is grouped
  /// Whether there are bands for this dataset and family: the paper's table has three datasets.
  bool defined = true;
  /// Of the dip test of the natural bands; absent where it is not made.
  std::optional<double> dip_p = {};
  std::vector<std::optional<AccuracyGroup>> groups;  ///< of each run of the selection; if defined
  std::vector<GroupRow> rows;  ///< in the order of kAccuracyGroups; empty unless defined
};

/// Train or test: AnalysisSettings::group_by, with `automatic` resolved.
[[nodiscard]] study::AccuracyKind grouped_accuracy(const study::AnalysisSettings& settings);

[[nodiscard]] Groups groups_of(const Population& population, const Selection& selection,
                               const study::AnalysisSettings& settings);

}  // namespace minima::analysis
