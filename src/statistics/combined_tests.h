// One p-value from several, and several p-values corrected for their number.
#pragma once

#include <span>
#include <vector>

namespace minima {

/// One-sided p-values of a test: of an effect on the claimed side, and of one on the other side.
struct TwoSides {
  double supporting = 0.5;
  double opposing = 0.5;
};

/// The two halves of a two-sided p-value whose null distribution is symmetric.
[[nodiscard]] TwoSides sides_of(double two_sided_p, bool is_on_claimed_side);

/// 2 min(supporting, opposing), at most 1.
[[nodiscard]] double two_sided(const TwoSides& sides);

/// One-sided p-values of independent tests combined: the normal score of each, weighted
/// (Stouffer et al. 1949; weights by Liptak 1958). As many weights as p-values, at least one.
[[nodiscard]] double stouffer(std::span<const double> p, std::span<const double> weights);
[[nodiscard]] TwoSides stouffer(std::span<const TwoSides> sides, std::span<const double> weights);

/// p-values of positively dependent tests combined: the least of (number / rank) p (Simes 1986).
[[nodiscard]] double simes(std::span<const double> p);
[[nodiscard]] TwoSides simes(std::span<const TwoSides> sides);

/// What is claimed of several tests.
enum class Combination {
  mean,  ///< of their mean: Stouffer's method
  any,   ///< that something holds in one of them or more
  each,  ///< that something holds in every one
};

/// Any: for the claim the least p times the number of tests, against it the largest p
/// (intersection-union test, Berger 1982). Each: the same with the two sides exchanged. For these
/// two the tests may depend on each other, and weights do not matter.
[[nodiscard]] TwoSides combined_sides(std::span<const TwoSides> sides,
                                      std::span<const double> weights, Combination combination);
/// The index of the test whose p decides a claim about any or each of several tests.
[[nodiscard]] std::size_t deciding(std::span<const TwoSides> sides, Combination combination);

/// Holm's step-down correction (1979): adjusted p-values, in the order given.
[[nodiscard]] std::vector<double> holm(const std::vector<double>& p);

/// Which hypotheses to test at `level` in all, given the least p that each could reach whatever the
/// data (Tarone 1990): those that can reach level / k, for the smallest k that is no less than
/// their number. The family-wise error of Holm's procedure over that set is at most `level`.
[[nodiscard]] std::vector<bool> testable(std::span<const double> least_p, double level);

}  // namespace minima
