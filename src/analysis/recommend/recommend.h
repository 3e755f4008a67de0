// Finds the smallest network that meets a demand among everything that a study made: architectures,
// sparsities and number formats. docs/deployment.md defines the terms and shows the simulations.
//
// A choice is an architecture on a dataset with its compression. Its replicates are the runs it was
// applied to. A replicate meets the demand if it reaches the accuracy on the validation images, or
// on the test images if there are none. It must also be better than the majority class
// (population/chance.h). A diverged run has no compressed networks and counts as a miss
// for every choice of its architecture.
//
// A choice meets the demand if its probability of doing so is at least R. This is shown by
// rejecting the hypothesis that the probability is below R (exact binomial test, one-sided). The
// smallest of many choices is also a lucky one. So the choices of a dataset are tested in a fixed
// order, from large to small (fixed_sequence.h, test_order.h). With at least the requested
// confidence, no choice that misses the demand is called shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "analysis/recommend/choices.h"
#include "record/study.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// Number of new replicates that a study needs to show a choice.
struct FollowUp {
  std::int64_t replicates = 0;
  std::int64_t needed = 0;  ///< number of these that must meet the demand
};

struct Recommendation {
  std::string dataset;
  Demand demand;
  std::int64_t test_images = 0;
  std::int64_t validation_images = 0;  ///< images used for selection; 0: test images were
  double majority_share = 0.0;         ///< accuracy of predicting the majority class
  /// Its name, if some run of the study predicts this class only.
  std::string largest_class;
  std::int64_t choices = 0;           ///< choices examined
  std::int64_t too_large = 0;         ///< choices beyond max_bytes, max_parameters or the device
  std::int64_t sequences = 0;         ///< test sequences formed by the choices
  std::int64_t tested_sequences = 0;  ///< sequences that the replicates suffice to test
  /// Choices within the limits for which at least a fraction R of the replicates meets the demand;
  /// the smallest first.
  std::vector<Choice> met;
  /// Choices within the limits for which fewer do, but the data do not exclude (at the requested
  /// confidence) that the probability is R; the smallest first.
  std::vector<Choice> open;
  /// If no choice meets the demand: the one with the largest fraction of replicates that do, then
  /// the highest mean accuracy, then the fewest bytes; within the limits if possible.
  std::optional<Choice> nearest;
  /// The largest choice that is smaller than met[0] and whose results exclude a probability of R.
  std::optional<Choice> beyond;
  /// Replicates of a new study that would show one choice alone; nullopt if too many.
  std::optional<FollowUp> follow_up;
  std::vector<PlannedChoice> planned;  ///< all choices, as planned

  /// The smallest choice that is shown to meet the demand.
  [[nodiscard]] const Choice* smallest_shown() const;
  /// The smallest choice that meets the demand and exports as a C program.
  [[nodiscard]] const Choice* smallest_in_c() const;
  /// Whether predicting the majority class already reaches the requested accuracy.
  [[nodiscard]] bool asks_for_nothing() const { return demand.accuracy <= majority_share; }
};

/// One recommendation per dataset, in the order of the store. The histories of runs need only their
/// last epoch. Throws std::invalid_argument unless reliability and confidence are between 0 and 1.
[[nodiscard]] std::vector<Recommendation> recommendations_of(
    const Population& population, const Demand& demand,
    const study::AnalysisSettings& settings = {});

/// The recommendation for one dataset of the population.
[[nodiscard]] Recommendation recommendation_of(const Population& population,
                                               const record::DatasetRecord& dataset,
                                               const Demand& demand,
                                               const study::AnalysisSettings& settings = {});

/// The part of a store that recommendations_of needs: runs with their last epoch, and variants.
[[nodiscard]] Population population_to_choose_from(const store::Reader& store);

/// The fewest replicates that show a reliability R at this level with a power of 0.8, if a
/// replicate misses the demand a quarter as often as R allows. nullopt: more than `most`.
[[nodiscard]] std::optional<FollowUp> follow_up_of(double reliability, double level,
                                                   std::int64_t most);

/// A study that would show what this one leaves open: the smallest choices not excluded, with new
/// runs.
struct NextRuns {
  std::vector<std::string> architectures;  ///< from the smallest choice upwards
  std::vector<std::string> pruning;        ///< protocols to keep
  std::vector<std::string> quantization;   ///< protocols to keep
  std::int64_t sequences = 0;              ///< test sequences in the new study
  std::optional<FollowUp> runs;            ///< nullopt: more than a study may have
};

/// Plans a study of at most `most_runs` runs. nullopt if the smallest choice that meets the demand
/// is already shown, or if there is no choice.
[[nodiscard]] std::optional<NextRuns> next_runs(const Recommendation& recommendation,
                                                std::int64_t most_runs);

}  // namespace minima::analysis
