// Expected sizes are computed by hand.
#include "compress/quantize/network_size.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "compress/prune/pruning_mask.h"
#include "grey_network.h"

namespace minima::compress {
namespace {

// 2 x 2 pixels, 3 classes: fc1.weight [2][4], bias [2], fc2.weight [3][2], bias [3].
class SmallNetwork : public testing::Test {
 protected:
  [[nodiscard]] QuantizedParameters quantized(NumberFormat format, Granularity granularity) const {
    return quantize_parameters(graph_, parameters_, mask_,
                               {.format = format, .granularity = granularity});
  }

  network::Graph graph_ = grey_network("dnn 2", 2, 3);
  // Two of fc1.weight, one of its bias and one of fc2.weight are pruned.
  Mask mask_{0, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1};
  std::vector<float> parameters_{1, 1, 1, 1, 1, 1, -1, -1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
};

TEST_F(SmallNetwork, FloatSizesMatchHandValues) {
  const NetworkSize whole = network_size(graph_, {});
  EXPECT_EQ(whole.dense, 19 * 4);
  EXPECT_EQ(whole.packed, 19 * 4);
  EXPECT_EQ(whole.entropy, 19 * 4);  // a mask of ones has zero entropy
  const NetworkSize size = network_size(graph_, mask_);
  EXPECT_EQ(size.rest, 5 * 4);
  EXPECT_EQ(size.scales, 0);
  EXPECT_EQ(size.tensors[0].dense, 32);
  EXPECT_EQ(size.tensors[0].sparse_index, 6 * 4 + 6 * 1 + 3 * 2);
  EXPECT_EQ(size.tensors[0].bitmask, 1 + 6 * 4);
  EXPECT_EQ(size.tensors[1].sparse_index, 5 * 4 + 5 * 1 + 4 * 2);
  EXPECT_EQ(size.tensors[1].bitmask, 1 + 5 * 4);
  EXPECT_EQ(size.dense, 56 + 20);
  EXPECT_EQ(size.sparse_index, 36 + 33 + 20);
  EXPECT_EQ(size.bitmask, 25 + 21 + 20);
  EXPECT_EQ(size.packed, 25 + 21 + 20);
  // scipy.stats.entropy([6, 2], base=2) = 0.8112781, of [5, 1]: 0.6500224
  EXPECT_NEAR(size.tensors[0].entropy_bits, 8 * 0.8112781 + 6 * 32, 1e-6);
  EXPECT_NEAR(size.tensors[1].entropy_bits, 6 * 0.6500224 + 5 * 32, 1e-6);
  EXPECT_EQ(size.entropy, 46 + 20);  // 362.4 bits
}

TEST_F(SmallNetwork, QuantizedSizesCountBitsAndScales) {
  const QuantizedParameters int4 = quantized(NumberFormat::int4, Granularity::tensor);
  const NetworkSize size = network_size(graph_, mask_, &int4);
  EXPECT_EQ(size.scales, 2 * 4);
  EXPECT_EQ(size.tensors[0].dense, 4);
  EXPECT_EQ(size.tensors[0].sparse_index, 3 + 6 + 6);
  EXPECT_EQ(size.tensors[0].bitmask, 1 + 3);
  EXPECT_EQ(size.tensors[1].dense, 3);
  EXPECT_EQ(size.tensors[1].bitmask, 1 + 3);  // 20 bits of values
  EXPECT_EQ(size.packed, 4 + 3 + 8 + 20);
  // Codes 0, 0, 7, 7, 7, 7, -7, -7: 1.5 bits each. Five equal codes and a zero: 0.65 bits each.
  EXPECT_NEAR(size.tensors[0].entropy_bits, 12.0, 1e-12);
  EXPECT_NEAR(size.tensors[1].entropy_bits, 6 * 0.6500224, 1e-6);
  EXPECT_EQ(size.entropy, 2 + 8 + 20);  // 15.9 bits
  const QuantizedParameters affine =
      quantize_parameters(graph_, parameters_, mask_,
                          {.granularity = Granularity::output_channel, .scheme = Scheme::affine});
  EXPECT_EQ(network_size(graph_, mask_, &affine).scales, 5 * 4 + 5 * 4);
}

TEST_F(SmallNetwork, AFormatWithoutZeroNeedsTheMask) {
  const QuantizedParameters binary = quantized(NumberFormat::binary, Granularity::output_channel);
  const NetworkSize size = network_size(graph_, mask_, &binary);
  EXPECT_FALSE(size.dense.has_value());
  EXPECT_FALSE(size.tensors[0].dense.has_value());
  EXPECT_EQ(size.tensors[0].bitmask, 1 + 1);
  EXPECT_EQ(size.packed, 2 + 2 + 5 * 4 + 20);
  EXPECT_NEAR(size.tensors[0].entropy_bits, 12.0, 1e-12);  // pruned is a third symbol
  EXPECT_EQ(network_size(graph_, {}, &binary).dense, 1 + 1 + 5 * 4 + 20);
}

TEST(NetworkSize, LongRowsAndManyValuesNeedWiderIndices) {
  const auto graph = grey_network("dnn linear", 28, 100);  // [100][784]
  const NetworkSize size = network_size(graph, {});
  EXPECT_EQ(size.sparse_index, 78400 * 4 + 78400 * 2 + 101 * 4 + 400);
  const Mask none(78500, 0);  // nothing is kept, biases included
  EXPECT_EQ(network_size(graph, none).sparse_index, 101 * 2 + 400);
  EXPECT_EQ(network_size(graph, none).packed, 101 * 2 + 400);
  EXPECT_EQ(network_size(graph, none).entropy, 400);
  const auto byte = grey_network("dnn linear", 16, 2);  // 256 columns: 0..255
  EXPECT_EQ(network_size(byte, {}).sparse_index, 512 * 4 + 512 * 1 + 3 * 2 + 8);
}

TEST(NetworkSize, ARowOfAConvolutionIsAFilter) {
  const auto graph = grey_network("cnn 2-3 gap", 8, 2);
  const NetworkSize size = network_size(graph, {});
  EXPECT_EQ(size.tensors[1].sparse_index, 54 * 4 + 54 * 1 + 4 * 2);  // [3][2][3][3]
  EXPECT_THROW((void)network_size(graph, Mask(3)), std::invalid_argument);
}

}  // namespace
}  // namespace minima::compress
