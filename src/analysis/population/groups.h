// Groups the runs by accuracy, after arXiv 2408.11720.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

enum class AccuracyGroup {
  non,   ///< stayed at chance level
  low,   ///< close to the worst run that left chance level
  mid,   ///< about half way between low and high
  high,  ///< close to the best
  other  ///< between two of these groups
};
inline constexpr std::array kAccuracyGroups = {AccuracyGroup::non, AccuracyGroup::low,
                                               AccuracyGroup::mid, AccuracyGroup::high,
                                               AccuracyGroup::other};
[[nodiscard]] std::string to_string(AccuracyGroup group);

/// One group, as in table 2 of the paper. Accuracies are fractions.
struct GroupRow {
  AccuracyGroup group = AccuracyGroup::other;
  std::int64_t count = 0;
  double share = 0.0;  ///< fraction of the runs of the selection
  /// Over the accuracies of its runs; absent if no run has one. Diverged runs have none.
  std::optional<double> min;
  std::optional<double> median;
  std::optional<double> max;
};

/// Natural bands. A run is non if it diverged, predicts one class only, or is not better than the
/// majority class (one-sided binomial test at AnalysisSettings::significance). Training accuracy is
/// compared with the majority class of the test images too; that of the training images is not
/// recorded.
///
/// The other runs are divided only if there are at least ten and their accuracies have more than
/// one mode (dip test at 1 - confidence). They form five natural classes: the first is low, the
/// third mid, the fifth high, the second and fourth other. Runs within eps_A of the best run are
/// high too. Three or four distinct accuracies give three classes, low, mid and high; two give low
/// and high. With one mode, runs with at least `least_skill` of the best run's skill are high, the
/// others low.
///
/// Paper's bands: table 2 of the paper, in percent, closed intervals. If a run is in two bands, the
/// one with the higher lower limit wins; ties go to the narrower band. A diverged run is non if the
/// family has that band, else other.
struct Groups {
  std::size_t dataset = 0;
  network::Family family = network::Family::dnn;
  study::Bands bands = study::Bands::natural;
  study::AccuracyKind accuracy = study::AccuracyKind::test;  ///< the accuracy that is grouped
  /// Whether bands exist for this dataset and family: the paper's table has three datasets.
  bool defined = true;
  /// P-value of the dip test of the natural bands; absent if it is not made.
  std::optional<double> dip_p = {};
  /// Per run of the selection; empty unless defined.
  std::vector<std::optional<AccuracyGroup>> groups;
  std::vector<GroupRow> rows;  ///< in the order of kAccuracyGroups; empty unless defined
};

/// The accuracy to group by: AnalysisSettings::group_by, with `automatic` resolved.
[[nodiscard]] study::AccuracyKind grouped_accuracy(const study::AnalysisSettings& settings);

[[nodiscard]] Groups groups_of(const Population& population, const Selection& selection,
                               const study::AnalysisSettings& settings);

}  // namespace minima::analysis
