// How far networks of one architecture give the same answers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace minima {

/// Over all pairs of replicates and all images. Shares are fractions of 0..1.
struct Agreement {
  std::int64_t replicates = 0;
  std::int64_t images = 0;
  double same = 0.0;  ///< both networks of a pair predict the same class
  /// Agreement beyond chance, (same - e) / (1 - e), where e is what predictions in the same numbers
  /// but on random images would agree (Cohen 1960; for more than two raters Conger 1980). Nothing
  /// where all predictions are of one class.
  std::optional<double> kappa;
  /// Of the images that one network of a pair has wrong: the share that the other has wrong too.
  /// Nothing without an error.
  std::optional<double> shared_errors;
  /// Of the images that both have wrong: the share with different predictions.
  std::optional<double> different_errors;
  double always_right = 0.0;   ///< images that every replicate has right
  double always_wrong = 0.0;   ///< images that no replicate has right
  double vote_accuracy = 0.0;  ///< of the class that most replicates predict; the first of equals
};

/// Nothing below two replicates, or without images. `predicted` has one row per replicate.
[[nodiscard]] std::optional<Agreement> agreement_of(
    std::span<const std::uint16_t> labels, std::size_t classes,
    std::span<const std::vector<std::uint16_t>> predicted);

}  // namespace minima
