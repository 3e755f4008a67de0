// Whether one quantity rises with another, within groups or over all.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/random.h"

namespace minima {

/// One observation. Only those of equal `group` are compared.
struct RankedPair {
  double x = 0.0;
  double y = 0.0;
  std::string group = {};
};

/// Spearman's rank correlation with mean ranks for ties; ranks, their means and the sums of
/// products belong to each group, and the sums of all groups are divided by each other: with one
/// group it is Spearman's own. `p`: the share of permutations of y within groups, this one among
/// them, whose correlation is at least as far from 0 (Phipson and Smyth 2010).
///
/// The interval inverts that test: with z = artanh(rho) and c the critical value of |z| among the
/// permutations, its ends L solve |z - artanh(L)| = c sqrt(1 + L^2 / 2). The root is the growth of
/// the standard error with the correlation (Bonett and Wright 2000). So 0 is outside exactly when
/// p <= 1 - confidence; with too few observations for that p, an end is -1 or 1.
struct RankCorrelation {
  std::size_t observations = 0;  ///< in groups where x and y both differ
  double rho = 0.0;
  double p = 1.0;
  double low = -1.0;
  double high = 1.0;
  double least_p = 0.0;  ///< no data with as many values and ties could give a smaller p
};

/// Nothing where no group has two x and two y that differ.
[[nodiscard]] std::optional<RankCorrelation> rank_correlation(std::span<const RankedPair> pairs,
                                                              int permutations, RandomStream random,
                                                              double confidence = 0.95);

/// The critical value of a statistic whose size was `draws` in permutations: p <= level exactly
/// where the statistic's size is above it. Nothing: so few draws cannot give such a p.
[[nodiscard]] std::optional<double> critical_value(std::vector<double> draws, double level);

}  // namespace minima
