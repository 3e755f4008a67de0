// Agreement between the predictions of networks of one architecture.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace minima {

/// Statistics over all pairs of replicates and all images. All values are fractions in 0..1.
struct Agreement {
  std::int64_t replicates = 0;
  std::int64_t images = 0;
  double same = 0.0;  ///< both networks of a pair predict the same class
  /// Agreement beyond chance, (same - e) / (1 - e). e is the agreement expected if each network
  /// predicted the same number of images per class, but at random (Cohen 1960; for more than two
  /// raters Conger 1980). Nothing if all predictions are of one class.
  std::optional<double> kappa;
  /// Of the images that one network of a pair misclassifies, the fraction that the other
  /// misclassifies too. Nothing if there are no errors.
  std::optional<double> shared_errors;
  /// Of the images that both misclassify, the fraction with different predictions.
  std::optional<double> different_errors;
  double always_right = 0.0;   ///< images that every replicate classifies correctly
  double always_wrong = 0.0;   ///< images that no replicate classifies correctly
  double vote_accuracy = 0.0;  ///< accuracy of the majority vote; ties go to the first class
};

/// Nothing for fewer than two replicates, or without images. `predicted` has one row per replicate.
[[nodiscard]] std::optional<Agreement> agreement_of(
    std::span<const std::uint16_t> labels, std::size_t classes,
    std::span<const std::vector<std::uint16_t>> predicted);

}  // namespace minima
