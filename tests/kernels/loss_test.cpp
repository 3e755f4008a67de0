#include "kernels/training/loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/reference/reference.h"
#include "random_floats.h"

namespace minima::kernels {
namespace {

constexpr std::size_t kStride = 48;
constexpr std::size_t kCount = 37;

struct Batch {
  AlignedBuffer<float> logits;
  AlignedBuffer<std::int32_t> labels{kStride};
  AlignedBuffer<std::int32_t> predictions{kStride};
  AlignedBuffer<float> gradient;
  std::size_t classes;

  Batch(std::size_t class_count, std::uint64_t seed, float spread)
      : logits(random_floats(class_count * kStride, seed)),
        gradient(class_count * kStride),
        classes(class_count) {
    RandomStream stream(seed, 1, Purpose::bootstrap);
    for (float& z : logits.span()) z *= spread;
    for (std::size_t b = 0; b < kStride; ++b) {
      labels[b] = b < kCount ? static_cast<std::int32_t>(stream.below(class_count)) : -1;
    }
  }

  LossArguments arguments(const float* weights = nullptr) {
    return {.logits = logits.data(),
            .labels = labels.data(),
            .classes = classes,
            .stride = kStride,
            .count = kCount,
            .gradient = gradient.data(),
            .predictions = predictions.data(),
            .weights = weights};
  }
};

/// Factors from 0 to 2; NaN in the padding lanes, which must not matter.
AlignedBuffer<float> random_weights(std::uint64_t seed) {
  AlignedBuffer<float> weights = random_floats(kStride, seed);
  for (std::size_t b = 0; b < kStride; ++b) {
    weights[b] = b < kCount ? 1.0F + std::tanh(weights[b]) : std::nanf("");
  }
  return weights;
}

void expect_twins(LossSums (*fast)(const LossArguments&), LossSums (*naive)(const LossArguments&),
                  bool is_weighted = false) {
  for (const std::size_t classes : {2U, 3U, 10U, 40U}) {
    for (const float spread : {0.1F, 1.0F, 30.0F}) {
      Batch batch(classes, classes, spread);
      Batch twin(classes, classes, spread);
      const AlignedBuffer<float> weights = random_weights(classes);
      const float* factors = is_weighted ? weights.data() : nullptr;
      const LossSums sums = fast(batch.arguments(factors));
      const LossSums expected = naive(twin.arguments(factors));
      EXPECT_NEAR(sums.loss, expected.loss, 2e-6 * expected.loss + 1e-6);
      EXPECT_EQ(sums.correct, expected.correct);
      for (std::size_t i = 0; i < batch.gradient.size(); ++i) {
        ASSERT_NEAR(batch.gradient[i], twin.gradient[i],
                    1e-7F + 1e-5F * std::abs(twin.gradient[i]));
      }
      for (std::size_t b = 0; b < kCount; ++b) EXPECT_EQ(batch.predictions[b], twin.predictions[b]);
    }
  }
}

TEST(SoftmaxCrossEntropy, EqualsItsReference) {
  expect_twins(softmax_cross_entropy, reference::softmax_cross_entropy);
}

TEST(MeanSquaredError, EqualsItsReference) {
  expect_twins(mean_squared_error, reference::mean_squared_error);
}

TEST(WeightedLoss, EqualsItsReference) {
  expect_twins(softmax_cross_entropy, reference::softmax_cross_entropy, true);
  expect_twins(mean_squared_error, reference::mean_squared_error, true);
}

TEST(WeightedLoss, IsTheSumOfTheLossesTimesTheirWeights) {
  Batch batch(10, 1, 0.0F);
  AlignedBuffer<float> weights(kStride);
  weights[3] = 2.0F;
  EXPECT_NEAR(softmax_cross_entropy(batch.arguments(weights.data())).loss, 2.0 * std::log(10.0),
              1e-5);
}

TEST(SoftmaxCrossEntropy, OfEqualLogitsIsTheLogarithmOfTheNumberOfClasses) {
  Batch batch(10, 1, 0.0F);
  EXPECT_NEAR(softmax_cross_entropy(batch.arguments()).loss / kCount, std::log(10.0), 1e-6);
}

TEST(SoftmaxCrossEntropy, MayWriteItsGradientOverTheLogits) {
  Batch apart(10, 3, 1.0F);
  Batch together(10, 3, 1.0F);
  softmax_cross_entropy(apart.arguments());
  LossArguments arguments = together.arguments();
  arguments.gradient = together.logits.data();
  softmax_cross_entropy(arguments);
  EXPECT_EQ(copy_of(together.logits), copy_of(apart.gradient));
}

TEST(SoftmaxCrossEntropy, OfNaNIsNaN) {
  Batch batch(10, 4, 1.0F);
  batch.logits[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(softmax_cross_entropy(batch.arguments()).loss));
}

TEST(SoftmaxCrossEntropy, SurvivesHugeLogits) {
  Batch batch(10, 5, 1e30F);
  const LossSums sums = softmax_cross_entropy(batch.arguments());
  EXPECT_TRUE(std::isfinite(sums.loss));
  EXPECT_GT(sums.loss, 1e29);
}

}  // namespace
}  // namespace minima::kernels
