// Whether a quantity is larger among successful runs than among failed ones, and what that says of
// a claim.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/verdict.h"
#include "core/random.h"

namespace minima::analysis {

/// One run. Only those of equal stratum are compared.
struct ContrastedRun {
  double value = 0.0;
  bool successful = false;
  std::string stratum = {};
};

/// Cliff's delta (1993): of the pairs of a successful and a failed run, the share in which the
/// successful one has the larger value, less the share in which it has the smaller one; -1..1.
/// With strata, over the pairs within them. The interval is Newcombe's fifth (2006), of a delta
/// that all strata have in common (ours). `p`: the share of permutations of the labels within
/// strata, the labels as they are among them, whose delta is at least as far from 0 (Phipson and
/// Smyth 2010).
struct Contrast {
  std::int64_t successful = 0;  ///< in strata with both
  std::int64_t failed = 0;
  double delta = 0.0;
  double low = 0.0;
  double high = 0.0;
  double p = 1.0;
};

/// Nothing where no stratum has both.
[[nodiscard]] std::optional<Contrast> contrast(std::span<const ContrastedRun> runs,
                                               double confidence, int permutations,
                                               RandomStream random);

/// Pearson's correlation of x and y less their means within strata, with Fisher's interval,
/// tanh(atanh r -+ z / sqrt(n - strata - 2)).
struct Correlation {
  std::int64_t runs = 0;  ///< in strata of two and more
  double r = 0.0;
  double low = 0.0;
  double high = 0.0;
};

struct Observation {
  double x = 0.0;
  double y = 0.0;
  std::string stratum = {};
};

/// Nothing where x or y does not vary within strata, or too few runs are left for an interval.
[[nodiscard]] std::optional<Correlation> correlation(std::span<const Observation> observations,
                                                     double confidence);

/// Of the claim that a quantity is above (`sign` 1) or below (-1) `border`.
[[nodiscard]] Verdict verdict_of(double low, double high, int sign, double border = 0.0);

}  // namespace minima::analysis
