// Permutational analysis of variance and of dispersion, computed from distances alone.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/numbers/random.h"

namespace minima::measure {

/// The part of the variation within strata that the labels explain (Anderson 2001; sums of squares
/// from squared distances as in her equations 1 and 2, added over the strata).
struct Permanova {
  double pseudo_f = 0.0;
  double r_squared = 0.0;  ///< sum of squares among labels / total, 0..1
  double expected = 0.0;   ///< mean of r_squared over the permutations
  /// Fractions of the permutations whose r_squared is at least as large, and at most as large
  /// (Phipson and Smyth 2010).
  double p_above = 1.0;
  double p_below = 1.0;
};

/// `squares`: squared distances [n][n]. Labels are permuted only within strata, so that differences
/// between strata are not attributed to labels. Strata with one label, or with as many labels as
/// points, are left out. Returns nothing if no stratum remains, or if all points of the remaining
/// strata are equal.
[[nodiscard]] std::optional<Permanova> permanova(std::span<const float> squares,
                                                 std::span<const int> labels,
                                                 std::span<const int> strata, int permutations,
                                                 RandomStream random);

/// Distance of each point from the centroid of the points with its label, as compared by PERMDISP
/// (Anderson 2006). Multiplied by sqrt(m / (m - 1)) for m points with the label, which removes the
/// bias of small groups (Stier et al. 2013). NaN if the label has one point only. `squares`:
/// [n][n], squared Euclidean distances.
[[nodiscard]] std::vector<double> distances_from_centroid(std::span<const float> squares,
                                                          std::span<const int> labels);

}  // namespace minima::measure
