#include "statistics/tests/rank_correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace minima {
namespace {

RandomStream correlation_stream(std::uint64_t subject = 1) {
  return {5, subject, Purpose::bootstrap};
}

TEST(RankCorrelation, IsSpearmansWithMeanRanksForTies) {
  const std::vector<RankedPair> pairs{{1, 5}, {1, 4}, {2, 7}, {3, 7}, {4, 9}, {5, 1}};
  // scipy.stats.spearmanr([1, 1, 2, 3, 4, 5], [5, 4, 7, 7, 9, 1])
  EXPECT_NEAR(rank_correlation(pairs, 100, correlation_stream())->rho, 0.08823529411764706, 1e-12);
}

TEST(RankCorrelation, PIsLimitedByTheNumberOfOrders) {
  const std::vector<RankedPair> pairs{{1, 1}, {2, 2}, {3, 3}};
  const auto found = rank_correlation(pairs, 5000, correlation_stream());
  EXPECT_DOUBLE_EQ(found->rho, 1.0);
  EXPECT_NEAR(found->p, 1.0 / 3.0, 0.03);  // 2 of 6 orders are as far from 0
}

TEST(RankCorrelation, IgnoresDifferencesBetweenGroups) {
  // y falls with x in each group, and rises between them.
  std::vector<RankedPair> pairs;
  for (int group = 0; group < 4; ++group) {
    for (int i = 0; i < 5; ++i) {
      pairs.push_back({10.0 * group + i, 10.0 * group - i, std::to_string(group)});
    }
  }
  const auto within = rank_correlation(pairs, 1000, correlation_stream());
  EXPECT_DOUBLE_EQ(within->rho, -1.0);
  EXPECT_LT(within->p, 0.01);
  for (RankedPair& pair : pairs) pair.group.clear();
  EXPECT_GT(rank_correlation(pairs, 1000, correlation_stream())->rho, 0.5);
}

TEST(RankCorrelation, IsNothingForConstantValues) {
  EXPECT_FALSE(rank_correlation({}, 100, correlation_stream()));
  const std::vector<RankedPair> one{{1, 2}};
  EXPECT_FALSE(rank_correlation(one, 100, correlation_stream()));
  const std::vector<RankedPair> equal{{1, 2}, {2, 2}, {3, 2}};
  EXPECT_FALSE(rank_correlation(equal, 100, correlation_stream()));
  const std::vector<RankedPair> alone{{1, 2, "a"}, {2, 3, "b"}};
  EXPECT_FALSE(rank_correlation(alone, 100, correlation_stream()));
}

TEST(RankCorrelation, LeavesOutUninformativeGroups) {
  const std::vector<RankedPair> pairs{{1, 2, "a"}, {2, 3, "a"}, {3, 9, "alone"}};
  EXPECT_EQ(rank_correlation(pairs, 100, correlation_stream())->observations, 2U);
}

TEST(RankCorrelation, KeepsItsErrorRateOnNoise) {
  int significant = 0;
  constexpr int kSamples = 1000;
  for (int i = 0; i < kSamples; ++i) {
    RandomStream random(9, static_cast<std::uint64_t>(i), Purpose::random_design);
    std::vector<RankedPair> pairs;
    for (int k = 0; k < 12; ++k) pairs.push_back({k / 3 + 1.0, random.normal()});
    const auto found =
        rank_correlation(pairs, 199, correlation_stream(static_cast<std::uint64_t>(i)));
    if (found->p <= 0.05) ++significant;
  }
  EXPECT_NEAR(significant / 1000.0, 0.05, 0.02);  // the standard error is 0.7 %
}

TEST(RankCorrelation, IsTheSameForTheSameKey) {
  const std::vector<RankedPair> pairs{{1, 3}, {2, 1}, {3, 2}, {4, 5}, {5, 4}};
  EXPECT_EQ(rank_correlation(pairs, 500, correlation_stream())->p,
            rank_correlation(pairs, 500, correlation_stream())->p);
}

TEST(RankCorrelation, HasAnIntervalWithout0ExactlyWhereItIsSignificant) {
  for (std::uint64_t i = 0; i < 300; ++i) {
    RandomStream random(10, i, Purpose::random_design);
    std::vector<RankedPair> pairs;
    for (int k = 0; k < 12; ++k) {
      pairs.push_back({k / 4 + 1.0, 0.8 * (k / 4) + random.normal(), std::to_string(k % 4)});
    }
    const auto found = rank_correlation(pairs, 999, correlation_stream(i));
    const bool excludes_0 = found->low > 0.0 || found->high < 0.0;
    EXPECT_EQ(excludes_0, found->p <= 0.05) << found->rho << " p " << found->p;
    EXPECT_LE(found->low, found->rho);
    EXPECT_GE(found->high, found->rho);
  }
}

// The population correlation of ranks of a bivariate normal is (6 / pi) asin(r / 2) (Pearson 1907).
TEST(RankCorrelation, IntervalsContainTheTruth) {
  constexpr double kCorrelation = 0.7;
  const double truth = 6.0 / 3.14159265358979 * std::asin(kCorrelation / 2.0);
  int covered = 0;
  constexpr int kSamples = 400;
  for (std::uint64_t i = 0; i < kSamples; ++i) {
    RandomStream random(11, i, Purpose::random_design);
    std::vector<RankedPair> pairs;
    for (int k = 0; k < 25; ++k) {
      const double x = random.normal();
      pairs.push_back(
          {x, kCorrelation * x + std::sqrt(1.0 - kCorrelation * kCorrelation) * random.normal()});
    }
    const auto found = rank_correlation(pairs, 999, correlation_stream(i));
    covered += found->low <= truth && truth <= found->high ? 1 : 0;
  }
  EXPECT_NEAR(covered / static_cast<double>(kSamples), 0.95, 0.035);
}

// By hand: 2 of 4! orders; with two pairs of ties in x, 2 of 4! / 4; in three groups of three, 2 of
// 6^3.
TEST(RankCorrelation, ReportsTheSmallestPossibleP) {
  const auto least = [](const std::vector<RankedPair>& pairs) {
    return rank_correlation(pairs, 5000, correlation_stream())->least_p;
  };
  EXPECT_NEAR(least({{1, 1}, {2, 3}, {3, 2}, {4, 4}}), 2.0 / 24.0, 1e-9);
  EXPECT_NEAR(least({{1, 1}, {1, 3}, {2, 2}, {2, 4}}), 2.0 / 6.0, 1e-9);
  std::vector<RankedPair> groups;
  for (int k = 0; k < 9; ++k) groups.push_back({k % 3 + 1.0, k * 1.5, std::to_string(k / 3)});
  EXPECT_NEAR(least(groups), 2.0 / 216.0, 1e-9);
}

}  // namespace
}  // namespace minima
