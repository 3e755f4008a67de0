// The smallest network that meets a demand, over everything that a study made: architectures,
// sparsities and number formats. docs/deployment.md defines the terms and shows the simulations.
//
// A choice is an architecture on a dataset with what was done to it. Its replicates are the runs
// that it was tried on. A replicate meets the demand if it reaches the accuracy, on the validation
// images of a dataset that has them, else on its test images. It must also be better than always
// answering with the largest class (learned_threshold in answer.h). A diverged run has no
// compressed networks and counts as a miss of every choice of its architecture.
//
// A choice meets the demand with the probability R or more: that is shown by rejecting the
// hypothesis that the probability is below R (exact binomial test, one-sided). Since the smallest
// of many is a lucky one, too, the choices of a dataset are tested in a fixed order, from large to
// small (fixed_sequence.h, test_order.h). With at least the confidence asked for, no choice that
// misses the demand is called shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "analysis/recommend/choices.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// New replicates that a study needs to show something.
struct FollowUp {
  std::int64_t replicates = 0;
  std::int64_t needed = 0;  ///< of these have to meet the demand
};

struct Recommendation {
  std::string dataset;
  Demand demand;
  std::int64_t test_images = 0;
  std::int64_t validation_images = 0;  ///< that chose; 0: test images did
  double majority_share = 0.0;         ///< accuracy of always answering with the largest class
  std::string largest_class;           ///< its name, if a run of the study answers with it alone
  std::int64_t choices = 0;            ///< looked at
  std::int64_t too_large = 0;          ///< of these beyond max_bytes or max_parameters
  std::int64_t sequences = 0;          ///< that the choices form for the tests
  std::int64_t tested_sequences = 0;   ///< that the replicates suffice for
  /// Within the limits, at least a share R of the replicates meet the demand; the smallest first.
  std::vector<Choice> met;
  /// Within the limits, fewer do, but the study does not exclude (at the confidence asked for) that
  /// the probability is R; the smallest first.
  std::vector<Choice> open;
  /// Where none meets it: the largest share of replicates that does, then the highest mean
  /// accuracy, then the fewest bytes; within the limits where any is.
  std::optional<Choice> nearest;
  /// The largest that is smaller than met[0] and whose results exclude a probability of R.
  std::optional<Choice> beyond;
  /// Replicates of a new study that would show one choice alone; nothing if they are too many.
  std::optional<FollowUp> follow_up;
  std::vector<PlannedChoice> planned;  ///< all choices, as the study asked for them

  /// The smallest choice that is shown to meet the demand.
  [[nodiscard]] const Choice* smallest_shown() const;
  /// The smallest choice that meets the demand and exports as a C program.
  [[nodiscard]] const Choice* smallest_in_c() const;
  /// Always answering with the largest class reaches the accuracy asked for.
  [[nodiscard]] bool asks_for_nothing() const { return demand.accuracy <= majority_share; }
};

/// By dataset, in the order of the store. The histories of runs need their last epoch only. Throws
/// std::invalid_argument for a reliability or a confidence that is not in between 0 and 1.
[[nodiscard]] std::vector<Recommendation> recommendations_of(
    const Population& population, const Demand& demand,
    const study::AnalysisSettings& settings = {});

/// The same for one dataset of the population.
[[nodiscard]] Recommendation recommendation_of(const Population& population,
                                               const store::DatasetRecord& dataset,
                                               const Demand& demand,
                                               const study::AnalysisSettings& settings = {});

/// What recommendations_of needs of a store: runs with their last epoch, and variants.
[[nodiscard]] Population population_to_choose_from(const store::Reader& store);

/// The fewest replicates that show a reliability R with a probability of 0.8, at this level, if a
/// replicate misses the demand a quarter as often as R allows. Nothing: more than `most`.
[[nodiscard]] std::optional<FollowUp> follow_up_of(double reliability, double level,
                                                   std::int64_t most);

/// A study that would show what this one leaves open: the smallest choices that are not excluded,
/// with new runs.
struct NextRuns {
  std::vector<std::string> architectures;  ///< from the smallest choice up
  std::vector<std::string> pruning;        ///< protocols to keep
  std::vector<std::string> quantization;   ///< protocols to keep
  std::int64_t sequences = 0;              ///< of tests in the new study
  std::optional<FollowUp> runs;            ///< nothing: more than a study may have
};

/// Nothing if the smallest choice that meets the demand is shown to, or if there is no choice. A
/// study of at most `most_runs` runs.
[[nodiscard]] std::optional<NextRuns> next_runs(const Recommendation& recommendation,
                                                std::int64_t most_runs);

}  // namespace minima::analysis
