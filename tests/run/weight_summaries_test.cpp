#include "run/train/weight_summaries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/initial_weights.h"
#include "network/families/lower.h"
#include "record/weight_summary.h"

namespace minima::run {
namespace {

using testing::SizeIs;

constexpr Problem kTinyProblem{{1, 4, 4}, 3};

study::Run example_run(const std::string& architecture) {
  return study::make_run("glyphs", network::Architecture::parse(architecture), 0, 1, {});
}

// The tensors of a network; all its parameters are equal.
struct Example {
  Example(const study::Run& run, float value)
      : tensors(network::graph_of(run.architecture, kTinyProblem).tensors),
        values(engine::initial_parameters(run, kTinyProblem).size(), value) {}
  std::vector<network::Tensor> tensors;
  std::vector<float> values;
};

TEST(WeightSummaries, ShowATensorAsItWasAndWhen) {
  const study::Run run = example_run("dnn 5");
  const auto start = initial_weight_summaries(run, kTinyProblem);
  ASSERT_THAT(start, SizeIs(4));
  EXPECT_EQ(start[0].name, "fc1.weight");
  EXPECT_EQ(start[0].stage, record::WeightStage::start);
  EXPECT_EQ(start[0].epoch, 0);
  EXPECT_GT(start[0].statistics.sd, 0.0);
  const Example ended(run, 2.0F);
  const auto end = weight_summaries(record::WeightStage::end, 7, ended.tensors, ended.values);
  ASSERT_THAT(end, SizeIs(4));
  EXPECT_EQ(end[2].stage, record::WeightStage::end);
  EXPECT_EQ(end[2].epoch, 7);
  EXPECT_EQ(end[2].tensor, 2);
  EXPECT_EQ(end[2].statistics.mean, 2.0);
  EXPECT_EQ(end[2].nodes.nodes, 3);
  EXPECT_EQ(end[2].nodes.mean, 10.0);
}

TEST(WeightSummaries, HaveNodesOfAttentionAndMlpUnits) {
  const study::Run run = example_run("vit d8 h2 l2 p2 m2");
  const Example end(run, 1.0F);
  const auto summaries = weight_summaries(record::WeightStage::end, 1, end.tensors, end.values);
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

}  // namespace
}  // namespace minima::run
