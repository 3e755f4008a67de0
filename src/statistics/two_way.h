// Outcomes of several replicates on the same images, split into what is due to the replicate, to
// the image, and to both together: the two-way analysis of variance with crossed random effects.
//
// An outcome x_ij of replicate i on image j is A + a_i + b_j + e_ij. A is the accuracy of the
// architecture, over all replicates and all images that could have been drawn. The a_i are true
// differences between trained networks, the b_j those between easy and hard images, and e_ij is the
// rest: which network fails on which image.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace minima {

/// Mean squares of a table of `replicates` x `images` outcomes. With
/// their expected values (Searle, Casella and McCulloch, Variance Components, 1992, chapter 4):
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

  /// Of the mean: the sample variance of the replicates' means divided by their number. It holds
  /// the rest's part too.
  [[nodiscard]] double seeds_variance() const;
  /// Of the mean: var(b) / images, what all replicates share. Not below 0.
  [[nodiscard]] double images_variance() const;
  /// Of the replicates' means, as observed: var(a) + var(e) / images.
  [[nodiscard]] double observed_spread_variance() const;
  /// The unbiased estimate of var(a), the variance of the networks' accuracies on infinitely many
  /// images ("distribution-wise variance", Jordan, arXiv 2304.01910). May be negative.
  [[nodiscard]] double true_spread_variance() const;
};

/// Sums of a table that is given row by row, so that it need not be in memory: 4 bytes per image.
/// Exact: all sums are whole numbers.
class TwoWaySums {
 public:
  explicit TwoWaySums(std::size_t images) : image_sums_(images, 0) {}

  /// The outcomes of one more replicate: 0 or 1, or differences of those. As many as images.
  void add(std::span<const std::uint8_t> outcomes);
  void add(std::span<const std::int8_t> differences);

  [[nodiscard]] TwoWay result() const;
  /// Of each image, over the replicates.
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
