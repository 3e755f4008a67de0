#include "run/train/weight_summaries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/network/initial_weights.h"
#include "network/families/lower.h"

namespace minima::run {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr Problem kTinyProblem{{1, 4, 4}, 3};

study::Run example_run(const std::string& architecture) {
  return study::make_run("glyphs", network::Architecture::parse(architecture), 0, 1, {});
}

// The tensors of a network; all its parameters are equal.
struct Example {
  Example(const study::Run& run, float value)
      : graph(network::graph_of(run.architecture, kTinyProblem)),
        values(static_cast<std::size_t>(graph.parameters()), value) {
    for (const auto& tensor : graph.tensors) {
      views.push_back({tensor.spec, tensor.of(std::span<const float>(values))});
    }
  }
  network::Graph graph;
  std::vector<float> values;
  std::vector<engine::ParameterView> views;
};

TEST(WeightSummaries, ShowATensorAsItWasAndWhen) {
  const study::Run run = example_run("dnn 5");
  const auto start = initial_weight_summaries(run, kTinyProblem);
  ASSERT_THAT(start, SizeIs(4));
  EXPECT_EQ(start[0].name, "fc1.weight");
  EXPECT_EQ(start[0].stage, study::WeightStage::start);
  EXPECT_EQ(start[0].epoch, 0);
  EXPECT_GT(start[0].statistics.sd, 0.0);
  const Example ended(run, 2.0F);
  const auto end = weight_summaries(study::WeightStage::end, 7, ended.graph, ended.views);
  ASSERT_THAT(end, SizeIs(4));
  EXPECT_EQ(end[2].stage, study::WeightStage::end);
  EXPECT_EQ(end[2].epoch, 7);
  EXPECT_EQ(end[2].tensor, 2);
  EXPECT_EQ(end[2].statistics.mean, 2.0);
  EXPECT_EQ(end[2].nodes.nodes, 3);
  EXPECT_EQ(end[2].nodes.mean, 10.0);
}

TEST(WeightSummaries, HaveNodesOfAttentionAndMlpUnits) {
  const study::Run run = example_run("vit d8 h2 l2 p2 m2");
  const Example end(run, 1.0F);
  const auto summaries = weight_summaries(study::WeightStage::end, 1, end.graph, end.views);
  const auto nodes_of = [&](const std::string& name) {
    for (const auto& summary : summaries) {
      if (summary.name == name) return summary.nodes.nodes;
    }
    return std::int64_t{-1};
  };
  EXPECT_EQ(nodes_of("block1.attention.q.weight"), 8);
  EXPECT_EQ(nodes_of("block2.mlp.fc1.weight"), 16);
  EXPECT_EQ(nodes_of("block1.norm1.weight"), 0);
}

TEST(WeightSummaries, OfTensorsWithoutValuesAreNone) {
  const study::Run run = example_run("dnn 5");
  Example end(run, 1.0F);
  end.views[0].values = {};
  EXPECT_THAT(weight_summaries(study::WeightStage::end, 1, end.graph, end.views), IsEmpty());
}

}  // namespace
}  // namespace minima::run
