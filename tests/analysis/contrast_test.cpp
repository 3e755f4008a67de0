// The cases that no oracle has; contrasts_test.py compares the others with SciPy.
#include "analysis/contrast.h"

#include <gtest/gtest.h>

namespace minima::analysis {
namespace {

RandomStream random_stream() {
  return {1, 0, Purpose::weight_statistics};
}

std::optional<Contrast> contrast_of(const std::vector<ContrastedRun>& runs) {
  return contrast(runs, 0.95, 999, random_stream());
}

TEST(Contrast, CountsPairs) {
  // Pairs of (2, 5) and (1, 3): 2 > 1, 2 < 3, 5 > 1, 5 > 3.
  const auto found = contrast_of({{2, true}, {5, true}, {1, false}, {3, false}});
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->delta, 0.5);
  EXPECT_EQ(found->successful, 2);
  EXPECT_LT(found->low, 0.0);
  EXPECT_GT(found->high, 0.5);
}

TEST(Contrast, ComparesWithinStrataOnly) {
  std::vector<ContrastedRun> runs;
  for (int i = 0; i < 10; ++i) {
    runs.push_back({1.0 + i, true, "wide"});  // large, and mostly successful
    runs.push_back({-1.0 - i, false, "narrow"});
  }
  EXPECT_FALSE(contrast_of(runs));
  runs.push_back({5.5, false, "wide"});
  runs.push_back({-5.5, true, "narrow"});
  EXPECT_DOUBLE_EQ(contrast_of(runs)->delta, 0.0);
}

TEST(Contrast, OfSeparatedRunsIsSureOnlyWithEnoughOfThem) {
  std::vector<ContrastedRun> runs;
  for (int i = 0; i < 2; ++i) {
    runs.push_back({1.0, true});
    runs.push_back({0.0, false});
  }
  EXPECT_EQ(contrast_of(runs)->delta, 1.0);
  EXPECT_LT(contrast_of(runs)->low, 0.2) << "two of each say little";
  for (int i = 0; i < 18; ++i) {
    runs.push_back({1.0, true});
    runs.push_back({0.0, false});
  }
  EXPECT_GT(contrast_of(runs)->low, 0.7);
  EXPECT_LE(contrast_of(runs)->p, 0.002);
}

TEST(Contrast, NeedsBothSides) {
  EXPECT_FALSE(contrast_of({}));
  EXPECT_FALSE(contrast_of({{1, true}, {2, true}}));
}

TEST(Contrast, OfEqualValuesIsNothing) {
  const auto found = contrast_of({{1, true}, {1, true}, {1, false}, {1, false}});
  EXPECT_DOUBLE_EQ(found->delta, 0.0);
  EXPECT_DOUBLE_EQ(found->p, 1.0);
}

TEST(Correlation, WithinStrataLeavesOutWhatDiffersBetweenThem) {
  std::vector<Observation> observations;
  for (int stratum = 0; stratum < 2; ++stratum) {
    for (int i = 0; i < 10; ++i) {  // falls within, rises between
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

TEST(Verdict, FollowsTheSideOfTheInterval) {
  EXPECT_EQ(verdict_of(0.1, 0.5, 1), Verdict::supported);
  EXPECT_EQ(verdict_of(0.1, 0.5, -1), Verdict::contradicted);
  EXPECT_EQ(verdict_of(-0.5, -0.1, -1), Verdict::supported);
  EXPECT_EQ(verdict_of(-0.1, 0.5, 1), Verdict::undecided);
  EXPECT_EQ(verdict_of(0.6, 0.9, 1, 0.5), Verdict::supported);
}

}  // namespace
}  // namespace minima::analysis
