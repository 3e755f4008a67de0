#include "kernels/layers/elementwise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/reference/reference.h"
#include "kernels/vector/images.h"
#include "kernels/vector/transpose.h"
#include "random_floats.h"

namespace minima::kernels {
namespace {

TEST(AddBias, EqualsItsReferenceWithAndWithoutRelu) {
  for (const bool relu : {false, true}) {
    auto y = random_floats(13 * 112, 1);
    auto expected = clone(y);
    const auto bias = random_floats(13, 2);
    add_bias(y.data(), bias.data(), 13, 112, relu);
    reference::add_bias(expected.data(), bias.data(), 13, 112, relu);
    EXPECT_EQ(copy_of(y), copy_of(expected));
  }
}

TEST(AddBias, PropagatesNaN) {
  AlignedBuffer<float> y(16);
  y[3] = std::numeric_limits<float>::quiet_NaN();
  const float bias = 1.0F;
  add_bias(y.data(), &bias, 1, 16, true);
  EXPECT_TRUE(std::isnan(y[3]));
  EXPECT_EQ(y[4], 1.0F);
}

TEST(ActivationBackward, EqualsItsReferenceWithAndWithoutRelu) {
  for (const bool relu : {false, true}) {
    auto y = random_floats(9 * 32, 3);
    y[5] = 0.0F;
    auto dy = random_floats(9 * 32, 4);
    auto expected = clone(dy);
    AlignedBuffer<float> bias(9);
    AlignedBuffer<float> expected_bias(9);
    const float* output = relu ? y.data() : nullptr;
    activation_backward(dy.data(), output, bias.data(), 9, 32);
    reference::activation_backward(expected.data(), output, expected_bias.data(), 9, 32);
    EXPECT_EQ(copy_of(dy), copy_of(expected));
    for (std::size_t r = 0; r < 9; ++r) EXPECT_NEAR(bias[r], expected_bias[r], 1e-5F);
  }
}

TEST(UpdateRowMax, IgnoresThePadding) {
  auto y = random_floats(5 * 32, 5);
  for (std::size_t r = 0; r < 5; ++r) y[r * 32 + 30] = 100.0F;
  std::vector<float> top(5, 0.0F);
  std::vector<float> expected(5, 0.0F);
  update_row_max(y.data(), 5, 32, 27, top.data());
  reference::update_row_max(y.data(), 5, 32, 27, expected.data());
  EXPECT_EQ(top, expected);
  EXPECT_LT(top[0], 100.0F);
}

TEST(Transpose, EqualsItsReferenceOnRaggedShapes) {
  for (const auto& [rows, columns] : {std::pair{1, 1}, {4, 4}, {7, 5}, {100, 33}, {5, 112}}) {
    const auto from = random_floats(static_cast<std::size_t>(rows) * (columns + 3), 6);
    AlignedBuffer<float> to(static_cast<std::size_t>(columns) * (rows + 2));
    auto expected = clone(to);
    transpose(from.data(), rows, columns, columns + 3, to.data(), rows + 2);
    reference::transpose(from.data(), rows, columns, columns + 3, expected.data(), rows + 2);
    EXPECT_EQ(copy_of(to), copy_of(expected)) << rows << " x " << columns;
  }
}

TEST(ScalePixels, EqualsItsReferenceForEachChannel) {
  std::vector<std::uint8_t> image(3 * 37);
  for (std::size_t p = 0; p < image.size(); ++p) image[p] = static_cast<std::uint8_t>(p * 29);
  const std::vector<float> scale = {1.0F / 255.0F, 0.02F, 3.0F};
  const std::vector<float> shift = {0.0F, -1.5F, 0.25F};
  std::vector<float> values(image.size());
  std::vector<float> expected(image.size());
  scale_pixels(image.data(), 37, scale, shift, values.data());
  reference::scale_pixels(image.data(), 37, scale, shift, expected.data());
  for (std::size_t p = 0; p < image.size(); ++p) {
    EXPECT_NEAR(values[p], expected[p], 1e-6F * std::abs(expected[p]) + 1e-7F) << p;
  }
}

TEST(LoadImages, EqualsItsReferenceInBothLayoutsAndLeavesOtherLanesUnchanged) {
  for (const std::size_t count : {1U, 16U, 37U}) {
    for (const std::size_t plane : {5U, 64U, 150U}) {
      std::vector<std::uint8_t> bytes(count * 3 * plane);
      for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 31);
      std::vector<const std::uint8_t*> images;
      for (std::size_t b = 0; b < count; ++b) images.push_back(bytes.data() + b * 3 * plane);
      const std::vector<float> scale = {0.5F, 0.25F, 2.0F};
      const std::vector<float> shift = {0.0F, -1.5F, 0.25F};
      std::vector<float> by_image(count * 3 * plane);
      std::vector<float> expected_by_image = by_image;
      std::vector<float> by_feature(3 * plane * 48, -7.0F);
      std::vector<float> expected_by_feature = by_feature;
      load_images(images, plane, scale, shift, {by_image.data(), by_feature.data(), 48});
      reference::load_images(images, plane, scale, shift,
                             {expected_by_image.data(), expected_by_feature.data(), 48});
      EXPECT_EQ(by_image, expected_by_image);
      EXPECT_EQ(by_feature, expected_by_feature);
    }
  }
}

}  // namespace
}  // namespace minima::kernels
