#include "statistics/statistics.h"

#include <gtest/gtest.h>

#include <vector>

namespace minima {
namespace {

Moments moments_of(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) moments.add(value);
  return moments;
}

TEST(Moments, MatchHandValues) {
  const Moments moments = moments_of({2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(moments.count(), 8);
  EXPECT_DOUBLE_EQ(moments.mean(), 5.0);
  EXPECT_DOUBLE_EQ(moments.population_variance(), 4.0);
  EXPECT_DOUBLE_EQ(moments.sample_sd(), 2.1380899352993952);  // sqrt(32 / 7)
  EXPECT_EQ(moments.min(), 2.0);
  EXPECT_EQ(moments.max(), 9.0);
}

TEST(Moments, OfFewerThanTwoValuesHaveNoSpread) {
  EXPECT_EQ(Moments().mean(), 0.0);
  EXPECT_EQ(Moments().sample_sd(), 0.0);
  EXPECT_EQ(moments_of({3}).mean(), 3.0);
  EXPECT_EQ(moments_of({3}).sample_sd(), 0.0);
  EXPECT_EQ(moments_of({-3}).max(), -3.0);
}

TEST(Moments, MergedFromPartsEqualTheWhole) {
  const std::vector<double> values = {3.5, -1.25, 8, 2, 2, 100, -7.5, 0.125, 4};
  const Moments whole = moments_of(values);
  for (std::size_t cut = 0; cut <= values.size(); ++cut) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(cut);
    Moments merged = moments_of({values.begin(), at});
    merged.merge(moments_of({at, values.end()}));
    EXPECT_EQ(merged.count(), whole.count());
    EXPECT_NEAR(merged.mean(), whole.mean(), 1e-13);
    EXPECT_NEAR(merged.population_variance(), whole.population_variance(), 1e-10);
    EXPECT_EQ(merged.min(), whole.min());
    EXPECT_EQ(merged.max(), whole.max());
  }
}

TEST(Moments, KeepASmallSpreadAroundALargeMean) {
  EXPECT_NEAR(moments_of({1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}).population_variance(), 22.5, 1e-6);
}

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  const std::vector<double> values = {40, 10, 30, 20};
  EXPECT_DOUBLE_EQ(quantile(values, 0.0), 10.0);
  EXPECT_DOUBLE_EQ(quantile(values, 0.25), 17.5);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 25.0);
  EXPECT_DOUBLE_EQ(quantile(values, 0.9), 37.0);
  EXPECT_DOUBLE_EQ(quantile(values, 1.0), 40.0);
  EXPECT_DOUBLE_EQ(quantile(std::vector<double>{7}, 0.3), 7.0);
}

}  // namespace
}  // namespace minima
