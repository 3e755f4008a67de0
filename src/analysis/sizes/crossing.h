// Estimates the size from which on a condition holds, from noisy levels, with an interval.
//
// The papers' definitions have the form "the smallest P such that f(P') >= bound for all P' >= P".
// Applied literally to estimates, a single noisy level decides, and always biases P upwards. So f
// is replaced by its monotone fit (isotonic regression weighted with the runs). Its level set
// begins where the sum of weight x (f - bound) over all larger levels is largest. Equivalently, it
// begins at the one level such that every range of levels that starts there meets the bound on
// average, and every range that ends just before misses it. Without noise, and if f crosses once,
// this is the literal answer.
//
// The interval inverts tests: it keeps every level that no such range contradicts significantly.
// Ranges of 1, 2, 4, ... levels are tested, and the range of all. The score of a range is compared
// with the maximum over all ranges at the same level. The distribution of the maximum comes from a
// multiplier bootstrap (Chernozhukov, Chetverikov and Kato 2013): each level's noise is redrawn as
// a normal number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/population/levels.h"
#include "core/numbers/random.h"

namespace minima::analysis {

/// A condition that is to hold from some level on, with its evidence.
struct Condition {
  /// Per level: weight x distance from the bound; positive if the condition holds.
  std::vector<double> surplus;
  /// Per level: variance of the level's term in the sum over a range, up to a common factor.
  std::vector<double> information;
  /// Normal scores of the evidence that the condition holds (fails) on average over the levels
  /// first..last-1. Empty functions: the data do not allow a test.
  std::function<double(std::size_t first, std::size_t last)> holds;
  std::function<double(std::size_t first, std::size_t last)> fails;
};

/// Indices of levels; the number of levels stands for "no level".
struct Crossing {
  std::size_t estimate = 0;  ///< from the monotone fit
  std::size_t plain = 0;     ///< the literal definition
  bool tested = false;       ///< whether low and high are set
  std::size_t low = 0;
  std::size_t high = 0;
};

struct CrossingTest {
  double miss_low = 0.025;   ///< probability that the interval begins above the truth
  double miss_high = 0.025;  ///< probability that it ends below the truth
  int samples = 1000;        ///< bootstrap samples
};

[[nodiscard]] Crossing crossing_of(const Condition& condition, const CrossingTest& test,
                                   RandomStream stream);

/// Crossing of the conjunction of several conditions. Its interval misses with at most the sum of
/// their miss_low, but with a single miss_high, because the last condition to hold decides.
[[nodiscard]] Crossing together(const std::vector<Crossing>& crossings);

/// A crossing expressed in numbers of parameters.
struct SizeEstimate {
  std::optional<std::int64_t> parameters;  ///< absent: at no trained size
  std::optional<std::int64_t> plain;       ///< by the literal definition
  bool has_interval = false;
  std::optional<std::int64_t> low;   ///< absent, with an interval: above every trained size
  std::optional<std::int64_t> high;  ///< absent, with an interval: above every trained size
};

[[nodiscard]] SizeEstimate size_estimate(const std::vector<Level>& levels,
                                         const Crossing& crossing);

}  // namespace minima::analysis
