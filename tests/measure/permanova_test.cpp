// Cases checked by hand; measures_parity_test.py compares with sums over coordinates.
#include "measure/permanova.h"

#include <gtest/gtest.h>

#include <cmath>

#include "measure/distances.h"

namespace minima::measure {
namespace {

RandomStream random_stream() {
  return {3, 0, Purpose::weight_statistics};
}

// Points on a line.
std::vector<float> squares_of(std::vector<float> places) {
  const std::size_t count = places.size();
  return squared_distances({count, 1, std::move(places)});
}

TEST(Permanova, MatchesAHandCalculation) {
  // Two groups of two with means 1 and 6, overall mean 3.5: within 2 + 2, total 12.5 + 4.5 + 2.25 +
  // 12.25.
  const auto found = permanova(squares_of({0, 2, 5, 7}), std::vector{0, 0, 1, 1},
                               std::vector{0, 0, 0, 0}, 2000, random_stream());
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->r_squared, 1.0 - 4.0 / 29.0, 1e-6);
  EXPECT_NEAR(found->pseudo_f, (25.0 / 1.0) / (4.0 / 2.0), 1e-5);
  EXPECT_NEAR(found->p_above, 1.0 / 3.0, 0.04) << "two of six arrangements are as far apart";
}

TEST(Permanova, IgnoresDifferencesBetweenStrata) {
  // The first stratum lies at 0 and 1, the second at 100 and 101; labels have no effect in either.
  const auto squares = squares_of({0, 1, 0, 1, 100, 101, 100, 101});
  const std::vector<int> labels{0, 0, 1, 1, 0, 0, 1, 1};
  const std::vector<int> strata{0, 0, 0, 0, 1, 1, 1, 1};
  const auto found = permanova(squares, labels, strata, 2000, random_stream());
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->r_squared, 0.0, 1e-6);
  EXPECT_EQ(found->p_above, 1.0);
}

TEST(Permanova, LeavesOutStrataWithOneLabel) {
  const std::vector<int> labels{0, 0, 1, 1, 1, 1};
  const std::vector<int> strata{0, 0, 0, 0, 1, 1};
  const auto some =
      permanova(squares_of({0, 2, 5, 7, 1, 50}), labels, strata, 1000, random_stream());
  ASSERT_TRUE(some);
  EXPECT_NEAR(some->r_squared, 1.0 - 4.0 / 29.0, 1e-6);
  EXPECT_FALSE(
      permanova(squares_of({0, 1}), std::vector{0, 0}, std::vector{0, 0}, 1000, random_stream()));
  EXPECT_FALSE(permanova(squares_of({3, 3, 3, 3}), std::vector{0, 0, 1, 1}, std::vector{0, 0, 0, 0},
                         1000, random_stream()));
}

TEST(DistancesFromCentroid, CorrectTheBiasOfSmallGroups) {
  // Two points 2 apart: each is 1 from their centroid, times sqrt(2 / 1).
  const auto distances = distances_from_centroid(squares_of({0, 2, 9}), std::vector{0, 0, 1});
  EXPECT_NEAR(distances[0], std::sqrt(2.0), 1e-6);
  EXPECT_NEAR(distances[1], std::sqrt(2.0), 1e-6);
  EXPECT_TRUE(std::isnan(distances[2]));
}

}  // namespace
}  // namespace minima::measure
