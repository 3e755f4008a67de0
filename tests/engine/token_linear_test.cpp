#include "engine/tokens/token_linear.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/aligned.h"
#include "core/numbers/random.h"
#include "gradient_recorder.h"
#include "network/families/graph_builder.h"

namespace minima::engine {
namespace {

constexpr BatchShape kTokenBatch{.images = 20, .stride = 32};

// Random in the lanes of the images, zero in the padding.
AlignedBuffer<float> random(std::size_t features, std::size_t tokens, std::size_t images,
                            std::uint64_t seed) {
  RandomStream stream(seed, 0, Purpose::bootstrap);
  AlignedBuffer<float> values(features * tokens * kTokenBatch.stride);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % kTokenBatch.stride < images) values[i] = static_cast<float>(stream.normal());
  }
  return values;
}

struct Sizes {
  std::size_t inputs;
  std::size_t outputs;
  std::size_t tokens;
};

/// A graph with a single linear map of tokens.
network::Graph graph_of(const Sizes& sizes) {
  const int inputs = static_cast<int>(sizes.inputs);
  const int outputs = static_cast<int>(sizes.outputs);
  const network::Architecture none;
  const Problem problem;
  network::GraphBuilder builder(none, problem);
  builder.begin_layer("layer");
  builder.add({.what = network::Linear{.inputs = inputs,
                                       .outputs = outputs,
                                       .tokens = static_cast<int>(sizes.tokens)},
               .inputs = {network::kImage},
               .tensors = builder.linear_tensors("", inputs, outputs)});
  return builder.take();
}

// Compares the gradient with plain sums and returns the number of pieces it came in.
int expect_weight_gradient(const Sizes& shape, std::size_t images) {
  const network::Graph graph = graph_of(shape);
  TokenLinear linear(graph.ops.front(), kTokenBatch, ParameterPlaces(graph));
  linear.prepare();
  const auto x = random(shape.inputs, shape.tokens, images, 1);
  const auto dy = random(shape.outputs, shape.tokens, images, 2);
  AlignedBuffer<float> scratch(linear.scratch_floats());
  GradientRecorder recorder;
  linear.dispatch_weights(x.data(), dy.data(), images, scratch.data(), recorder);
  EXPECT_EQ(recorder.gradient.size(), shape.inputs * shape.outputs);
  const std::size_t lanes = shape.tokens * kTokenBatch.stride;
  for (std::size_t o = 0; o < shape.outputs; ++o) {
    for (std::size_t i = 0; i < shape.inputs; ++i) {
      double expected = 0.0;
      for (std::size_t b = 0; b < lanes; ++b) {
        expected += static_cast<double>(dy[o * lanes + b]) * x[i * lanes + b];
      }
      const float found = recorder.gradient[o * shape.inputs + i];
      EXPECT_NEAR(found, expected, 1e-4 * (1.0 + std::abs(expected))) << o << ", " << i;
      if (std::abs(found - expected) > 0.01) return 0;
    }
  }
  return recorder.pieces;
}

TEST(TokenLinear, PassesSmallWeightGradientsInOnePiece) {
  EXPECT_EQ(expect_weight_gradient({.inputs = 5, .outputs = 3, .tokens = 2}, 20), 1);
  EXPECT_EQ(expect_weight_gradient({.inputs = 5, .outputs = 3, .tokens = 1}, 20), 1);
  EXPECT_EQ(expect_weight_gradient({.inputs = 5, .outputs = 3, .tokens = 1}, 7), 1);
}

TEST(TokenLinear, SumsChunksOfTokens) {
  // 300 inputs: 96 lanes at a time, of 352 and of 288 lanes in total.
  EXPECT_EQ(expect_weight_gradient({.inputs = 300, .outputs = 40, .tokens = 11}, 20), 1);
  EXPECT_EQ(expect_weight_gradient({.inputs = 300, .outputs = 40, .tokens = 9}, 13), 1);
}

TEST(TokenLinear, PassesLargeWeightGradientsInBlocks) {
  // 300 inputs: 54 rows at a time.
  EXPECT_EQ(expect_weight_gradient({.inputs = 300, .outputs = 120, .tokens = 3}, 20), 3);
  EXPECT_EQ(expect_weight_gradient({.inputs = 300, .outputs = 108, .tokens = 1}, 20), 2);
  EXPECT_EQ(expect_weight_gradient({.inputs = 300, .outputs = 120, .tokens = 1}, 9), 3);
}

}  // namespace
}  // namespace minima::engine
