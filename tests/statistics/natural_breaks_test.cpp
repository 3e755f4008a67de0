#include "statistics/fits/natural_breaks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "core/numbers/random.h"
#include "statistics/statistics.h"

namespace minima {
namespace {

using Values = std::vector<double>;

// Sum of squared distances from the class means.
double cost_of(const Values& values, const Values& breaks) {
  std::vector<Moments> classes(breaks.size());
  for (const double value : values) {
    const auto above = std::upper_bound(breaks.begin(), breaks.end(), value);
    classes[static_cast<std::size_t>(above - breaks.begin()) - 1].add(value);
  }
  double cost = 0.0;
  for (const Moments& moments : classes) {
    cost += moments.population_variance() * static_cast<double>(moments.count());
  }
  return cost;
}

// The smallest cost over all ways to choose class starts among the distinct values.
double exhaustive(const Values& values, const Values& distinct, Values breaks, std::size_t from,
                  std::size_t classes) {
  if (breaks.size() == classes) return cost_of(values, breaks);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = from; i < distinct.size(); ++i) {
    Values more = breaks;
    more.push_back(distinct[i]);
    least = std::min(least, exhaustive(values, distinct, more, i + 1, classes));
  }
  return least;
}

TEST(NaturalBreaks, MatchAnExhaustiveSearch) {
  RandomStream stream(1, 2, Purpose::random_design);
  for (int trial = 0; trial < 60; ++trial) {
    Values values;
    for (int i = 0; i < 4 + trial % 10; ++i) {
      values.push_back(static_cast<double>(stream.below(trial % 2 == 0 ? 12 : 100'000)));
    }
    Values distinct = values;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    for (std::size_t classes = 1; classes <= std::min<std::size_t>(5, distinct.size()); ++classes) {
      const Values breaks = natural_breaks(values, classes);
      ASSERT_EQ(breaks.size(), classes);
      const double least = exhaustive(values, distinct, {distinct[0]}, 1, classes);
      EXPECT_NEAR(cost_of(values, breaks), least, 1e-9 * (1 + least));
    }
  }
}

TEST(NaturalBreaks, FindSeparatedClusters) {
  EXPECT_EQ(natural_breaks(Values{0.9, 0.1, 0.52, 0.91, 0.11, 0.5}, 3), (Values{0.1, 0.5, 0.9}));
}

TEST(NaturalBreaks, NeverDivideEqualValues) {
  EXPECT_EQ(natural_breaks(Values{7, 7, 7, 7}, 3), Values{7});
  EXPECT_EQ(natural_breaks(Values{1, 1, 1, 1, 2}, 5), (Values{1, 2}));
  EXPECT_EQ(natural_breaks(Values{}, 5), Values{});
}

TEST(NaturalBreaks, OfAsManyRunsAsALargeStudyHasTakeNoTime) {
  RandomStream stream(1, 1, Purpose::random_design);
  Values values;
  for (int i = 0; i < 14'400; ++i) values.push_back(stream.uniform());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(natural_breaks(values, 5).size(), 5U);
  // Milliseconds; a quadratic algorithm takes seconds.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500));
}

}  // namespace
}  // namespace minima
