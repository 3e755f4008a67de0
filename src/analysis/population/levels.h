// The runs of one series on one dataset, ordered by network size.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "analysis/population/population.h"

namespace minima::analysis {

/// One run, as used by the analyses over network size.
struct LevelRun {
  std::size_t run = 0;    ///< index into Population::runs
  bool finished = false;  ///< false: diverged, or without a finite test accuracy
  bool learned = false;   ///< better than the majority class (chance.h)
  /// After the last epoch. For an unfinished run, the fraction of the majority class.
  double test_accuracy = 0.0;
  /// Training minus test accuracy; NaN for an unfinished run.
  double gap = std::numeric_limits<double>::quiet_NaN();
};

/// All runs with the same number of parameters. Architectures of exactly equal size form one level:
/// the definitions of arXiv 2601.17987 depend on the number of parameters alone.
struct Level {
  std::int64_t parameters = 0;
  std::vector<std::string> architectures;  ///< distinct, sorted alphabetically
  std::vector<LevelRun> runs;              ///< in the order of the population; at least one
  std::int64_t test_images = 0;            ///< test images of the dataset
};

/// Sorted by parameters, ascending. `significance`: level of the test whether a run learned.
[[nodiscard]] std::vector<Level> levels_of(const Population& population, const Selection& selection,
                                           double significance);

/// Moments of a quantity over the runs of one level.
struct Sample {
  std::int64_t count = 0;
  double mean = 0.0;      ///< 0 when empty
  double variance = 0.0;  ///< divided by count - 1; 0 with fewer than two runs
  double fourth = 0.0;    ///< sum of the fourth powers of the deviations from the mean
  /// Variance of the mean due to sampling of the test images, which all replicates share.
  double image_variance = 0.0;
};

/// Upper bound of the variance of a mean accuracy due to sampling of `images` test images: the
/// binomial variance. All replicates use the same images, so averaging does not reduce it.
[[nodiscard]] double image_variance(double accuracy, std::int64_t images);

/// Assumed correlation of the test-image errors of two networks whose accuracies are compared.
/// Images that are hard for one network are hard for another. Without predictions per image, one
/// half is assumed. On the embedded study the measured value between families is about three
/// quarters.
inline constexpr double kSharedImages = 0.5;

/// NaN values are ignored.
[[nodiscard]] Sample sample_of(const std::vector<double>& values);

/// One Sample per level of the values of `quantity`. Runs for which it is NaN are ignored.
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

/// Test accuracy over all runs of each level, A(P) and sigma(P), with image_variance.
[[nodiscard]] std::vector<Sample> accuracy_samples(const std::vector<Level>& levels);

/// Isotonic regression of the means, weighted with the counts.
[[nodiscard]] std::vector<double> fitted_means(const std::vector<Sample>& samples);

/// Key for the RandomStream of one selection's analysis.
[[nodiscard]] std::uint64_t subject_of_selection(const Population& population,
                                                 const Selection& selection);

}  // namespace minima::analysis
