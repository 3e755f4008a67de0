#include "engine/initial_weights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/network/parameter_layout.h"
#include "small_data.h"
#include "statistics/statistics.h"

namespace minima::engine {
namespace {

struct Started {
  Moments weights;
  Moments biases;
  std::vector<float> values;
};

Started start(const study::Init& init, const std::string& id = "0123456789abcdef") {
  study::TrainSettings settings = quick_settings();
  settings.init = init;
  study::Run run = small_run("dnn 200", settings);
  run.id = id;
  const Network network(run.architecture, {{1, 10, 10}, 10}, batch_shape(16));
  std::vector<float> parameters(network.parameter_floats());
  initialise(run, network, parameters);
  Started result;
  for (std::size_t t = 0; t < 2; ++t) {
    const network::Tensor& tensor = network.graph().tensors[t];
    for (std::size_t i = 0; i < tensor.count; ++i) {
      (tensor.role == network::Role::bias ? result.biases : result.weights)
          .add(parameters[network.offsets()[t] + i]);
    }
  }
  result.values = parameters;
  return result;
}

// 20,000 weights: the standard error of the standard deviation is half a percent.
TEST(InitialWeights, HaveTheStandardDeviationOfTheirRule) {
  using Kind = study::Init::Kind;
  EXPECT_NEAR(start({.kind = Kind::he_normal}).weights.sample_sd(), std::sqrt(2.0 / 100.0), 0.003);
  EXPECT_NEAR(start({.kind = Kind::xavier_normal}).weights.sample_sd(), std::sqrt(2.0 / 300.0),
              0.002);
  EXPECT_NEAR(start({.kind = Kind::normal, .sd = 0.05}).weights.sample_sd(), 0.05, 0.001);
  const Started pytorch = start({.kind = Kind::pytorch});
  EXPECT_NEAR(pytorch.weights.sample_sd(), 0.1 / std::sqrt(3.0), 0.001);
  EXPECT_LE(pytorch.weights.max(), 0.1);
  EXPECT_GT(pytorch.biases.sample_sd(), 0.03);
}

TEST(InitialWeights, LeaveBiasesAtZeroUnlessPyTorchsRuleIsSelected) {
  EXPECT_EQ(start({}).biases.min(), 0.0);
  EXPECT_EQ(start({}).biases.max(), 0.0);
}

TEST(InitialWeights, DependOnTheRunAlone) {
  EXPECT_EQ(start({}).values, start({}).values);
  EXPECT_NE(start({}).values, start({}, "fedcba9876543210").values);
}

}  // namespace
}  // namespace minima::engine
