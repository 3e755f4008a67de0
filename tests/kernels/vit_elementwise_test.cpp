#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/layers/gelu.h"
#include "kernels/layers/layer_norm.h"
#include "kernels/layers/tokens.h"
#include "kernels/reference/reference_vit.h"
#include "random_floats.h"

namespace minima::kernels {
namespace {

struct Norm {
  LayerNormShape shape;
  std::size_t floats;
  AlignedBuffer<float> x;
  AlignedBuffer<float> scale;
  AlignedBuffer<float> shift;
  AlignedBuffer<float> y;
  AlignedBuffer<float> mean;
  AlignedBuffer<float> inverse;
  AlignedBuffer<float> dy;
  AlignedBuffer<float> dx;
  AlignedBuffer<float> scale_gradient;
  AlignedBuffer<float> shift_gradient;

  explicit Norm(const LayerNormShape& s)
      : shape(s),
        floats(s.features * s.stride),
        x(random_floats(floats, 1)),
        scale(random_floats(s.features, 2)),
        shift(random_floats(s.features, 3)),
        y(floats),
        mean(s.columns),
        inverse(s.columns),
        dy(random_floats(floats, 4)),
        dx(random_floats(floats, 5)),
        scale_gradient(random_floats(s.features, 6)),
        shift_gradient(random_floats(s.features, 7)) {}

  LayerNormForward forward() {
    return {x.data(), scale.data(), shift.data(), y.data(), mean.data(), inverse.data()};
  }
  LayerNormBackward backward(const float* residual) {
    return {.x = x.data(),
            .scale = scale.data(),
            .mean = mean.data(),
            .inverse_deviation = inverse.data(),
            .y_gradient = dy.data(),
            .residual = residual,
            .x_gradient = dx.data(),
            .scale_gradient = scale_gradient.data(),
            .shift_gradient = shift_gradient.data()};
  }
};

const LayerNormShape kNormShapes[] = {{.features = 1, .columns = 16, .stride = 16},
                                      {.features = 2, .columns = 48, .stride = 64},
                                      {.features = 33, .columns = 560, .stride = 560},
                                      {.features = 8, .columns = 256, .stride = 1280}};

void expect_near(const AlignedBuffer<float>& actual, const AlignedBuffer<float>& expected,
                 float tolerance) {
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], tolerance * (1.0F + std::abs(expected[i]))) << i;
  }
}

TEST(LayerNorm, EqualsItsReferenceAndTouchesNothingBetweenRows) {
  for (const LayerNormShape& shape : kNormShapes) {
    Norm fast(shape);
    Norm naive(shape);
    layer_norm(shape, fast.forward());
    reference::layer_norm(shape, naive.forward());
    expect_near(fast.y, naive.y, 1e-5F);
    expect_near(fast.mean, naive.mean, 1e-6F);
    expect_near(fast.inverse, naive.inverse, 1e-5F);
  }
}

TEST(LayerNorm, KeepsItsPrecisionAroundALargeMean) {
  const LayerNormShape shape{.features = 64, .columns = 16, .stride = 16};
  Norm fast(shape);
  Norm naive(shape);
  for (Norm* norm : {&fast, &naive}) {
    for (float& x : norm->x.span()) x += 1000.0F;
  }
  layer_norm(shape, fast.forward());
  reference::layer_norm(shape, naive.forward());
  expect_near(fast.y, naive.y, 5e-4F);
}

TEST(LayerNorm, DerivativesEqualTheirReferencesWithAndWithoutAResidual) {
  for (const LayerNormShape& shape : kNormShapes) {
    for (const bool with_residual : {false, true}) {
      Norm fast(shape);
      Norm naive(shape);
      const auto residual = random_floats(fast.floats, 8);
      const float* added = with_residual ? residual.data() : nullptr;
      reference::layer_norm(shape, fast.forward());
      reference::layer_norm(shape, naive.forward());
      layer_norm_backward(shape, fast.backward(added));
      reference::layer_norm_backward(shape, naive.backward(added));
      expect_near(fast.dx, naive.dx, 3e-5F);
      expect_near(fast.scale_gradient, naive.scale_gradient, 3e-5F);
      expect_near(fast.shift_gradient, naive.shift_gradient, 3e-5F);
    }
  }
}

TEST(LayerNorm, MayWriteItsInputGradientOverTheOutputGradientOrTheResidual) {
  const LayerNormShape shape{.features = 9, .columns = 560, .stride = 560};
  Norm apart(shape);
  Norm together(shape);
  const auto residual = random_floats(apart.floats, 8);
  auto in_place = clone(residual);
  layer_norm(shape, apart.forward());
  layer_norm(shape, together.forward());
  layer_norm_backward(shape, apart.backward(residual.data()));
  LayerNormBackward arrays = together.backward(in_place.data());
  arrays.x_gradient = in_place.data();
  layer_norm_backward(shape, arrays);
  EXPECT_EQ(copy_of(in_place), copy_of(apart.dx));
  arrays = together.backward(residual.data());
  arrays.x_gradient = together.dy.data();
  layer_norm_backward(shape, arrays);
  EXPECT_EQ(copy_of(together.dy), copy_of(apart.dx));
}

