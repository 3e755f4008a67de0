#include "analysis/sizes/front.h"

#include <gtest/gtest.h>

#include "core/numbers/random.h"

namespace minima::analysis {
namespace {

Point point(double size, std::vector<double> accuracies) {
  return {.size = size, .accuracies = std::move(accuracies), .images = 10'000};
}

TEST(Front, HasTheNetworksBetterThanEverySmallerOne) {
  const Front front =
      front_of(std::vector{point(30, {0.9, 0.9}), point(10, {0.8, 0.8}), point(20, {0.7, 0.7}),
                           point(30, {0.95, 0.95}), point(40, {0.94, 0.94})},
               0.95);
  ASSERT_EQ(front.points.size(), 2U);
  EXPECT_EQ(front.points[0].point, 1U);
  EXPECT_EQ(front.points[1].point, 3U);
  EXPECT_NEAR(front.points[1].gain, 0.15, 1e-12);
  EXPECT_TRUE(front.points[1].shown);
  EXPECT_EQ(front.compared, 5U);
}

TEST(Front, ReportsThatASmallGainIsNotShown) {
  const Front front =
      front_of(std::vector{point(1, {0.950, 0.952, 0.948}), point(2, {0.951, 0.953, 0.949})}, 0.95);
  ASSERT_EQ(front.points.size(), 2U);
  EXPECT_FALSE(front.points[1].shown);
  EXPECT_LT(front.points[1].gain_low, 0.0);
}

TEST(Front, IsChosenOnValidationImages) {
  std::vector<Point> points{point(1, {0.95}), point(2, {0.96})};
  points[0].choosing = 0.97;
  points[1].choosing = 0.96;
  EXPECT_EQ(front_of(points, 0.95).points.size(), 1U);
}

TEST(Front, OfSingleRunsShowsNothing) {
  const Front front = front_of(std::vector{point(1, {0.90}), point(2, {0.95})}, 0.95);
  ASSERT_EQ(front.points.size(), 2U);
  EXPECT_FALSE(front.points[1].shown) << "seeds may differ by more";
  EXPECT_FALSE(front.points[1].low.has_value());
  EXPECT_FALSE(front.points[1].gain_low.has_value());
}

/// Thirty compressed versions of one architecture share the random error of its two trainings. All
/// intervals must hold simultaneously in 95 % of the populations.
TEST(Front, IsNotFooledByManyVersionsOfTheSameRuns) {
  constexpr int kPopulations = 1000;
  constexpr int kVersions = 30;
  const auto misses = [](bool are_known_to_share) {
    int wrong = 0;
    for (int population = 0; population < kPopulations; ++population) {
      RandomStream stream(9, static_cast<std::uint64_t>(population), Purpose::random_design);
      const double first = 0.8 + 0.02 * stream.normal();
      const double second = 0.8 + 0.02 * stream.normal();
      std::vector<Point> points;
      for (int i = 0; i < kVersions; ++i) {
        const double loss = 0.001 * (kVersions - 1 - i);
        points.push_back(
            {.size = 1.0 + i,
             .accuracies = {first - loss, second - loss},
             .images = 100'000'000,
             .trained = are_known_to_share ? std::optional<std::size_t>(0) : std::nullopt});
      }
      bool missed = false;
      for (const FrontPoint& each : front_of(points, 0.95).points) {
        const double truth = 0.8 - 0.001 * static_cast<double>(kVersions - 1 - each.point);
        missed |= truth < *each.low || truth > *each.high;
      }
      wrong += missed ? 1 : 0;
    }
    return wrong;
  };
  EXPECT_LT(misses(true), kPopulations / 20);
  EXPECT_GT(misses(false), kPopulations / 10) << "the population has the confound";
}

TEST(Front, IsEmptyWithoutNetworks) {
  EXPECT_TRUE(front_of({}, 0.95).points.empty());
}

/// Twenty networks with the same true accuracy: the leader leads by chance. In 95 % of the
/// populations, all intervals of a front must hold simultaneously and no gain may be shown.
TEST(Front, IsNotFooledByTheBestOfMany) {
  constexpr int kPopulations = 300;
  int wrong = 0;
  for (int population = 0; population < kPopulations; ++population) {
    RandomStream stream(7, static_cast<std::uint64_t>(population), Purpose::random_design);
    std::vector<Point> points;
    for (int i = 0; i < 20; ++i) {
      std::vector<double> accuracies;
      for (int run = 0; run < 5; ++run) accuracies.push_back(0.95 + 0.005 * stream.normal());
      points.push_back(point(i, std::move(accuracies)));
    }
    bool missed = false;
    for (const FrontPoint& each : front_of(points, 0.95).points) {
      missed = missed || *each.low > 0.95 || *each.high < 0.95;
      missed = missed || (each.shown && each.gain > 0.0);
    }
    if (missed) ++wrong;
  }
  EXPECT_LE(wrong, kPopulations * 0.05);
}

}  // namespace
}  // namespace minima::analysis
