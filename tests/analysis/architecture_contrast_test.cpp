// Checks values that can be computed by hand; contrasts_test.py compares the others with SciPy.
#include "analysis/weights/architecture_contrast.h"

#include <gtest/gtest.h>

#include <cmath>

namespace minima::analysis {
namespace {

std::optional<PooledEffect> pooled_effects(const std::vector<ArchitectureEffect>& effects) {
  return pooled(effects, 0.95, 1999, {1, 0, Purpose::weight_statistics});
}

std::vector<ArchitectureEffect> equal_effects(int count, double effect) {
  return std::vector<ArchitectureEffect>(static_cast<std::size_t>(count), {"", effect, 1.0});
}

TEST(MeanDifferences, AreWithinArchitectures) {
  const auto effects = mean_differences(std::vector<ContrastedRun>{{5, true, "a"},
                                                                   {7, true, "a"},
                                                                   {2, false, "a"},
                                                                   {100, true, "only successful"},
                                                                   {-50, false, "only failed"}});
  ASSERT_EQ(effects.size(), 1U);
  EXPECT_EQ(effects[0].architecture, "a");
  EXPECT_DOUBLE_EQ(effects[0].effect, 4.0);
  EXPECT_DOUBLE_EQ(effects[0].weight, 2.0 / 3.0);
}

TEST(SpreadDifferences, NeedTwoRunsOfBothSides) {
  std::vector<ContrastedRun> runs{{1, true, "a"}, {2, true, "a"}, {4, false, "a"}};
  EXPECT_TRUE(spread_differences(runs).empty());
  // Mean absolute differences: 1 of {1, 2}; (3 + 6 + 3) / 3 = 4 of {4, 7, 10}; 4.6 of all five.
  runs.push_back({10, false, "a"});
  runs.push_back({7, false, "a"});
  ASSERT_EQ(spread_differences(runs).size(), 1U);
  EXPECT_DOUBLE_EQ(spread_differences(runs)[0].effect, -3.0 / 4.6);
}

TEST(CorrelationsWithin, LeaveOutWhatDiffersBetweenArchitectures) {
  const auto effects = correlations_within(std::vector<Pair>{{1, 3, "a"},
                                                             {2, 2, "a"},
                                                             {3, 1, "a"},
                                                             {101, 103, "b"},
                                                             {102, 102, "b"},
                                                             {103, 101, "b"},
                                                             {5, 5, "two runs"},
                                                             {6, 6, "two runs"},
                                                             {1, 1, "same"},
                                                             {1, 2, "same"},
                                                             {1, 3, "same"}});
  ASSERT_EQ(effects.size(), 2U);
  for (const ArchitectureEffect& each : effects) EXPECT_DOUBLE_EQ(each.effect, -1.0);
}

TEST(Pooled, WeighsArchitectures) {
  const auto found = pooled_effects({{"a", 1.0, 3.0}, {"b", 5.0, 1.0}});
  EXPECT_DOUBLE_EQ(found->effect, 2.0);
  EXPECT_EQ(found->architectures, 2);
  EXPECT_EQ(found->p, 0.5) << "either sign of the second may change";
  EXPECT_EQ(found->least_p, 0.5);
}

TEST(Pooled, NeedsSixArchitecturesToDecide) {
  const auto five = pooled_effects(equal_effects(5, 1.0));
  EXPECT_EQ(five->p, 0.0625);
  EXPECT_EQ(five->least_p, 0.0625);
  EXPECT_FALSE(five->low);
  const auto six = pooled_effects(equal_effects(static_cast<int>(kFewestArchitectures), 1.0));
  EXPECT_EQ(six->p, 0.03125);
  EXPECT_EQ(six->low, 1.0) << "all agree";
  EXPECT_EQ(six->high, 1.0);
}

TEST(Pooled, OfManyArchitecturesDrawsPatternsAndIsNeverCertain) {
  const auto found = pooled_effects(equal_effects(40, 1.0));
  EXPECT_EQ(found->p, 1.0 / 2000.0);
  EXPECT_EQ(found->least_p, 1.0 / 2000.0);
}

TEST(Pooled, IsAbsentWithoutArchitectures) {
  EXPECT_FALSE(pooled_effects({}));
}

TEST(Pooled, OfNoEffectIsNotSignificant) {
  EXPECT_EQ(pooled_effects(equal_effects(9, 0.0))->p, 1.0);
}

}  // namespace
}  // namespace minima::analysis