// -12 .. 12 in small steps, and a few far outside.
AlignedBuffer<float> gelu_arguments() {
  AlignedBuffer<float> x(9600);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = -12.0F + 0.0025F * static_cast<float>(i);
  x[0] = -1e20F;
  x[1] = 1e20F;
  x[2] = -50.0F;
  x[3] = 50.0F;
  return x;
}

TEST(Gelu, EqualsItsReferenceEverywhere) {
  auto y = gelu_arguments();
  auto expected = clone(y);
  AlignedBuffer<float> slope(y.size());
  AlignedBuffer<float> expected_slope(y.size());
  const std::vector<float> bias = {0.0F, 0.03F, -0.01F};
  add_bias_gelu(y.data(), bias.data(), slope.data(), 3, 3200);
  reference::add_bias_gelu(expected.data(), bias.data(), expected_slope.data(), 3, 3200);
  for (std::size_t i = 0; i < y.size(); ++i) {
    ASSERT_NEAR(y[i], expected[i], 4e-7F * (1.0F + std::abs(expected[i]))) << i;
    ASSERT_NEAR(slope[i], expected_slope[i], 4e-7F) << i;
  }
}

TEST(Gelu, KeepsItsRelativeAccuracyInTheTail) {
  AlignedBuffer<float> y(16);
  for (std::size_t i = 0; i < 16; ++i) y[i] = -0.3F * static_cast<float>(i + 1);
  auto expected = clone(y);
  AlignedBuffer<float> slope(16);
  const float bias = 0.0F;
  add_bias_gelu(y.data(), &bias, slope.data(), 1, 16);
  reference::add_bias_gelu(expected.data(), &bias, slope.data(), 1, 16);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(y[i] / expected[i], 1.0F, 2e-6F) << i;
}

TEST(Gelu, OfNaNIsNaN) {
  AlignedBuffer<float> y(16);
  AlignedBuffer<float> slope(16);
  y[5] = std::numeric_limits<float>::quiet_NaN();
  const float bias = 0.0F;
  add_bias_gelu(y.data(), &bias, slope.data(), 1, 16);
  EXPECT_TRUE(std::isnan(y[5]));
  EXPECT_EQ(y[6], 0.0F);
}

TEST(MultiplyBySlope, EqualsItsReference) {
  auto dy = random_floats(7 * 160, 1);
  auto expected = clone(dy);
  const auto slope = random_floats(7 * 160, 2);
  AlignedBuffer<float> bias(7);
  AlignedBuffer<float> expected_bias(7);
  multiply_by_slope(dy.data(), slope.data(), bias.data(), 7, 160);
  reference::multiply_by_slope(expected.data(), slope.data(), expected_bias.data(), 7, 160);
  EXPECT_EQ(copy_of(dy), copy_of(expected));
  expect_near(bias, expected_bias, 1e-5F);
}

TEST(AddBiasAndResidual, EqualsItsReference) {
  auto y = random_floats(5 * 48, 1);
  auto expected = clone(y);
  const auto bias = random_floats(5, 2);
  const auto residual = random_floats(5 * 48, 3);
  add_bias_and_residual(y.data(), bias.data(), residual.data(), 5, 48);
  reference::add_bias_and_residual(expected.data(), bias.data(), residual.data(), 5, 48);
  EXPECT_EQ(copy_of(y), copy_of(expected));
}

TEST(RowSums, EqualsItsReference) {
  const auto x = random_floats(5 * 112, 1);
  AlignedBuffer<float> sums(5);
  AlignedBuffer<float> expected(5);
  row_sums(x.data(), 5, 112, sums.data());
  reference::row_sums(x.data(), 5, 112, expected.data());
  expect_near(sums, expected, 1e-5F);
}

TEST(MeanOverTokens, AndItsDerivativeEqualTheirReferences) {
  for (const std::size_t tokens : {1U, 3U, 16U}) {
    const auto x = random_floats(6 * tokens * 32, 1);
    AlignedBuffer<float> y(6 * 32);
    auto expected = clone(y);
    mean_over_tokens(x.data(), 6, tokens, 32, y.data());
    reference::mean_over_tokens(x.data(), 6, tokens, 32, expected.data());
    expect_near(y, expected, 1e-6F);
    AlignedBuffer<float> dx(x.size());
    AlignedBuffer<float> expected_dx(x.size());
    mean_over_tokens_backward(y.data(), 6, tokens, 32, dx.data());
    reference::mean_over_tokens_backward(y.data(), 6, tokens, 32, expected_dx.data());
    expect_near(dx, expected_dx, 1e-6F);
  }
}

}  // namespace
}  // namespace minima::kernels
