#include "compress/quantize/activation_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/numbers/random.h"

namespace minima::compress {
namespace {

using Rule = Clipping::Rule;

std::vector<float> activations(std::size_t count, bool relu) {
  RandomStream random(3, 4, Purpose::calibration);
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<float>(2.5 * random.normal());
    values.push_back(relu ? std::max(value, 0.0F) : value);
  }
  return values;
}

ActivationHistogram histogram_of(std::span<const float> values) {
  ActivationHistogram histogram;
  histogram.add(values);
  return histogram;
}

/// All ranges that can be requested.
std::vector<Range> ranges_of(const ActivationHistogram& histogram) {
  std::vector<Range> ranges = {histogram.full_range()};
  for (const double percentile : {50.0, 90.0, 99.0, 99.9}) {
    ranges.push_back(histogram.range({.rule = Rule::percentile, .percentile = percentile}, 255));
  }
  for (const int steps : {3, 15, 255, 32767}) {
    ranges.push_back(histogram.range({.rule = Rule::least_squared_error}, steps));
  }
  return ranges;
}

TEST(ActivationHistogram, DoesNotDependOnOrderOrMerging) {
  std::vector<float> values = activations(5000, false);
  const std::vector<Range> expected = ranges_of(histogram_of(values));
  std::sort(values.begin(), values.end(),
            [](float a, float b) { return std::fabs(a) < std::fabs(b); });
  EXPECT_EQ(ranges_of(histogram_of(values)), expected);
  std::reverse(values.begin(), values.end());
  const std::span<const float> all = values;
  ActivationHistogram left = histogram_of(all.first(100));
  ActivationHistogram right = histogram_of(all.subspan(100));
  ActivationHistogram merged = right;
  merged.merge(left);
  left.merge(right);
  EXPECT_EQ(ranges_of(left), expected);
  EXPECT_EQ(ranges_of(merged), expected);
  left.merge({});
  EXPECT_EQ(ranges_of(left), expected);
}

TEST(ActivationHistogram, SmallValuesSurviveMuchLargerOnes) {
  std::vector<float> values(90, 1.0F);
  values.resize(100, 1000.0F);
  const Clipping half{.rule = Rule::percentile, .percentile = 50.0};
  EXPECT_NEAR(histogram_of(values).range(half, 255).high, 1.0F, 0.5F);  // bins of 0.5
  ActivationHistogram small = histogram_of(std::span(values).first(90));
  small.merge(histogram_of(std::span(values).subspan(90)));
  EXPECT_NEAR(small.range(half, 255).high, 1.0F, 0.5F);
}

TEST(ActivationHistogram, IgnoresThePaddingOfABatch) {
  const std::vector<float> batch = {1.0F, 2.0F, 99.0F, -3.0F, 4.0F, 99.0F};  // [2][3], 2 images
  ActivationHistogram histogram;
  histogram.add(batch.data(), 2, 3, 2);
  EXPECT_EQ(histogram.count(), 4);
  EXPECT_EQ(histogram.full_range(), (Range{.low = -3.0F, .high = 4.0F}));
}

TEST(ActivationHistogram, PercentilesAreWithinABinOfTheOrderStatistics) {
  for (const bool relu : {false, true}) {
    std::vector<float> values = activations(20'000, relu);
    const ActivationHistogram histogram = histogram_of(values);
    std::sort(values.begin(), values.end());
    const float bin = histogram.full_range().largest() / 1024.0F;
    for (const double percentile : {80.0, 99.0, 99.9}) {
      const double tail = (100.0 - percentile) / (relu ? 100.0 : 200.0);
      const Range range =
          histogram.range({.rule = Rule::percentile, .percentile = percentile}, 255);
      // The order statistics next to the quantile.
      const auto near = [&](double share, int steps) {
        return values[static_cast<std::size_t>(std::lround(share * 20'000) + steps)];
      };
      EXPECT_GE(range.high, near(1.0 - tail, -2) - bin);
      EXPECT_LE(range.high, near(1.0 - tail, 1) + bin);
      EXPECT_GE(range.low, relu ? 0.0F : near(tail, -2) - bin);
      EXPECT_LE(range.low, relu ? 0.0F : near(tail, 1) + bin);
    }
  }
}

TEST(ActivationHistogram, Percentile100IsTheFullRange) {
  const ActivationHistogram histogram = histogram_of(activations(1000, true));
  EXPECT_NEAR(histogram.range({.rule = Rule::percentile, .percentile = 100.0}, 255).high,
              histogram.full_range().high, histogram.full_range().high / 1024.0F);
}

TEST(ActivationHistogram, LeastSquaredErrorClipsMoreWithFewerSteps) {
  const ActivationHistogram histogram = histogram_of(activations(20'000, true));
  const auto high = [&](int steps) {
    return histogram.range({.rule = Rule::least_squared_error}, steps).high;
  };
  EXPECT_LT(high(3), high(15));
  EXPECT_LT(high(15), high(255));
  EXPECT_EQ(high(32767), histogram.full_range().high);
}

TEST(ActivationHistogram, LeastSquaredErrorIsNearTheExactOne) {
  const std::vector<float> values = activations(20'000, true);
  const ActivationHistogram histogram = histogram_of(values);
  const auto error = [&](double high, int steps) {
    double sum = 0.0;
    for (const float value : values) {
      const double code = std::min(std::nearbyint(double{value} * steps / high), double(steps));
      sum += std::pow(code * high / steps - static_cast<double>(value), 2);
    }
    return sum;
  };
  for (const int steps : {1, 3, 15, 63, 255}) {
    const double top = histogram.full_range().high;
    double least = error(top, steps);
    for (int share = 1; share < 1000; ++share)
      least = std::min(least, error(top * share / 1000, steps));
    const Range range = histogram.range({.rule = Rule::least_squared_error}, steps);
    EXPECT_LT(error(range.high, steps), 1.01 * least) << steps;
  }
}

TEST(ActivationHistogram, RangeOfNothingOrZerosIsZero) {
  for (const Rule rule : {Rule::max, Rule::percentile, Rule::least_squared_error}) {
    EXPECT_EQ(ActivationHistogram().range({.rule = rule}, 255), Range{});
    EXPECT_EQ(histogram_of(std::vector<float>(10, 0.0F)).range({.rule = rule}, 255), Range{});
  }
}

TEST(ActivationHistogram, MostlyZerosStillHaveARange) {
  std::vector<float> values(10'000, 0.0F);
  values.push_back(2.0F);
  const Range range =
      histogram_of(values).range({.rule = Rule::percentile, .percentile = 99.0}, 255);
  EXPECT_EQ(range.high, 2.0F);
}

TEST(ActivationHistogram, CountsNonFiniteValuesSeparately) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const ActivationHistogram histogram =
      histogram_of(std::vector<float>{1.0F, kInfinity, std::nanf(""), -kInfinity});
  EXPECT_EQ(histogram.count(), 1);
  EXPECT_EQ(histogram.not_finite(), 3);
  EXPECT_EQ(histogram.full_range().high, 1.0F);
}

TEST(ActivationHistogram, HoldsTheLargestAndTheSmallestFloats) {
  const ActivationHistogram histogram =
      histogram_of(std::vector<float>{std::numeric_limits<float>::max(), 1e-45F, -1e-45F, 1.0F});
  EXPECT_EQ(histogram.count(), 4);
  EXPECT_EQ(histogram.full_range().high, std::numeric_limits<float>::max());
}

}  // namespace
}  // namespace minima::compress
