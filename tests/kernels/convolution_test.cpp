#include "kernels/layers/convolution.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/layers/elementwise.h"
#include "kernels/layers/pooling.h"
#include "kernels/reference/reference_cnn.h"
#include "random_floats.h"

namespace minima::kernels {
namespace {

std::vector<ConvolutionShape> convolution_shapes() {
  std::vector<ConvolutionShape> shapes;
  for (const std::size_t filters : {1U, 2U, 3U, 4U, 7U, 8U}) {
    shapes.push_back({.height = 9, .width = 11, .filters = filters, .lanes = 32});
  }
  shapes.push_back({.channels = 3, .height = 8, .width = 7, .filters = 5, .lanes = 16});
  shapes.push_back(
      {.channels = 2, .height = 9, .width = 9, .filters = 3, .kernel = 5, .lanes = 48});
  shapes.push_back({.channels = 2,
                    .height = 10,
                    .width = 9,
                    .filters = 6,
                    .kernel = 4,
                    .stride = 2,
                    .lanes = 16});
  shapes.push_back(
      {.channels = 4, .height = 5, .width = 5, .filters = 2, .kernel = 1, .lanes = 16});
  return shapes;
}

void expect_near(const AlignedBuffer<float>& actual, const AlignedBuffer<float>& expected,
                 float tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], tolerance * (1.0F + std::abs(expected[i]))) << i;
  }
}

TEST(Convolution, EqualsItsReferenceRowByRow) {
  for (const ConvolutionShape& s : convolution_shapes()) {
    for (const bool relu : {false, true}) {
      const auto input = random_floats(s.channels * s.height * s.width * s.lanes, 1);
      const auto weights = random_floats(s.filters * s.weights_per_filter(), 2);
      const auto bias = random_floats(s.filters, 3);
      const std::size_t pixels = s.rows() * s.columns();
      AlignedBuffer<float> output(s.filters * pixels * s.lanes);
      AlignedBuffer<float> expected(output.size());
      for (std::size_t row = 0; row < s.rows(); ++row) {
        convolution_row(s, input.data(), row, weights.data(), bias.data(), relu,
                        output.data() + row * s.columns() * s.lanes, pixels * s.lanes);
      }
      reference::convolution(s, input.data(), weights.data(), bias.data(), relu, expected.data());
      expect_near(output, expected, 1e-5F);
    }
  }
}

TEST(Convolution, WeightGradientEqualsItsReference) {
  for (const ConvolutionShape& s : convolution_shapes()) {
    const auto input = random_floats(s.channels * s.height * s.width * s.lanes, 4);
    const std::size_t pixels = s.rows() * s.columns();
    const auto gradient = random_floats(s.filters * pixels * s.lanes, 5);
    const std::size_t weights = s.filters * s.weights_per_filter();
    AlignedBuffer<float> sums(weights * kBatchMultiple);
    AlignedBuffer<float> actual(weights);
    AlignedBuffer<float> expected(weights);
    for (std::size_t row = 0; row < s.rows(); ++row) {
      convolution_weight_gradient_row(s, input.data(), row,
                                      gradient.data() + row * s.columns() * s.lanes,
                                      pixels * s.lanes, sums.data());
    }
    sum_lanes(sums.data(), weights, actual.data());
    reference::convolution_weight_gradient(s, input.data(), gradient.data(), expected.data());
    expect_near(actual, expected, 2e-4F);
  }
}

// Integers, so that ties are frequent.
AlignedBuffer<float> with_ties(std::size_t count) {
  auto values = random_floats(count, 6);
  for (float& value : values.span()) value = std::round(value);
  return values;
}

TEST(Pooling, EqualsItsReferencesOnEvenAndOddImagesWithTies) {
  for (const auto& [height, width] : {std::pair{4U, 6U}, {5U, 7U}, {3U, 2U}}) {
    const PoolingShape s{.channels = 3, .height = height, .width = width, .lanes = 16};
    const auto input = with_ties(3 * height * width * 16);
    const auto gradient = random_floats(3 * s.rows() * s.columns() * 16, 7);
    AlignedBuffer<float> output(gradient.size());
    AlignedBuffer<float> expected(gradient.size());
    AlignedBuffer<float> back = random_floats(input.size(), 8);
    AlignedBuffer<float> expected_back(input.size());
    max_pool(s, input.data(), output.data());
    reference::max_pool(s, input.data(), expected.data());
    expect_near(output, expected, 0.0F);
    max_pool_backward(s, input.data(), output.data(), gradient.data(), back.data());
    reference::max_pool_backward(s, input.data(), gradient.data(), expected_back.data());
    expect_near(back, expected_back, 0.0F);
    average_pool(s, input.data(), output.data());
    reference::average_pool(s, input.data(), expected.data());
    expect_near(output, expected, 1e-6F);
    average_pool_backward(s, gradient.data(), back.data());
    reference::average_pool_backward(s, gradient.data(), expected_back.data());
    expect_near(back, expected_back, 1e-6F);
  }
}

TEST(Pooling, GlobalAverageIsTheMeanOfEachChannelAndSpreadsItsGradientEvenly) {
  const PoolingShape s{.channels = 2, .height = 3, .width = 5, .lanes = 16};
  const auto input = random_floats(2 * 15 * 16, 9);
  AlignedBuffer<float> output(2 * 16);
  AlignedBuffer<float> back(input.size());
  global_average_pool(s, input.data(), output.data());
  global_average_pool_backward(s, output.data(), back.data());
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t lane = 0; lane < 16; ++lane) {
      double sum = 0.0;
      for (std::size_t p = 0; p < 15; ++p) sum += input[(c * 15 + p) * 16 + lane];
      EXPECT_NEAR(output[c * 16 + lane], sum / 15.0, 1e-6);
      EXPECT_NEAR(back[(c * 15 + 7) * 16 + lane], sum / 225.0, 1e-6);
    }
  }
}

}  // namespace
}  // namespace minima::kernels
