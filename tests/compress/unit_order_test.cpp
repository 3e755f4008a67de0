#include "compress/prune/unit_order.h"

#include <gtest/gtest.h>

#include <numeric>

#include "compress/prune/kept_units.h"
#include "engine_logits.h"

namespace minima::compress {
namespace {

class UnitOrder : public testing::TestWithParam<const char*> {
 protected:
  Problem problem_{{1, 8, 8}, 5};
  network::Architecture architecture_ = network::Architecture::parse(GetParam());
  network::Graph graph_ = network::graph_of(architecture_, problem_);
};

TEST_P(UnitOrder, KeepsTheFunctionOfTheNetwork) {
  const std::vector<float> parameters = normal_parameters(graph_);
  const std::vector<float> sorted = sorted_by_strength(graph_, parameters);
  EXPECT_NE(sorted, parameters);
  expect_equal_logits(engine_logits(architecture_, problem_, sorted),
                      engine_logits(architecture_, problem_, parameters), GetParam());
}

TEST_P(UnitOrder, DoesNotDependOnTheOriginalOrder) {
  const std::vector<float> parameters = normal_parameters(graph_);
  const std::vector<network::UnitGroup> groups = network::unit_groups(graph_);
  std::vector<std::vector<std::size_t>> shuffled;
  RandomStream random(1, 2, Purpose::shuffle);
  for (const network::UnitGroup& group : groups) {
    auto& order = shuffled.emplace_back(group.units);
    std::iota(order.begin(), order.end(), 0);
    random.shuffle(std::span(order));
  }
  EXPECT_EQ(sorted_by_strength(graph_, with_units(graph_, groups, shuffled, parameters)),
            sorted_by_strength(graph_, parameters));
}

TEST(UnitOrderOfUnits, IsByDescendingStrength) {
  const auto graph = network::graph_of(network::Architecture::parse("dnn 3"), {{1, 1, 2}, 2});
  // fc1.weight [3][2], its biases, fc2.weight [2][3], its biases
  const std::vector<float> parameters{1, 0, 0, -3, 1, 1, 10, 20, 30, 1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(sorted_by_strength(graph, parameters),
            (std::vector<float>{0, -3, 1, 1, 1, 0, 20, 30, 10, 2, 3, 1, 5, 6, 4, 7, 8}));
}

INSTANTIATE_TEST_SUITE_P(Of, UnitOrder,
                         testing::Values("dnn 12-7", "cnn 6", "cnn 5-9 pad1 max2", "cnn 4-6 gap",
                                         "vit d8 h2 l2 p4", "vit d8 h4 l1 p4 cls post"));

}  // namespace
}  // namespace minima::compress
