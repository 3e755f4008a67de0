// Compares a compressed network with the run it was made from, image by image.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "statistics/estimates/accuracy_interval.h"

namespace minima::analysis {

/// Two-sided p of McNemar's test from the numbers of discordant images: forgotten (correct before,
/// wrong after) and learned (wrong before, correct after). `exact` is the binomial test. `mid`
/// gives the observed outcome half its weight and is less conservative (Fagerland, Lydersen and
/// Laake 2013). Both are 1 without discordant images.
struct McNemar {
  double exact = 1.0;
  double mid = 1.0;
};
[[nodiscard]] McNemar mcnemar(std::int64_t forgotten, std::int64_t learned);

/// Whether compression costs less than a tolerance.
enum class LossVerdict {
  within,     ///< the upper limit of the loss is below the tolerance (non-inferior)
  beyond,     ///< the lower limit is above the tolerance
  undecided,  ///< more images or more runs would be needed
};
[[nodiscard]] std::string to_string(LossVerdict verdict);

/// Effect of one compression method on the networks of one architecture, in fractions of images.
struct PairedLoss {
  std::int64_t runs = 0;
  std::int64_t images = 0;
  double accuracy_before = 0.0;
  double accuracy_after = 0.0;
  double forgotten = 0.0;  ///< correct before, wrong after; mean over the runs
  double learned = 0.0;    ///< wrong before, correct after
  /// Accuracy before minus after, paired over runs and images; the interval covers both.
  AccuracyDifference loss;
  double low = 0.0;  ///< one-sided limits of the loss, each at the confidence level
  double high = 0.0;
  LossVerdict verdict = LossVerdict::undecided;
  std::int64_t runs_worse = 0;  ///< runs whose own McNemar mid-p test finds a loss
  /// Balanced accuracy after, and the class that lost the most.
  double balanced_after = 0.0;
  std::size_t most_harmed = 0;
  double most_harmed_before = 0.0;
  double most_harmed_after = 0.0;
  /// Number of networks that predict a single class: (nearly) all images of one class are correct
  /// and (nearly) none of the others.
  std::int64_t constant = 0;
};

/// Accumulates the runs of one architecture, one at a time.
class PairedSums {
 public:
  /// `labels` must outlive the object.
  PairedSums(std::span<const std::uint16_t> labels, std::size_t classes);

  /// Correctness by image (1 or 0) of a run and of its compressed network.
  void add(std::span<const std::uint8_t> before, std::span<const std::uint8_t> after);

  [[nodiscard]] bool empty() const { return differences_.replicate_sums().empty(); }
  /// `constant_share`: fraction of a class's images that counts as all of them, 0.5..1.
  [[nodiscard]] PairedLoss result(double tolerance, double confidence,
                                  double constant_share = 0.99) const;

 private:
  struct RunCounts {
    std::int64_t forgotten = 0;
    std::int64_t learned = 0;
    std::vector<std::int64_t> right_after;  ///< by class
  };

  void add_classes(PairedLoss& loss) const;

  std::span<const std::uint16_t> labels_;
  std::vector<std::int64_t> class_images_;
  std::vector<std::int64_t> right_before_;  ///< by class, summed over the runs
  TwoWaySums differences_;
  std::vector<RunCounts> runs_;
  std::vector<std::int8_t> row_;
};

}  // namespace minima::analysis
