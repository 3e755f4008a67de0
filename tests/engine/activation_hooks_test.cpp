#include "engine/cpu/activation_hooks.h"

#include <gtest/gtest.h>

#include <limits>

namespace minima::engine {
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

HookedActivations rows(std::size_t features, std::size_t stride, std::size_t images,
                       ActivationPlace place = {}) {
  return {.place = place, .features = features, .stride = stride, .images = images};
}

TEST(RangeRecorder, FindsTheEndsOfAllBatches) {
  RangeRecorder recorder({.clipping = {.rule = Clipping::Rule::max}});
  Block block;
  recorder.apply(rows(2, Block::kStride, 3, {1, 0}), block.values.data());
  std::vector<float> long_row(37, 0.25F);
  long_row[5] = -4.0F;
  long_row[36] = 7.0F;
  recorder.apply(rows(1, 37, 37, {1, 0}), long_row.data());
  recorder.apply(rows(1, 37, 5, {2, 3}), long_row.data());
  const ActivationRanges ranges = recorder.ranges();
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges.at({1, 0}), (compress::Range{-4.0F, 7.0F}));
  EXPECT_EQ(ranges.at({2, 3}), (compress::Range{0.0F, 0.25F}));
}

TEST(RangeRecorder, CountsWhereEndsAreNotEnough) {
  RangeRecorder recorder({.clipping = {.rule = Clipping::Rule::percentile, .percentile = 50.0}});
  std::vector<float> row(1000);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<float>(i) / 1000.0F;
  recorder.apply(rows(1, row.size(), row.size()), row.data());
  EXPECT_NEAR(recorder.ranges().at({0, 0}).high, 0.5F, 0.01F);
}

TEST(FixedRounding, RoundsWithinTheRange) {
  FixedRounding rounding({NumberFormat::int2, {{{0, 0}, {0.0F, 3.0F}}}});
  Block block;
  rounding.apply(rows(2, Block::kStride, 3), block.values.data());
  EXPECT_EQ(block.at(0, 1), 1.0F);
  EXPECT_EQ(block.at(1, 0), 0.0F);  // clamped
  EXPECT_EQ(block.at(1, 1), 0.0F);  // half a step, rounded to even
  EXPECT_EQ(block.at(1, 2), 3.0F);
}

TEST(FixedRounding, HasNoGradientWhereItClamps) {
  FixedRounding rounding({NumberFormat::int2, {{{0, 0}, {0.0F, 2.0F}}}});
  const Block block;
  std::vector<float> gradient(block.values.size(), 1.0F);
  rounding.backward(rows(2, Block::kStride, 3), block.values.data(), gradient.data());
  EXPECT_EQ(gradient[1], 1.0F);
  EXPECT_EQ(gradient[Block::kStride + 0], 0.0F);  // -1
  EXPECT_EQ(gradient[Block::kStride + 2], 0.0F);  // 3, above 2
}

TEST(MovingRounding, FollowsTheRangesOfTrainingBatches) {
  MovingRounding rounding({NumberFormat::int8});
  std::vector<float> first{0.0F, 1.0F};
  rounding.apply(rows(1, 2, 2), first.data());
  EXPECT_EQ(first[1], 1.0F);  // the first range comes from the first batch
  const float average = 0.99F * 1.0F + 0.01F * 2.0F;
  std::vector<float> second{0.0F, 2.0F};
  rounding.apply(rows(1, 2, 2), second.data());
  EXPECT_NEAR(second[1], average, 1e-5F);  // clamped to the average
  rounding.set_training(false);
  std::vector<float> evaluated{0.0F, 2.0F};
  rounding.apply(rows(1, 2, 2), evaluated.data());
  EXPECT_EQ(evaluated[1], second[1]) << "an evaluation moved the range";
}

}  // namespace
}  // namespace minima::engine
