// Whether one quantity rises with another, within groups or over all.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "core/random.h"

namespace minima::analysis {

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
struct RankCorrelation {
  std::size_t observations = 0;  ///< in groups where x and y both differ
  double rho = 0.0;
  double p = 1.0;
};

/// Nothing where no group has two x and two y that differ.
[[nodiscard]] std::optional<RankCorrelation> rank_correlation(std::span<const RankedPair> pairs,
                                                              int permutations,
                                                              RandomStream random);

}  // namespace minima::analysis
