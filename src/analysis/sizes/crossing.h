// From which size on does a condition hold? Answered from noisy levels, with an interval.
//
// The papers' definitions have the form "the smallest P such that f(P') >= bound for all P' >= P".
// Read literally on estimates, one noisy level among many decides, and always upwards. So f is
// replaced by its monotone fit (isotonic regression weighted with the runs). Its level set begins
// where the sum of weight x (f - bound) over all larger levels is largest; equivalently, at the one
// level such that every stretch of levels that starts there meets the bound on average, and every
// stretch that ends just before misses it. Without noise, and where f crosses once, this is the
// literal answer.
//
// The interval keeps every level of which no such stretch says the contrary significantly: it
// inverts tests. Stretches of 1, 2, 4, ... levels are looked at, and all. A stretch's score is
// referred to the largest of all stretches at the same level, whose distribution comes from a
// multiplier bootstrap (Chernozhukov, Chetverikov and Kato 2013): each level's noise is redrawn as
// a normal number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/population/levels.h"
#include "core/random.h"

namespace minima::analysis {

/// A condition on levels that shall hold from some level on, with what the data say of it.
struct Condition {
  /// Per level: weight x distance from the bound, positive where the condition holds.
  std::vector<double> surplus;
  /// Per level: variance of the level's part in the sum of a stretch, up to a common factor.
  std::vector<double> information;
  /// Normal scores of the evidence that the condition holds (that it fails) on average over the
  /// levels first..last-1. Empty functions: the data do not allow a test.
  std::function<double(std::size_t first, std::size_t last)> holds;
  std::function<double(std::size_t first, std::size_t last)> fails;
};

/// Indices of levels; as many as there are levels: none of them.
struct Crossing {
  std::size_t estimate = 0;  ///< of the monotone fit
  std::size_t plain = 0;     ///< the definition read literally
  bool tested = false;       ///< whether low and high are known
  std::size_t low = 0;
  std::size_t high = 0;
};

struct CrossingTest {
  double miss_low = 0.025;   ///< probability that the interval begins above the truth
  double miss_high = 0.025;  ///< probability that it ends below it
  int samples = 1000;        ///< of the bootstrap
};

[[nodiscard]] Crossing crossing_of(const Condition& condition, const CrossingTest& test,
                                   RandomStream stream);

/// Where several conditions hold together. The interval misses with at most the sum of their
/// miss_low, but with one miss_high only: what fails last decides.
[[nodiscard]] Crossing together(const std::vector<Crossing>& crossings);

/// A crossing as numbers of parameters.
struct SizeEstimate {
  std::optional<std::int64_t> parameters;  ///< absent: at no size trained
  std::optional<std::int64_t> plain;       ///< by the definition read literally
  bool has_interval = false;
  std::optional<std::int64_t> low;   ///< absent, with an interval: above every size trained
  std::optional<std::int64_t> high;  ///< likewise
};

[[nodiscard]] SizeEstimate size_estimate(const std::vector<Level>& levels,
                                         const Crossing& crossing);

}  // namespace minima::analysis
