// Combines several p-values into one, and corrects p-values for multiple testing.
#pragma once

#include <span>
#include <vector>

namespace minima {

/// The two one-sided p-values of a test: for an effect on the claimed side and for one on the other
/// side.
struct TwoSides {
  double supporting = 0.5;
  double opposing = 0.5;
};

/// One-sided p-values from a two-sided one whose null distribution is symmetric.
[[nodiscard]] TwoSides sides_of(double two_sided_p, bool is_on_claimed_side);

/// 2 min(supporting, opposing), at most 1.
[[nodiscard]] double two_sided(const TwoSides& sides);

/// Combines one-sided p-values of independent tests by weighted normal scores (Stouffer et al.
/// 1949; weights by Liptak 1958). Needs at least one p-value, and one weight per p-value.
[[nodiscard]] double stouffer(std::span<const double> p, std::span<const double> weights);
[[nodiscard]] TwoSides stouffer(std::span<const TwoSides> sides, std::span<const double> weights);

/// Combines p-values of positively dependent tests: the smallest (number / rank) p (Simes 1986).
[[nodiscard]] double simes(std::span<const double> p);
[[nodiscard]] TwoSides simes(std::span<const TwoSides> sides);

/// The claim about several tests.
enum class Combination {
  mean,  ///< an effect on their mean: Stouffer's method
  any,   ///< an effect in at least one of them
  each,  ///< an effect in every one of them
};

/// `any`: the supporting p is the smallest p times the number of tests; the opposing p is the
/// largest p (intersection-union test, Berger 1982). `each`: the same with the two sides exchanged.
/// Both allow dependent tests and ignore the weights.
[[nodiscard]] TwoSides combined_sides(std::span<const TwoSides> sides,
                                      std::span<const double> weights, Combination combination);
/// The index of the test whose p decides a claim of `any` or `each`.
[[nodiscard]] std::size_t deciding(std::span<const TwoSides> sides, Combination combination);

/// Holm's step-down correction (1979). Returns adjusted p-values in the given order.
[[nodiscard]] std::vector<double> holm(const std::vector<double>& p);

/// Selects the hypotheses to test at family-wise `level`, given the smallest p-value that each
/// could reach with any data (Tarone 1990). These are the hypotheses that can reach level / k, for
/// the smallest k that is at least their number. Holm's procedure on this set has a family-wise
/// error of at most `level`.
[[nodiscard]] std::vector<bool> testable(std::span<const double> least_p, double level);

}  // namespace minima
