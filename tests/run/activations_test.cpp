#include "run/variants/activations.h"

#include <gtest/gtest.h>

#include <limits>

namespace minima::run {
namespace {

using compress::Clipping;
using compress::NumberFormat;

/// Two features of three images in rows of 20; the padding must never be read.
struct Block {
  static constexpr std::size_t kStride = 20;
  std::vector<float> values = std::vector<float>(2 * kStride, 1000.0F);
  Block() {
    const float rows[2][3] = {{0.0F, 1.0F, 2.0F}, {-1.0F, 0.5F, 3.0F}};
    for (std::size_t f = 0; f < 2; ++f) {
      for (std::size_t b = 0; b < 3; ++b) values[f * kStride + b] = rows[f][b];
    }
  }
  [[nodiscard]] float at(std::size_t f, std::size_t b) const { return values[f * kStride + b]; }
};

TEST(ActivationRecorder, FindsTheEndsOfAllBatches) {
  const ActivationRecorder recorder({.rule = Clipping::Rule::max});
  Block block;
  recorder.apply(1, 0, block.values.data(), 2, Block::kStride, 3);
  std::vector<float> long_row(37, 0.25F);
  long_row[5] = -4.0F;
  long_row[36] = 7.0F;
  recorder.apply(1, 0, long_row.data(), 1, 37, 37);
  recorder.apply(2, 3, long_row.data(), 1, 37, 5);
  const ActivationRanges ranges = recorder.ranges(NumberFormat::int8);
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges.at({1, 0}), (compress::Range{-4.0F, 7.0F}));
  EXPECT_EQ(ranges.at({2, 3}), (compress::Range{0.0F, 0.25F}));
}

TEST(ActivationRecorder, CountsWhereEndsAreNotEnough) {
  const ActivationRecorder recorder({.rule = Clipping::Rule::percentile, .percentile = 50.0});
  std::vector<float> row(1000);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<float>(i) / 1000.0F;
  recorder.apply(0, 0, row.data(), 1, row.size(), row.size());
  EXPECT_NEAR(recorder.ranges(NumberFormat::int8).at({0, 0}).high, 0.5F, 0.01F);
}

TEST(ActivationRounding, RoundsWithinTheRange) {
  const ActivationRounding rounding(NumberFormat::int2, {{{0, 0}, {0.0F, 3.0F}}});
  Block block;
  rounding.apply(0, 0, block.values.data(), 2, Block::kStride, 3);
  EXPECT_EQ(block.at(0, 1), 1.0F);
  EXPECT_EQ(block.at(1, 0), 0.0F);  // clamped
  EXPECT_EQ(block.at(1, 1), 0.0F);  // half a step, rounded to even
  EXPECT_EQ(block.at(1, 2), 3.0F);
}

TEST(ActivationRounding, HasNoGradientWhereItClamps) {
  const ActivationRounding rounding(NumberFormat::int2, {{{0, 0}, {0.0F, 2.0F}}});
  const Block block;
  std::vector<float> gradient(block.values.size(), 1.0F);
  rounding.backward(0, 0, block.values.data(), gradient.data(), 2, Block::kStride, 3);
  EXPECT_EQ(gradient[1], 1.0F);
  EXPECT_EQ(gradient[Block::kStride + 0], 0.0F);  // -1
  EXPECT_EQ(gradient[Block::kStride + 2], 0.0F);  // 3, above 2
}

TEST(ActivationAveraging, FollowsTheRangesOfBatches) {
  const ActivationAveraging averaging(NumberFormat::int8);
  std::vector<float> first{0.0F, 1.0F};
  averaging.apply(0, 0, first.data(), 1, 2, 2);
  EXPECT_EQ(first[1], 1.0F);  // the first range comes from the first batch
  std::vector<float> second{0.0F, 2.0F};
  averaging.apply(0, 0, second.data(), 1, 2, 2);
  EXPECT_NEAR(second[1], 0.99F * 1.0F + 0.01F * 2.0F, 1e-5F);  // clamped to the average
}

}  // namespace
}  // namespace minima::run
