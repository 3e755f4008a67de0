// Logits from the engine for a network whose parameters are in one flat array; random networks and
// images as test input.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/aligned.h"
#include "core/numbers/random.h"
#include "engine/network/network.h"
#include "network/families/lower.h"

namespace minima::compress {

inline constexpr std::size_t kImages = 6;

/// Normal parameters, larger than usual so that biases matter.
inline std::vector<float> normal_parameters(const network::Graph& graph, std::uint64_t seed = 1) {
  RandomStream random(seed, 1, Purpose::initial_weights);
  std::vector<float> parameters(static_cast<std::size_t>(graph.parameters()));
  for (float& value : parameters) value = 0.5F * static_cast<float>(random.normal());
  return parameters;
}

/// [class][image] of kImages random images, the same for every network.
inline std::vector<float> engine_logits(const network::Architecture& architecture,
                                        const Problem& problem, std::span<const float> parameters) {
  const engine::BatchShape batch = engine::batch_shape(kImages);
  const engine::Network network(architecture, problem, batch);
  AlignedBuffer<float> padded(network.parameter_floats());
  EXPECT_EQ(network.graph().parameters(), static_cast<std::int64_t>(parameters.size()));
  for (std::size_t i = 0; i < network.offsets().size(); ++i) {
    const std::span<const float> from = network.graph().tensors[i].of(parameters);
    std::copy(from.begin(), from.end(), padded.data() + network.offsets()[i]);
  }
  const auto pixels = static_cast<std::size_t>(problem.image.pixels());
  AlignedBuffer<float> by_feature(pixels * batch.stride);
  AlignedBuffer<float> by_image(pixels * batch.stride);
  RandomStream random(9, 9, Purpose::generated_image);
  for (std::size_t p = 0; p < pixels; ++p) {
    for (std::size_t i = 0; i < kImages; ++i) {
      by_feature[p * batch.stride + i] = by_image[i * pixels + p] =
          static_cast<float>(random.uniform());
    }
  }
  AlignedBuffer<float> workspace(network.workspace_floats());
  network.forward(padded.data(),
                  {.by_feature = by_feature.data(), .by_image = by_image.data(), .images = kImages},
                  workspace.data());
  std::vector<float> logits;
  for (int c = 0; c < problem.classes; ++c) {
    const float* row =
        network.logits(workspace.data()) + static_cast<std::size_t>(c) * batch.stride;
    logits.insert(logits.end(), row, row + kImages);
  }
  return logits;
}

inline void expect_equal_logits(std::span<const float> got, std::span<const float> expected,
                                const std::string& what) {
  ASSERT_EQ(got.size(), expected.size());
  float largest = 0.0F;
  for (const float value : expected) largest = std::max(largest, std::abs(value));
  EXPECT_GT(largest, 0.0F) << what;
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(got[i], expected[i], 2e-5F * (1.0F + largest)) << what << " logit " << i;
  }
}

}  // namespace minima::compress
