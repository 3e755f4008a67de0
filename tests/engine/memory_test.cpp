#include "engine/cpu/memory.h"

#include <gtest/gtest.h>

#include <chrono>

#include "engine/cpu/optimizer_sink.h"
#include "engine/network/network.h"
#include "kernels/products/gemm_kernels.h"

namespace minima::engine {
namespace {

constexpr Problem kGlyphs{.image = {1, 28, 28}, .classes = 10};

TEST(TrainingBytes, EqualsThatOfAPreparedNetwork) {
  study::TrainSettings train;
  train.batch = 50;
  for (const char* text : {"dnn linear", "dnn 32-7", "cnn 8", "cnn 8-16 max2", "vit d16 h2 l2 p7",
                           "vit paper h4", "vit d16 h2 l1 p7 drop0.1"}) {
    const auto architecture = network::Architecture::parse(text);
    const Network network(architecture, kGlyphs, batch_shape(50));
    const TrainingBytes bytes = cpu_training_bytes(architecture, kGlyphs, train);
    const std::size_t images = 2 * 784 * network.batch().stride;
    EXPECT_EQ(bytes.shared, (network.workspace_floats() + images) * sizeof(float)) << text;
    EXPECT_EQ(bytes.own, sizeof(float) * OptimizerSink::arena_floats(train.optimizer,
                                                                     network.parameter_floats()))
        << text;
  }
}

TEST(TrainingBytes, IsKnownWithoutMakingKernels) {
  const std::size_t made = kernels::gemm_kernel_counts().made;
  for (int width = 1; width <= 2000; ++width) {
    const auto architecture =
        network::Architecture::parse("dnn " + std::to_string(width) + "-" + std::to_string(width));
    static_cast<void>(cpu_training_bytes(architecture, kGlyphs, {}));
  }
  for (const char* text : {"cnn 8", "vit d16 h2 l2 p7", "vit paper h4"}) {
    static_cast<void>(cpu_training_bytes(network::Architecture::parse(text), kGlyphs, {}));
  }
  EXPECT_EQ(kernels::gemm_kernel_counts().made, made);
}

TEST(TrainingBytes, OfANetworkLargerThanAnyMachineIsKnownAtOnce) {
  std::string text = "dnn 1000000";
  for (int layer = 1; layer < 1000; ++layer) text += "-1000000";
  const auto begin = std::chrono::steady_clock::now();
  const auto memory = cpu_training_bytes(network::Architecture::parse(text), kGlyphs, {});
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  EXPECT_GT(memory.total(), std::uint64_t{999} * 1'000'000 * 1'000'000 * 12);
  EXPECT_LT(taken.count(), 1.0);
}

TEST(CohortLimits, KeepWeightsAndMomentsInACache) {
  const study::CohortLimits limits = cpu_cohort_limits(study::Optimizer{});
  EXPECT_GE(limits.max_parameters, 1000);
  EXPECT_LE(limits.max_parameters, 10'000'000);
  EXPECT_GT(limits.max_runs, 1U);
}

}  // namespace
}  // namespace minima::engine
