// What the analyses of a store are told: the [analysis] section of a study file. None of it changes
// a run or its id; `minima analyze` may set it anew.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace minima::study {

/// Which accuracy of a run, after its last epoch.
enum class AccuracyKind {
  automatic,  ///< test; train with the paper's bands, which are bands of training accuracy
  train,
  test
};

/// How runs are sorted into the groups high, mid, low and non.
enum class Bands {
  natural,  ///< non by a test against chance, the rest by one-dimensional natural breaks
  paper,    ///< the table of arXiv 2408.11720
};

/// Which weights of runs of one architecture are projected, besides the distributions of all.
enum class RawWeights {
  none,
  trained,  ///< as they are
  sorted,   ///< hidden units in the order of their strength
};

struct AnalysisSettings {
  Bands bands = Bands::natural;
  AccuracyKind group_by = AccuracyKind::automatic;
  /// Probability of being taken for one that learned, of a run that guesses.
  double significance = 0.001;
  /// Fraction of the best skill (accuracy above that of the largest class) that a run must have to
  /// count as successful.
  double least_skill = 0.5;
  /// eps_A: loss of mean test accuracy that counts as none.
  double accuracy_tolerance = 0.01;
  /// eps_sigma: largest standard deviation of test accuracy over replicates that counts as stable.
  double spread_tolerance = 0.01;
  /// Share of runs that must succeed for an architecture to count as reliable.
  double reliability = 0.95;
  /// Test accuracy at which a run has solved the task; nothing: derived from the best architecture
  /// of each dataset (analysis/population/target.h).
  std::optional<double> success_accuracy;
  /// Largest gap between training and test accuracy that counts as none.
  double gap_tolerance = 0.01;
  /// Rise of the test loss over its least value over the epochs, relative to that value, from which
  /// on the test loss of a run has turned.
  double loss_rise = 0.05;
  /// Share of runs whose test loss must have turned for an architecture to count as overfitting.
  double turned_share = 0.5;
  /// A gradient vanishes in a layer at this share of the output layer's gradient norm and below.
  double vanishing_gradient = 0.01;
  /// A gradient explodes when a layer's norm, root mean square over an epoch, reaches this.
  double exploding_gradient = 100.0;
  /// A prediction is constant when one class gets this share of the test images or more.
  double constant_prediction = 0.99;
  /// Relative fall of the training loss that counts as none: over all epochs, or in the last one.
  double least_progress = 0.01;
  /// A run has converged at its first epoch with this share of its own final training accuracy.
  double convergence_share = 0.99;
  /// A phase is a fast descent when a doubling of the epochs takes this share or more of the fall
  /// of the whole curve ...
  double fast_descent = 0.2;
  /// ... and a plateau when it changes the curve by less than this share of it.
  double plateau = 0.02;
  /// Fewest epochs of a phase, from 2.
  int phase_epochs = 3;
  /// Numbers of parameters are nearly equal when the larger is at most this share above the other.
  double parameter_tolerance = 0.05;
  /// Loss of a run's own test accuracy, by pruning or quantization, that counts as none.
  double compression_tolerance = 0.01;
  /// An architecture is stable when more than half of its runs reach this fraction of the best
  /// skill on the dataset. Skill is test accuracy less the share of the largest class.
  double stable_skill = 0.9;
  /// Datasets from the easiest to the hardest, separated by commas; empty: not known.
  std::string difficulty_order;
  /// Most networks of a family on a dataset whose distributions of weights are held, compared one
  /// with another and projected to the plane; of more, as many are drawn. 0: none. Time and memory
  /// grow with its square.
  int projection_points = 1000;
  /// What is made of kept weights of runs of one architecture.
  RawWeights raw_weights = RawWeights::sorted;
  /// Most memory for the weights that are compared at a time, megabytes.
  int projection_memory = 512;
  /// Of t-SNE: how many neighbours a point has in effect; less for few points.
  double perplexity = 30.0;
  /// Confidence of every interval.
  double confidence = 0.95;
  int bootstrap_samples = 1000;
  /// Most permutations of a test: no p is below 1 / (permutations + 1).
  int permutations = 20'000;
  std::uint64_t seed = 1;  ///< of the bootstrap

  /// "key=value" of every setting that differs from its default, separated by spaces.
  [[nodiscard]] std::string text() const;
};

}  // namespace minima::study
