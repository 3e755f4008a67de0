#include "deploy/c/packed_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace minima::deploy {
namespace {

using compress::NumberFormat;
using testing::ElementsAre;
using Layout = PackedWeights::Layout;

compress::IntegerLayer layer_of(std::vector<std::int16_t> weights, int outputs) {
  compress::IntegerLayer layer;
  layer.output.channels = outputs;
  layer.weights = std::move(weights);
  return layer;
}

TEST(PackedWeights, FillBytesFromTheirLowestBit) {
  // int3 symmetric has offset 3: 3 2 1 0 -1 -2 -3 become 6 5 4 3 2 1 0, three bits each.
  const auto packed =
      packed_as(Layout::dense, layer_of({3, 2, 1, 0, -1, -2, -3, 3}, 2), NumberFormat::int3, false);
  EXPECT_THAT(packed.offsets, ElementsAre(3));
  // 110 101 100 011 010 001 000 110 read from the right of each byte
  EXPECT_THAT(packed.values, ElementsAre(0b00101110, 0b10100111, 0b11000000 | 0b0));
}

TEST(PackedWeights, AreSparseIfThatIsSmaller) {
  std::vector<std::int16_t> weights(512, 1);
  EXPECT_EQ(packed_weights(layer_of(weights, 2), NumberFormat::int8, false).layout, Layout::dense);
  for (std::size_t i = 0; i < 256; ++i) weights[i] = 0;
  const auto half = packed_weights(layer_of(weights, 2), NumberFormat::int8, false);
  EXPECT_EQ(half.layout, Layout::bitmask);
  EXPECT_EQ(half.bytes(), 512U / 8 + 256);
  for (std::size_t i = 0; i < 511; ++i) weights[i] = 0;
  const auto one = packed_weights(layer_of(weights, 2), NumberFormat::int8, false);
  EXPECT_EQ(one.layout, Layout::index);
  EXPECT_THAT(one.columns, ElementsAre(255));
  EXPECT_THAT(one.starts, ElementsAre(0, 0, 1));
  EXPECT_EQ(one.bytes(), 1U + 1 + 3 * 2);
}

TEST(PackedWeights, OfBinaryFormatTakeABitAndAMaskIfPruned) {
  const auto whole = packed_weights(layer_of({1, -1, -1, 1}, 1), NumberFormat::binary, false);
  EXPECT_EQ(whole.layout, Layout::dense);
  EXPECT_THAT(whole.values, ElementsAre(0b1001));
  const auto pruned = packed_weights(layer_of({1, 0, -1, 1}, 1), NumberFormat::binary, false);
  EXPECT_EQ(pruned.layout, Layout::bitmask);
  EXPECT_THAT(pruned.mask, ElementsAre(0b1101));
  EXPECT_THAT(pruned.values, ElementsAre(0b101));
  EXPECT_THROW((void)packed_as(Layout::dense, layer_of({1, 0}, 1), NumberFormat::binary, false),
               std::invalid_argument);
}

TEST(PackedWeights, OfAffineFormatsKeepTheirZeroPoints) {
  auto layer = layer_of({-5, 10, 3, 0}, 2);
  layer.weight_zero_points = {5, 12};
  const auto packed = packed_as(Layout::dense, layer, NumberFormat::int4, true);
  EXPECT_THAT(packed.offsets, ElementsAre(5, 12));
  EXPECT_THAT(packed.values, ElementsAre(0xF0, 0xCF));
}

}  // namespace
}  // namespace minima::deploy
