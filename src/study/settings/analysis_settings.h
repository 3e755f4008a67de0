// Settings of the analyses of a store: the [analysis] section of a study file. They do not affect
// runs or run ids; `minima analyze` may override them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/enum_words.h"

namespace minima::study {

/// Which accuracy of a run after its last epoch to use.
enum class AccuracyKind {
  automatic,  ///< test; training with the paper's bands, which are bands of training accuracy
  train,
  test
};

constexpr auto words_of(AccuracyKind /*any*/) {
  return std::to_array<EnumWord<AccuracyKind>>({
      {AccuracyKind::automatic, "auto"},
      {AccuracyKind::train, "train"},
      {AccuracyKind::test, "test"},
  });
}

/// How runs are sorted into the groups high, mid, low and non.
enum class Bands {
  natural,  ///< non by a test against chance, the others by one-dimensional natural breaks
  paper,    ///< the table of arXiv 2408.11720
};

constexpr auto words_of(Bands /*any*/) {
  return std::to_array<EnumWord<Bands>>({
      {Bands::natural, "natural"},
      {Bands::paper, "paper"},
  });
}

/// Which weights of runs of one architecture are projected, in addition to the distributions of
/// all.
enum class RawWeights {
  none,
  trained,  ///< unchanged
  sorted,   ///< hidden units sorted by strength
};

constexpr auto words_of(RawWeights /*any*/) {
  return std::to_array<EnumWord<RawWeights>>({
      {RawWeights::none, "none"},
      {RawWeights::trained, "trained"},
      {RawWeights::sorted, "sorted"},
  });
}

struct AnalysisSettings {
  Bands bands = Bands::natural;
  AccuracyKind group_by = AccuracyKind::automatic;
  /// Probability that a guessing run is classified as one that learned.
  double significance = 0.001;
  /// Fraction of the best skill that a run must reach to count as successful. Skill is accuracy
  /// minus the fraction of the largest class.
  double least_skill = 0.5;
  /// eps_A: loss of mean test accuracy that counts as zero.
  double accuracy_tolerance = 0.01;
  /// eps_sigma: largest standard deviation of test accuracy over replicates that counts as stable.
  double spread_tolerance = 0.01;
  /// Fraction of runs that must succeed for an architecture to count as reliable.
  double reliability = 0.95;
  /// Test accuracy at which a run has solved the task; empty: derived from the best architecture of
  /// each dataset (analysis/population/target.h).
  std::optional<double> success_accuracy;
  /// Largest gap between training and test accuracy that counts as zero.
  double gap_tolerance = 0.01;
  /// Relative rise of the test loss above its minimum over the epochs from which a run's test loss
  /// counts as turned.
  double loss_rise = 0.05;
  /// Fraction of runs whose test loss must have turned for an architecture to count as overfitting.
  double turned_share = 0.5;
  /// A gradient vanishes in a layer if its norm is at most this fraction of the output layer's
  /// norm.
  double vanishing_gradient = 0.01;
  /// A gradient explodes if a layer's norm (root mean square over an epoch) reaches this value.
  double exploding_gradient = 100.0;
  /// A prediction is constant if one class gets at least this fraction of the test images.
  double constant_prediction = 0.99;
  /// Relative fall of the training loss that counts as zero, over all epochs or in the last epoch.
  double least_progress = 0.01;
  /// A run has converged at the first epoch with this fraction of its own final training accuracy.
  double convergence_share = 0.99;
  /// A phase is a fast descent if a doubling of the epochs takes at least this fraction of the fall
  /// of the whole curve.
  double fast_descent = 0.2;
  /// A phase is a plateau if a doubling of the epochs changes the curve by less than this fraction
  /// of that fall.
  double plateau = 0.02;
  /// Minimum number of epochs of a phase, at least 2.
  int phase_epochs = 3;
  /// Parameter counts are nearly equal if the larger exceeds the smaller by at most this fraction.
  double parameter_tolerance = 0.05;
  /// Loss of a run's own test accuracy, through pruning or quantization, that counts as zero.
  double compression_tolerance = 0.01;
  /// An architecture is stable if more than half of its runs reach this fraction of the best skill
  /// on the dataset. Skill is test accuracy minus the fraction of the largest class.
  double stable_skill = 0.9;
  /// Datasets from the easiest to the hardest, separated by commas; empty: unknown.
  std::string difficulty_order;
  /// Maximum number of networks of a family on a dataset whose weight distributions are kept,
  /// compared pairwise and projected to the plane. Larger sets are sampled down to it. 0: none.
  /// Time and memory grow with its square.
  int projection_points = 1000;
  /// Which kept weights of runs of one architecture are projected.
  RawWeights raw_weights = RawWeights::sorted;
  /// Memory limit in megabytes for the weights that are compared at a time.
  int projection_memory = 512;
  /// Perplexity of t-SNE: the effective number of neighbours of a point; smaller for few points.
  double perplexity = 30.0;
  /// Confidence level of every interval.
  double confidence = 0.95;
  int bootstrap_samples = 1000;
  /// Maximum number of permutations of a test. The smallest p is 1 / (permutations + 1).
  int permutations = 20'000;
  std::uint64_t seed = 1;  ///< for the bootstrap

  /// "key=value" for every setting that differs from its default, separated by spaces.
  [[nodiscard]] std::string text() const;
};

}  // namespace minima::study
