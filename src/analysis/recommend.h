// The smallest network that meets a demand, over everything that a study made: architectures,
// sparsities and number formats.
//
// A choice is an architecture on a dataset with what was done to it. Its replicates are the runs
// that it was tried on; it meets the demand in those whose accuracy is at least the one asked for:
// on the validation images of a dataset that has them, else on its test images. A run that diverged
// has no compressed networks and counts as a miss of every choice of its architecture. The
// probability to meet it is judged by the lower limit of Clopper and Pearson 1934, one-sided: k of
// n replicates show a reliability R when that many are improbable below R.
//
// The smallest of many is a lucky one, too. `shown` corrects for that: its limit has the confidence
// 1 - (1 - confidence) / choices (Bonferroni), so that with at least the confidence asked for, no
// choice that misses the demand is called shown, however many were looked at.
//
// Where validation images choose, the test figures of what is chosen are not swayed by the choice:
// no image was looked at twice. The replicates are the same ones, which is why the correction for
// the number of choices stays.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/mean_estimate.h"
#include "analysis/population.h"

namespace minima::analysis {

struct Demand {
  double accuracy = 0.0;     ///< least accuracy, a fraction
  double reliability = 0.5;  ///< share of replicates that is to reach it, 0 < R < 1
  double confidence = 0.95;
  std::optional<double> max_bytes;             ///< packed, as in docs/pruning.md
  std::optional<std::int64_t> max_parameters;  ///< of the network that is left, zeros included
};

/// How well a choice meets the demand; the strongest first.
enum class Evidence {
  shown,        ///< with the confidence asked for, as one of all choices looked at
  shown_alone,  ///< only as if it had been the only choice looked at
  observed,     ///< a share R of the replicates did, which shows nothing yet
  missed,       ///< fewer did
};

/// "shown", "shown alone", "observed", "missed".
[[nodiscard]] std::string to_string(Evidence evidence);

/// What the test images say of a choice.
struct TestFigures {
  std::int64_t met = 0;      ///< replicates that reached the accuracy
  AccuracySummary accuracy;  ///< of those that gave a number
};

struct Choice {
  std::string family;
  std::string architecture;     ///< of the trained run
  std::int64_t parameters = 0;  ///< of the network that is left: mean, rounded
  std::string pruning;          ///< empty: not pruned
  double sparsity_asked = 0.0;
  double sparsity = 0.0;     ///< achieved, mean
  std::string quantization;  ///< empty: not quantized
  std::string format = "fp32";
  int bits = 32;
  std::string activations = "fp32";
  std::string arithmetic = "float";  ///< as in store/variant.h
  std::int64_t replicates = 0;       ///< that it was tried on, and diverged ones
  std::int64_t met = 0;              ///< that reached the accuracy on the images that choose
  AccuracySummary accuracy;          ///< of those that gave a number, on the same images
  TestFigures test;                  ///< the same two where test images choose
  double least_share = 0.0;          ///< lower limit of the probability, for this choice alone
  double corrected_share = 0.0;      ///< the same as one of all choices
  double bytes = 0.0;                ///< packed, mean; 4 per parameter of a trained network
  Evidence evidence = Evidence::missed;
  /// Runs that reached the accuracy, from the one in the middle outwards; of a choice that missed,
  /// all.
  std::vector<std::string> run_ids;
};

struct Recommendation {
  std::string dataset;
  Demand demand;
  std::int64_t validation_images = 0;  ///< that chose; 0: test images did
  std::int64_t choices = 0;            ///< looked at
  std::int64_t too_large = 0;          ///< of these beyond max_bytes or max_parameters
  /// Those that meet the demand, `observed` or better: by evidence, then from the smallest up.
  std::vector<Choice> met;
  /// Where none meets it: the largest share of replicates that does, then the highest mean
  /// accuracy, then the fewest bytes; within the limits where any is.
  std::optional<Choice> nearest;
  /// The largest that is smaller than met[0] and misses the accuracy: what was one step too far.
  std::optional<Choice> beyond;
};

/// By dataset, in the order of the store. Throws std::invalid_argument for a reliability or a
/// confidence that is not in between 0 and 1.
[[nodiscard]] std::vector<Recommendation> recommendations_of(const Population& population,
                                                             const Demand& demand);

/// Fewest replicates that would show the reliability to a choice if all of them met the demand.
[[nodiscard]] std::int64_t replicates_to_show(const Demand& demand, std::int64_t choices);

}  // namespace minima::analysis
