#include "compress/prune/dead_units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine_logits.h"
#include "tiny_problem.h"

namespace minima::compress {
namespace {

using network::Architecture;
using testing::ElementsAre;
using testing::IsEmpty;

// dnn 3: fc1 [3][2], bias; fc2 [2][3], bias.
const std::vector<float> kDeadUnitParameters{1, 2, 3, 4, 5, 6, 0.5F, -1, 7,
                                             1, 2, 3, 4, 5, 6, 10,   20};

DeadUnitRemoval removed(const std::string& text, const Mask& mask) {
  return remove_dead_units(Architecture::parse(text), kTinyProblem, kDeadUnitParameters, mask);
}

TEST(DeadUnits, AConstantIsFoldedIntoTheNextBiases) {
  Mask mask(17, 1);
  mask[0] = mask[1] = 0;  // inputs of unit 0, whose bias is 0.5
  const DeadUnitRemoval result = removed("dnn 3", mask);
  EXPECT_THAT(result.layers[0].receive_nothing, ElementsAre(0));
  EXPECT_THAT(result.layers[0].send_nothing, IsEmpty());
  ASSERT_TRUE(result.network);
  EXPECT_EQ(result.network->architecture.text(), "dnn 2");
  EXPECT_THAT(result.network->parameters,
              ElementsAre(3, 4, 5, 6, -1, 7, 2, 3, 5, 6, 10 + 0.5F * 1, 20 + 0.5F * 4));
  EXPECT_EQ(result.network->mask, Mask(12, 1));
}

TEST(DeadUnits, UnitsWithoutEffectLeaveNoTrace) {
  Mask mask(17, 1);
  mask[2] = mask[3] = 0;              // inputs of unit 1, whose bias is negative
  mask[11] = mask[14] = mask[5] = 0;  // outputs of unit 2
  const DeadUnitRemoval result = removed("dnn 3", mask);
  EXPECT_THAT(result.layers[0].receive_nothing, ElementsAre(1));
  EXPECT_THAT(result.layers[0].send_nothing, ElementsAre(2));
  EXPECT_EQ(result.layers[0].dead(), 2U);
  EXPECT_THAT(result.network->parameters, ElementsAre(1, 2, 0.5F, 1, 4, 10, 20));
}

TEST(DeadUnits, APrunedBiasThatReceivesAConstantIsKept) {
  Mask mask(17, 1);
  mask[0] = mask[1] = mask[15] = mask[12] = 0;  // the bias of class 0; unit 0 to class 1
  const DeadUnitRemoval result = removed("dnn 3", mask);
  EXPECT_THAT(result.network->parameters, ElementsAre(3, 4, 5, 6, -1, 7, 2, 3, 5, 6, 0.5F, 20));
  EXPECT_EQ(result.network->mask, Mask(12, 1));
}

TEST(DeadUnits, TheLastUnitOfALayerIsKept) {
  const DeadUnitRemoval result = removed("dnn 3", Mask(17, 0));
  EXPECT_EQ(result.layers[0].dead(), 3U);
  EXPECT_THAT(result.layers[0].kept, ElementsAre(2));
  EXPECT_EQ(result.network->architecture.text(), "dnn 1");
}

TEST(DeadUnits, AreFoundAcrossLayersInBothDirections) {
  // dnn 2-2-2-2 with 2 pixels and 2 classes: five times [2][2] weights and 2 biases.
  const Architecture architecture = Architecture::parse("dnn 2-2-2-2");
  const std::vector<float> parameters(30, 1.0F);
  Mask mask(30, 1);
  mask[0] = mask[1] = 0;    // unit 0 of fc1 has no inputs,
  mask[7] = 0;              // and unit 0 of fc2 has no other input
  mask[24] = mask[26] = 0;  // unit 0 of fc4 has no outputs,
  mask[21] = 0;             // and unit 1 of fc3 has no other reader
  const auto [layers, network] = remove_dead_units(architecture, kTinyProblem, parameters, mask);
  EXPECT_THAT(layers[0].receive_nothing, ElementsAre(0));
  EXPECT_THAT(layers[1].receive_nothing, ElementsAre(0));
  EXPECT_EQ(layers[2].dead(), 1U);
  EXPECT_THAT(layers[2].send_nothing, ElementsAre(1));
  EXPECT_THAT(layers[3].send_nothing, ElementsAre(0));
  EXPECT_EQ(network->architecture.text(), "dnn 1-1-1-1");
}

constexpr Problem kOddProblem{{.channels = 2, .height = 11, .width = 13}, 3};

TEST(DeadUnits, RemovalKeepsTheFunctionOfTheNetwork) {
  for (const char* text :
       {"dnn 12-10-8", "dnn 12-10-8 gelu", "cnn 9-8 gelu max2", "cnn 9-8 max2", "cnn 9-8-7 k2 gap",
        "cnn 9-8 avg2 gap", "cnn 9-8 k3 s2", "cnn 9-8 pad1", "cnn 9-8 pad1 max2 gap"}) {
    const Architecture architecture = Architecture::parse(text);
    const auto graph = network::graph_of(architecture, kOddProblem);
    std::size_t removed = 0;
    std::size_t constants = 0;
    for (const double sparsity : {0.5, 0.9, 0.97, 0.99}) {
      for (std::uint64_t seed = 0; seed < 3; ++seed) {
        std::vector<float> parameters = normal_parameters(graph, seed);
        // A few additional whole units, with and without their biases.
        Mask mask = random_mask(graph, {}, {.sparsity = sparsity, .scope = PruningScope::tensor},
                                {.seed = seed, .subject = 1});
        const auto& places = graph.tensors;
        for (const std::size_t unit : {0U, 3U, 4U}) {
          network::over_rows(places[0], unit, places[0].rows(),
                             [&](std::size_t i) { mask[i] = 0; });
        }
        mask[places[3].begin] = 0;
        apply_mask(mask, parameters);
        const auto result = remove_dead_units(architecture, kOddProblem, parameters, mask);
        for (const DeadUnits& layer : result.layers) {
          removed += layer.units - layer.kept.size();
          constants += layer.receive_nothing.size();
        }
        std::vector<float> smaller = result.network->parameters;
        apply_mask(result.network->mask, smaller);
        EXPECT_EQ(smaller, result.network->parameters);
        expect_equal_logits(engine_logits(result.network->architecture, kOddProblem, smaller),
                            engine_logits(architecture, kOddProblem, parameters), text);
      }
    }
    EXPECT_GT(removed, 20U) << text;
    EXPECT_GT(constants, 20U) << text;
  }
}

TEST(DeadUnits, AConstantUnitBeforePaddingIsKept) {
  // conv1 [2][2][3][3] and 2 biases; conv2 reads its output with zero padding.
  const Architecture architecture = Architecture::parse("cnn 2-2 pad1");
  const auto graph = network::graph_of(architecture, kOddProblem);
  std::vector<float> parameters = normal_parameters(graph);
  Mask mask(parameters.size(), 1);
  std::fill_n(mask.begin(), 18, std::uint8_t{0});
  parameters[36] = 1.0F;  // the bias of filter 0
  const auto stays = remove_dead_units(architecture, kOddProblem, parameters, mask);
  EXPECT_THAT(stays.layers[0].receive_nothing, ElementsAre(0));
  EXPECT_THAT(stays.layers[0].kept, ElementsAre(0, 1));
  // Only filter 0 of conv2 reads it, and nothing reads that filter.
  Mask unheard = mask;
  const auto& places = graph.tensors;
  network::over_columns(places[4], 0, 2, [&](std::size_t i) { unheard[i] = 0; });
  std::fill_n(unheard.begin() + static_cast<std::ptrdiff_t>(places[2].begin) + 18, 9,
              std::uint8_t{0});
  EXPECT_THAT(remove_dead_units(architecture, kOddProblem, parameters, unheard).layers[0].kept,
              ElementsAre(1));
  parameters[36] = -1.0F;
  const auto goes = remove_dead_units(architecture, kOddProblem, parameters, mask);
  EXPECT_THAT(goes.layers[0].kept, ElementsAre(1));
}

TEST(DeadUnits, AreOnlyCountedInTransformers) {
  const Architecture architecture = Architecture::parse("vit d4 h2 l1 p1 m2");
  const Problem problem{{.channels = 1, .height = 2, .width = 2}, 3};
  const auto graph = network::graph_of(architecture, problem);
  const std::vector<float> parameters = normal_parameters(graph);
  Mask mask(parameters.size(), 1);
  for (const network::Tensor& place : graph.tensors) {
    if (place.spec.name == "block1.mlp.fc1.weight") {
      network::over_rows(place, 3, 8, [&](std::size_t i) { mask[i] = 0; });
    }
    if (place.spec.name == "block1.mlp.fc2.weight") {
      network::over_columns(place, 5, 8, [&](std::size_t i) { mask[i] = 0; });
    }
  }
  const auto result = remove_dead_units(architecture, problem, parameters, mask);
  ASSERT_EQ(result.layers.size(), 1U);
  EXPECT_EQ(result.layers[0].layer, "block1.mlp");
  EXPECT_THAT(result.layers[0].receive_nothing, ElementsAre(3));
  EXPECT_THAT(result.layers[0].send_nothing, ElementsAre(5));
  EXPECT_EQ(result.layers[0].kept.size(), 8U);
  EXPECT_FALSE(result.network);
}

}  // namespace
}  // namespace minima::compress
