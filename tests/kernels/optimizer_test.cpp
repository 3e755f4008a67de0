#include "kernels/training/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/reference/reference.h"
#include "kernels/vector/denormals.h"
#include "random_floats.h"

namespace minima::kernels {
namespace {

struct State {
  AlignedBuffer<float> weights;
  AlignedBuffer<float> first;
  AlignedBuffer<float> second;
  explicit State(std::size_t count)
      : weights(random_floats(count, 1)), first(count), second(count) {}
};

void expect_close(const AlignedBuffer<float>& actual, const AlignedBuffer<float>& expected,
                  float relative) {
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], relative * std::abs(expected[i]) + 1e-12F) << i;
  }
}

// Gradients from 1e-12 to 1e3, and exact zeros as from border pixels.
AlignedBuffer<float> wide_gradients(std::size_t count, std::uint64_t seed) {
  auto gradient = random_floats(count, seed);
  for (std::size_t i = 0; i < count; ++i) {
    gradient[i] *= std::pow(10.0F, static_cast<float>(i % 16) - 12.0F);
    if (i % 7 == 0) gradient[i] = 0.0F;
  }
  return gradient;
}

TEST(Adam, EqualsItsReferenceOverManyStepsAndRaggedCounts) {
  for (const std::size_t count : {1U, 15U, 16U, 333U, 9001U}) {
    State fast(count);
    State naive(count);
    for (int t = 1; t <= 20; ++t) {
      const auto gradient = wide_gradients(count, 10 + t);
      AdamStep step;
      step.step_size = static_cast<float>(0.001 / (1.0 - std::pow(0.9, t)));
      step.inverse_sqrt_correction = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(0.999, t)));
      step.l2 = 0.01F;
      step.decay = 0.9999F;
      const double squares = adam(step, gradient.data(), count, fast.weights.data(),
                                  fast.first.data(), fast.second.data());
      const double expected = reference::adam(step, gradient.data(), count, naive.weights.data(),
                                              naive.first.data(), naive.second.data());
      EXPECT_NEAR(squares, expected, 1e-5 * expected);
    }
    // Twenty updates of 0.001 on weights of order one.
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_NEAR(fast.weights[i], naive.weights[i], 3e-6F) << i;
    }
  }
}

TEST(Adam, OneStepFromRestMovesEachWeightByTheLearningRate) {
  State state(4);
  const auto before = clone(state.weights);
  AlignedBuffer<float> gradient(4);
  gradient[0] = 5.0F;
  gradient[1] = -1e-3F;
  gradient[2] = 0.0F;
  gradient[3] = 1e3F;
  AdamStep step;
  step.step_size = static_cast<float>(0.001 / 0.1);
  step.inverse_sqrt_correction = static_cast<float>(1.0 / std::sqrt(0.001));
  adam(step, gradient.data(), 4, state.weights.data(), state.first.data(), state.second.data());
  EXPECT_NEAR(state.weights[0] - before[0], -0.001F, 1e-6F);
  EXPECT_NEAR(state.weights[1] - before[1], 0.001F, 1e-6F);
  EXPECT_EQ(state.weights[2], before[2]);
  EXPECT_NEAR(state.weights[3] - before[3], -0.001F, 1e-6F);
}

TEST(Adam, TreatsDenormalMomentsAsZeroWhenTheyAreFlushed) {
  const FlushDenormals flush;
  State state(16);
  for (std::size_t i = 0; i < 16; ++i) state.second[i] = 1e-42F;
  AlignedBuffer<float> gradient(16);
  adam({}, gradient.data(), 16, state.weights.data(), state.first.data(), state.second.data());
  for (std::size_t i = 0; i < 16; ++i) EXPECT_TRUE(std::isfinite(state.weights[i]));
}

TEST(Sgd, EqualsItsReferenceOverManyStepsAndRaggedCounts) {
  for (const std::size_t count : {1U, 31U, 5000U}) {
    State fast(count);
    State naive(count);
    const SgdStep step{.learning_rate = 0.05F, .momentum = 0.9F, .l2 = 0.001F};
    for (int t = 0; t < 10; ++t) {
      const auto gradient = random_floats(count, 20 + t);
      sgd(step, gradient.data(), count, fast.weights.data(), fast.first.data());
      reference::sgd(step, gradient.data(), count, naive.weights.data(), naive.first.data());
    }
    expect_close(fast.weights, naive.weights, 1e-4F);
  }
}

}  // namespace
}  // namespace minima::kernels
