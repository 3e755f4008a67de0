// Cases without an oracle; contrasts_test.py compares the others with SciPy.
#include "statistics/tests/contrast.h"

#include <gtest/gtest.h>

namespace minima {
namespace {

TEST(CliffsDelta, CountsPairs) {
  // 2 > 1, 2 < 3, 5 > 1, 5 > 3; a tie counts for neither.
  EXPECT_DOUBLE_EQ(*cliffs_delta(std::vector{2.0, 5.0}, std::vector{1.0, 3.0}), 0.5);
  EXPECT_DOUBLE_EQ(*cliffs_delta(std::vector{1.0}, std::vector{1.0}), 0.0);
  EXPECT_FALSE(cliffs_delta(std::vector{1.0}, {}));
}

TEST(MeanAbsoluteDifference, IsOverPairs) {
  EXPECT_DOUBLE_EQ(*mean_absolute_difference({7, 1, 4}), (6.0 + 3.0 + 3.0) / 3.0);
  EXPECT_FALSE(mean_absolute_difference({1}));
}

TEST(Correlation, WithinStrataIgnoresDifferencesBetweenThem) {
  std::vector<Observation> observations;
  for (int stratum = 0; stratum < 2; ++stratum) {
    for (int i = 0; i < 10; ++i) {  // falls within strata, rises between them
      observations.push_back(
          {i + 100.0 * stratum, -i + 100.0 * stratum + 0.1 * (i % 3), std::to_string(stratum)});
    }
  }
  EXPECT_LT(correlation(observations, 0.95)->high, -0.9);
  for (Observation& each : observations) each.stratum.clear();
  EXPECT_GT(correlation(observations, 0.95)->low, 0.9);
}

TEST(Correlation, NeedsEnoughRunsThatDiffer) {
  EXPECT_FALSE(correlation(std::vector<Observation>{{1, 1}, {2, 2}, {3, 3}}, 0.95));
  EXPECT_FALSE(correlation(std::vector<Observation>(9, {1, 2}), 0.95));
}

}  // namespace
}  // namespace minima
