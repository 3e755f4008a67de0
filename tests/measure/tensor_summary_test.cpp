// Cases without an oracle; measures_parity_test.py compares the others with SciPy and NumPy.
#include "measure/tensor_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace minima::measure {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST(TensorStatistics, OfConstantWeightsHaveNoShape) {
  const auto statistics = statistics_of(std::vector<float>(7, 0.1F), 0);
  EXPECT_FLOAT_EQ(static_cast<float>(statistics.mean), 0.1F);
  EXPECT_EQ(statistics.sd, 0.0);
  EXPECT_TRUE(std::isnan(statistics.skewness));
  EXPECT_TRUE(std::isnan(statistics.kurtosis));
  EXPECT_TRUE(std::isnan(statistics.near_zero));
  EXPECT_TRUE(std::isnan(statistics.stable_rank)) << "a vector has none";
}

TEST(TensorStatistics, OfADivergedNetworkAreNotDefined) {
  const auto statistics = statistics_of(std::vector<float>{1.0F, kNaN, 2.0F, 3.0F}, 2);
  EXPECT_EQ(statistics.count, 4);
  EXPECT_EQ(statistics.not_finite, 1);
  EXPECT_TRUE(std::isnan(statistics.mean));
  EXPECT_TRUE(std::isnan(statistics.stable_rank));
}

TEST(StableRank, IsOneForAnOuterProductAndThreeForAnIdentity) {
  EXPECT_NEAR(stable_rank(std::vector<float>{1, 2, 3, 2, 4, 6}, 3), 1.0, 1e-6);
  EXPECT_NEAR(stable_rank(std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1}, 3), 3.0, 1e-6);
}

TEST(StableRank, DoesNotDependOnTheScaleOfWeights) {
  for (const float scale : {1e-30F, 1.0F, 1e30F}) {
    EXPECT_NEAR(stable_rank(std::vector<float>{3 * scale, 0, 0, 4 * scale}, 2), 25.0 / 16.0, 1e-5);
  }
  EXPECT_TRUE(std::isnan(stable_rank(std::vector<float>(4, 0.0F), 2)));
}

TEST(NodeStrengths, AddUpTheMagnitudesOfEachRow) {
  const auto nodes = node_strengths(std::vector<float>{1, -2, 0.5F, 0.5F, 0, 0}, 2);
  EXPECT_EQ(nodes.nodes, 3);
  EXPECT_THAT(nodes.values, ElementsAre(3.0F, 1.0F, 0.0F));
  EXPECT_DOUBLE_EQ(nodes.mean, 4.0 / 3.0);
  EXPECT_EQ(nodes.max, 3.0);
  EXPECT_EQ(nodes.min, 0.0);
}

TEST(NodeStrengths, OfManyNodesAreKeptAsQuantiles) {
  std::vector<float> values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(999 - i);
  const auto nodes = node_strengths(values, 1);
  EXPECT_EQ(nodes.nodes, 1000);
  EXPECT_THAT(nodes.values, SizeIs(kNodeValues));
  EXPECT_TRUE(std::ranges::is_sorted(nodes.values));
}

TEST(WeightSummary, OfAConvolutionHasANodePerFilter) {
  const network::Tensor filters{.spec = {.name = "conv1.weight", .shape = {2, 1, 2, 2}}};
  const auto summary = summary_of(filters, std::vector<float>{1, 1, 1, 1, 2, 2, 2, 2});
  EXPECT_THAT(summary.nodes.values, ElementsAre(4.0F, 8.0F));
  EXPECT_THAT(summary.quantiles, SizeIs(kQuantiles));
  EXPECT_NEAR(summary.statistics.stable_rank, 1.0, 1e-6);
}

TEST(WeightSummary, OfVectorsAndPositionsHasNoNodes) {
  using network::Role;
  const network::Tensor bias{.spec = {.name = "fc1.bias", .shape = {2}}, .role = Role::bias};
  EXPECT_EQ(summary_of(bias, std::vector<float>{1, 2}).nodes.nodes, 0);
  const network::Tensor position{.spec = {.name = "embedding.position", .shape = {2, 2}},
                                 .role = Role::position};
  const auto positions = summary_of(position, std::vector<float>{1, 2, 3, 4});
  EXPECT_EQ(positions.nodes.nodes, 0);
  EXPECT_THAT(positions.quantiles, IsEmpty());
  EXPECT_EQ(positions.statistics.mean, 2.5);
}

TEST(WeightSummary, OfADivergedNetworkHasNoDistribution) {
  const network::Tensor weight{.spec = {.name = "fc1.weight", .shape = {2, 2}}};
  const auto summary = summary_of(weight, std::vector<float>{1, 2, kNaN, 4});
  EXPECT_THAT(summary.histogram.counts, IsEmpty());
  EXPECT_THAT(summary.nodes.values, IsEmpty());
}

}  // namespace
}  // namespace minima::measure
