// The runs of one series on one dataset, ordered by the size of their networks.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "analysis/population/population.h"

namespace minima::analysis {

/// One run as the analyses along the number of parameters see it.
struct LevelRun {
  std::size_t run = 0;    ///< index into Population::runs
  bool finished = false;  ///< false: diverged, or without a finite test accuracy
  bool learned = false;   ///< better than the largest class, by the test of answer.h
  /// After the last epoch; of a run that did not finish, the share of the largest class.
  double test_accuracy = 0.0;
  /// Training minus test accuracy; NaN of a run that did not finish.
  double gap = std::numeric_limits<double>::quiet_NaN();
};

/// A number of parameters and all runs that have it. Architectures of exactly equal size are one
/// level: the definitions of arXiv 2601.17987 speak of the number of parameters alone.
struct Level {
  std::int64_t parameters = 0;
  std::vector<std::string> architectures;  ///< distinct, in alphabetical order
  std::vector<LevelRun> runs;              ///< in the order of the population; at least one
  std::int64_t test_images = 0;            ///< of the dataset
};

/// By parameters, ascending. `significance`: of the test whether a run learned.
[[nodiscard]] std::vector<Level> levels_of(const Population& population, const Selection& selection,
                                           double significance);

/// A quantity of the runs of one level.
struct Sample {
  std::int64_t count = 0;
  double mean = 0.0;      ///< 0 when empty
  double variance = 0.0;  ///< divided by count - 1; 0 below two
  double fourth = 0.0;    ///< sum of the fourth powers of the deviations from the mean
  /// Variance of the mean by the choice of the test images, which all replicates share.
  double image_variance = 0.0;
};

/// An upper bound of what the choice of `images` test images adds to the variance of a mean
/// accuracy: the binomial variance. Replicates see the same images, so they do not average it out.
[[nodiscard]] double image_variance(double accuracy, std::int64_t images);

/// Correlation of the test-image errors of two networks, when their accuracies are compared. Images
/// that are hard for one network are hard for another; without predictions per image one half is
/// assumed. On the embedded study the measured value between families is about three quarters.
inline constexpr double kSharedImages = 0.5;

/// NaN is left out.
[[nodiscard]] Sample sample_of(const std::vector<double>& values);

/// One Sample per level of what `quantity` says about a run; NaN: nothing.
template <typename Quantity>
std::vector<Sample> samples_of(const std::vector<Level>& levels, const Quantity& quantity) {
  std::vector<Sample> samples;
  std::vector<double> values;
  for (const Level& level : levels) {
    values.clear();
    for (const LevelRun& run : level.runs) values.push_back(quantity(run));
    samples.push_back(sample_of(values));
  }
  return samples;
}

/// Of test accuracy over all runs of each level: A(P) and sigma(P), with their image_variance.
[[nodiscard]] std::vector<Sample> accuracy_samples(const std::vector<Level>& levels);

/// A key of the random numbers of one selection's analysis, for RandomStream.
[[nodiscard]] std::uint64_t subject_of_selection(const Population& population,
                                                 const Selection& selection);

}  // namespace minima::analysis
