// Rank correlation of two quantities, within groups or overall.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/numbers/random.h"

namespace minima {

/// One observation. Only observations of equal `group` are compared.
struct RankedPair {
  double x = 0.0;
  double y = 0.0;
  std::string group = {};
};

/// Spearman's rank correlation with mean ranks for ties. Ranks and their means are computed within
/// each group; the sums of products are added over all groups before dividing. With one group it is
/// Spearman's coefficient. `p`: the fraction of permutations of y within groups, including the
/// observed one, whose correlation is at least as far from 0 (Phipson and Smyth 2010).
///
/// The interval inverts that test. With z = artanh(rho) and c the critical value of |z| among the
/// permutations, its ends L solve |z - artanh(L)| = c sqrt(1 + L^2 / 2). The square root models how
/// the standard error grows with the correlation (Bonett and Wright 2000). So the interval excludes
/// 0 exactly if p <= 1 - confidence. If there are too few observations for such a p, an end is -1
/// or 1.
struct RankCorrelation {
  std::size_t observations = 0;  ///< in groups where both x and y vary
  double rho = 0.0;
  double p = 1.0;
  double low = -1.0;
  double high = 1.0;
  double least_p = 0.0;  ///< smallest p possible with this number of values and ties
};

/// Nothing if there is no group in which both x and y vary.
[[nodiscard]] std::optional<RankCorrelation> rank_correlation(std::span<const RankedPair> pairs,
                                                              int permutations, RandomStream random,
                                                              double confidence = 0.95);

/// The critical value of a statistic, given its absolute values `draws` in permutations: p <= level
/// exactly if the absolute value of the statistic is larger. Nothing if there are too few draws for
/// such a p.
[[nodiscard]] std::optional<double> critical_value(std::vector<double> draws, double level);

}  // namespace minima
