// Two-way analysis of variance with crossed random effects. It splits the outcomes of several
// replicates on the same images into parts due to the replicate, to the image, and to both
// together.
//
// The outcome x_ij of replicate i on image j is A + a_i + b_j + e_ij. A is the accuracy of the
// architecture over all possible replicates and images. The a_i are true differences between
// trained networks, the b_j differences between easy and hard images, and e_ij is the residual:
// which network fails on which image.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace minima {

/// Mean squares of a table of `replicates` x `images` outcomes. Their expected values are (Searle,
/// Casella and McCulloch, Variance Components, 1992, chapter 4):
///   replicate_mean_square   var(e) + images var(a)
///   image_mean_square       var(e) + replicates var(b)
///   rest_mean_square        var(e)
struct TwoWay {
  std::int64_t replicates = 0;
  std::int64_t images = 0;
  double mean = 0.0;
  double replicate_mean_square = 0.0;  ///< 0 with one replicate, like the rest
  double image_mean_square = 0.0;      ///< 0 with one image, like the rest
  double rest_mean_square = 0.0;

  /// Variance of the mean due to replicates: the sample variance of the replicates' means divided
  /// by their number. It includes the residual.
  [[nodiscard]] double seeds_variance() const;
  /// Variance of the mean due to images, which all replicates share: var(b) / images. Not below 0.
  [[nodiscard]] double images_variance() const;
  /// Variance of the replicates' means, as observed: var(a) + var(e) / images.
  [[nodiscard]] double observed_spread_variance() const;
  /// Unbiased estimate of var(a), the variance of the networks' accuracies on infinitely many
  /// images ("distribution-wise variance", Jordan, arXiv 2304.01910). May be negative.
  [[nodiscard]] double true_spread_variance() const;
};

/// Accumulates a table row by row, so that it need not be in memory; uses 4 bytes per image. Exact,
/// because all sums are integers.
class TwoWaySums {
 public:
  explicit TwoWaySums(std::size_t images) : image_sums_(images, 0) {}

  /// Adds the outcomes of one more replicate: 0 or 1, or their differences. One per image.
  void add(std::span<const std::uint8_t> outcomes);
  void add(std::span<const std::int8_t> differences);

  [[nodiscard]] TwoWay result() const;
  /// Sum for each image over the replicates.
  [[nodiscard]] const std::vector<std::int32_t>& image_sums() const { return image_sums_; }
  [[nodiscard]] const std::vector<std::int64_t>& replicate_sums() const { return replicate_sums_; }

 private:
  template <typename Outcome>
  void add_row(std::span<const Outcome> row);

  std::vector<std::int32_t> image_sums_;
  std::vector<std::int64_t> replicate_sums_;
  std::int64_t squares_ = 0;
};

}  // namespace minima
