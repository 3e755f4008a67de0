#include "compress/prune/structured_pruning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <stdexcept>

#include "engine_logits.h"
#include "tiny_problem.h"

namespace minima::compress {
namespace {

using network::Architecture;
using testing::ElementsAre;

constexpr Problem kSquareProblem{{.channels = 2, .height = 12, .width = 12}, 3};

/// The weight that reads the units of each layer, listed by hand.
const std::map<std::string, std::map<std::string, std::string>> kReaders{
    {"dnn 9-7-5", {{"fc1", "fc2"}, {"fc2", "fc3"}, {"fc3", "fc4"}}},
    {"dnn 9-7 gelu", {{"fc1", "fc2"}, {"fc2", "fc3"}}},
    {"cnn 5-6 max2", {{"conv1", "conv2"}, {"conv2", "fc"}}},
    {"cnn 5-6 avg2 gap", {{"conv1", "conv2"}, {"conv2", "fc"}}},
    {"cnn 8 k5 s2 pad1", {{"conv1", "fc"}}},
    {"vit d12 h4 l2 p6 relu m2",
     {{"block1.attention", "block1.attention.o"},
      {"block1.mlp", "block1.mlp.fc2"},
      {"block2.attention", "block2.attention.o"},
      {"block2.mlp", "block2.mlp.fc2"}}},
    {"vit d8 h3 l1 p12 post a5 f13 cls",
     {{"block1.attention", "block1.attention.o"}, {"block1.mlp", "block1.mlp.fc2"}}},
};

/// The original network with the outgoing weights of removed units set to zero.
std::vector<float> silenced(const std::string& text, std::vector<float> parameters,
                            const SmallerNetwork& smaller) {
  const auto graph = network::graph_of(Architecture::parse(text), kSquareProblem);
  for (const KeptUnits& layer : smaller.layers) {
    const std::string reader = kReaders.at(text).at(layer.layer) + ".weight";
    for (const network::Tensor& place : graph.tensors) {
      if (place.spec.name != reader) continue;
      for (std::size_t i = 0; i < place.count; ++i) {
        const std::size_t columns = place.count / place.rows();
        const std::size_t unit = i % columns / (columns / layer.units);
        if (std::ranges::count(layer.kept, unit) == 0) parameters[place.begin + i] = 0.0F;
      }
    }
  }
  return parameters;
}

TEST(StructuredPruning, EqualsTheNetworkWithRemovedUnitsSilenced) {
  for (const auto& [text, readers] : kReaders) {
    const Architecture architecture = Architecture::parse(text);
    const auto parameters = normal_parameters(network::graph_of(architecture, kSquareProblem));
    for (const UnitScope scope : {UnitScope::layer, UnitScope::global}) {
      const auto pruned = prune_units(architecture, kSquareProblem, parameters, {},
                                      {.units = 0.4, .heads = 0.5, .scope = scope});
      ASSERT_TRUE(pruned.network) << text << ": " << pruned.refusal;
      const SmallerNetwork& smaller = *pruned.network;
      ASSERT_EQ(smaller.layers.size(), readers.size());
      EXPECT_LT(smaller.parameters.size(), parameters.size()) << text;
      EXPECT_EQ(Architecture::parse(smaller.architecture.text()), smaller.architecture);
      expect_equal_logits(
          engine_logits(smaller.architecture, kSquareProblem, smaller.parameters),
          engine_logits(architecture, kSquareProblem, silenced(text, parameters, smaller)), text);
    }
  }
}

std::string shrunk(const std::string& text, const StructuredTarget& target) {
  const Architecture architecture = Architecture::parse(text);
  const auto parameters = normal_parameters(network::graph_of(architecture, kSquareProblem));
  const auto pruned = prune_units(architecture, kSquareProblem, parameters, {}, target);
  return pruned.network ? pruned.network->architecture.text() : pruned.refusal;
}

TEST(StructuredPruning, RemovesTheFractionOfEachLayerButNeverAllUnits) {
  EXPECT_EQ(shrunk("dnn 10-5", {.units = 0.5}), "dnn 5-3");  // 2.5 to even: 2 removed
  EXPECT_EQ(shrunk("dnn 10-5", {.units = 0.0}), "dnn 10-5");
  EXPECT_EQ(shrunk("dnn 10-5", {.units = 1.0}), "dnn 1-1");
  EXPECT_EQ(shrunk("dnn 10-5", {.units = 1.0, .scope = UnitScope::global}), "dnn 1-1");
  EXPECT_EQ(shrunk("cnn 8-16 max2", {.units = 0.25}), "cnn 6-12 max2");
  EXPECT_EQ(shrunk("vit d12 h4 l2 p6", {.units = 0.5, .heads = 0.25}), "vit d12 h3 l2 p6 a3 m2");
  EXPECT_EQ(shrunk("vit d12 h4 l2 p6", {.heads = 1.0}), "vit d12 h1 l2 p6 a3");
}

TEST(StructuredPruning, GlobalScopePrunesLayersOfSmallNormsFirst) {
  // fc1 has 288 inputs and fc2 has 10, so rows of fc2 have smaller norms.
  EXPECT_EQ(shrunk("dnn 10-8", {.units = 7.0 / 18, .scope = UnitScope::global}), "dnn 10-1");
}

TEST(StructuredPruning, RejectsNetworksOfFixedSize) {
  EXPECT_EQ(shrunk("dnn linear", {.units = 0.5}), "the network has no hidden layers");
  EXPECT_EQ(shrunk("vit paper h4", {.units = 0.5}),
            "the sizes of the paper's transformer are fixed");
  EXPECT_THROW((void)shrunk("dnn 5", {.units = 1.5}), std::invalid_argument);
  EXPECT_THROW((void)shrunk("vit d8 h2 l1 p6", {.heads = -1.0}), std::invalid_argument);
}

const std::vector<float> kScoredParameters{1, -4, 3, 2.5F, -1, 1, 10, 20, 30,
                                           1, 2,  3, 4,    5,  6, 7,  8};

TEST(StructuredPruning, ScoresAreNormsOfRowsWithoutBiasesAndPrunedWeights) {
  const auto graph = network::graph_of(Architecture::parse("dnn 3"), kTinyProblem);
  EXPECT_THAT(unit_scores(graph, kScoredParameters, {}), ElementsAre(ElementsAre(5.0, 5.5, 2.0)));
  Mask mask(17, 1);
  mask[2] = 0;
  EXPECT_THAT(unit_scores(graph, kScoredParameters, mask), ElementsAre(ElementsAre(5.0, 2.5, 2.0)));
  std::vector<float> nan = kScoredParameters;
  nan[0] = std::nanf("");
  EXPECT_THROW((void)unit_scores(graph, nan, {}), std::invalid_argument);
}

TEST(StructuredPruning, CutsRowsBiasesColumnsAndTheMask) {
  Mask mask(17, 1);
  mask[1] = 0;   // of unit 0, which has the smallest norm then
  mask[4] = 0;   // of unit 2, which is as small, but not the first
  mask[13] = 0;  // of class 1 for unit 1
  const auto pruned = prune_units(Architecture::parse("dnn 3"), kTinyProblem, kScoredParameters,
                                  mask, {.units = 1.0 / 3});
  ASSERT_TRUE(pruned.network);
  EXPECT_THAT(pruned.network->layers[0].kept, ElementsAre(1, 2));
  EXPECT_THAT(pruned.network->parameters, ElementsAre(3, 2.5F, -1, 1, 20, 30, 2, 3, 5, 6, 7, 8));
  EXPECT_THAT(pruned.network->mask, ElementsAre(1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1));
}

TEST(StructuredPruning, RejectsUnknownUnits) {
  const auto cut = [](std::vector<std::vector<std::size_t>> kept) {
    (void)without_other_units(Architecture::parse("dnn 3"), kTinyProblem, kScoredParameters, {},
                              kept);
  };
  EXPECT_NO_THROW(cut({{0, 2}}));
  EXPECT_THROW(cut({}), std::invalid_argument);
  EXPECT_THROW(cut({{}}), std::invalid_argument);
  EXPECT_THROW(cut({{3}}), std::invalid_argument);
  EXPECT_THROW(cut({{1, 1}}), std::invalid_argument);
}

}  // namespace
}  // namespace minima::compress
