#include "measure/weight_histogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "record/weight_summary.h"

namespace minima::measure {
namespace {

using testing::ElementsAre;

record::BinnedCounts counts_of(const std::vector<float>& values) {
  WeightHistogram histogram;
  histogram.add(values);
  return histogram.counts();
}

bool operator==(const record::BinnedCounts& a, const record::BinnedCounts& b) {
  return a.exponent == b.exponent && a.first_bin == b.first_bin && a.counts == b.counts;
}

TEST(WeightHistogram, SortsIntoBinsOfAPowerOfTwo) {
  // The largest magnitude is below 1 = 256 bins of 2^-8.
  const auto counts = counts_of({0.0F, 0.001F, -0.001F, 0.004F, 0.75F});
  EXPECT_EQ(counts.exponent, -8);
  EXPECT_EQ(counts.first_bin, -1);
  EXPECT_EQ(counts.counts.size(), 194U);  // -1 .. 192
  EXPECT_EQ(counts.counts[0], 1);
  EXPECT_EQ(counts.counts[1], 2);
  EXPECT_EQ(counts.counts[2], 1);
  EXPECT_EQ(counts.counts.back(), 1);
}

TEST(WeightHistogram, DoesNotDependOnSplitOrOrder) {
  const std::vector<float> values{0.3F, -0.01F, 1e-5F, -7.5F, 0.0F, 120.0F, -0.2F};
  const auto whole = counts_of(values);
  for (const bool backwards : {false, true}) {
    WeightHistogram merged;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t at = backwards ? values.size() - 1 - i : i;
      merged.merge(counts_of({values[at]}));
    }
    EXPECT_TRUE(merged.counts() == whole);
  }
}

TEST(WeightHistogram, OfZerosAndOfNothing) {
  const auto zeros = counts_of({0.0F, -0.0F});
  EXPECT_THAT(zeros.counts, ElementsAre(2));
  WeightHistogram histogram(zeros);
  histogram.add(std::vector<float>{1.0F});
  EXPECT_EQ(histogram.counts().counts.front(), 2);
  EXPECT_TRUE(counts_of({}).counts.empty());
  EXPECT_TRUE(counts_of({std::numeric_limits<float>::quiet_NaN()}).counts.empty());
}

TEST(WeightHistogram, CoversTheWholeRangeOfFloats) {
  const auto counts =
      counts_of({std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::max(),
                 std::numeric_limits<float>::lowest()});
  EXPECT_EQ(counts.counts.front(), 1);
  EXPECT_EQ(counts.counts.back(), 1);
}

TEST(WeightHistogram, GivesTheMiddlesOfItsBinsAsPoints) {
  const WeightedPoints points = points_of(counts_of({0.5F, 0.5F, -0.25F}));
  EXPECT_THAT(points.weight, ElementsAre(1.0, 2.0));
  EXPECT_NEAR(points.x[0], -0.25, 0.003);
  EXPECT_NEAR(points.x[1], 0.5, 0.003);
}

}  // namespace
}  // namespace minima::measure
