#include "analysis/convergence/shape_spread.h"

#include <gtest/gtest.h>

#include <cmath>

#include "planted_runs.h"

namespace minima::analysis {
namespace {

/// Six architectures of one size and depth: means 0.90, 0.91, ... and a variance of 0.0002 over two
/// replicates each.
std::vector<ShapedNetwork> six_shapes(double step = 0.01) {
  std::vector<ShapedNetwork> networks;
  for (int i = 0; i < 6; ++i) {
    const double mean = 0.90 + step * i;
    networks.push_back({.parameters = 1000, .depth = 2, .accuracies = {mean - 0.01, mean + 0.01}});
  }
  return networks;
}

// With equal sizes Q(tau) is S / (tau^2 + 0.0001), S = 0.00175, with 5 degrees of freedom. s^2 has
// 6, so the mean variance has 6 (tau^2 / 0.0001 + 1)^2. The probabilities of F come from the
// incomplete beta function, integrated numerically.
TEST(ShapeSpread, AgreesWithTheClosedFormOfEqualSizes) {
  const ShapeSpread spread = shape_spread(six_shapes(), 0, 0.01, 0.95);
  ASSERT_EQ(spread.missing, "");
  EXPECT_EQ(spread.degrees, 5);
  EXPECT_NEAR(spread.seed_sd, std::sqrt(0.0002), 1e-12);
  EXPECT_NEAR(spread.sd, std::sqrt(0.00175 / 5 - 0.0001), 1e-9);
  EXPECT_EQ(spread.low, 0.0) << "P(F < 3.5; 5, 6) is 0.9205, less than 0.975";
  EXPECT_NEAR(spread.high, 0.04479082, 1e-7);
  // P(F < 1.75; 5, 24)
  EXPECT_NEAR(spread.p_of_large, 0.8383892, 1e-6);
  EXPECT_NEAR(spread.p_of_large + spread.p_of_small, 1.0, 1e-12);
}

TEST(ShapeSpread, LeavesOutWhatSizeAndDepthExplain) {
  std::vector<ShapedNetwork> networks;
  for (int i = 0; i < 10; ++i) {
    const int depth = 1 + i % 3;
    const double mean = 0.5 + 0.05 * std::log(1000.0 + 100 * i) + (depth == 2 ? 0.2 : 0.0);
    networks.push_back(
        {.parameters = 1000 + 100 * i, .depth = depth, .accuracies = {mean - 0.001, mean + 0.001}});
  }
  const ShapeSpread spread = shape_spread(networks, 0, 0.01, 0.95);
  EXPECT_EQ(spread.degrees, 10 - 4);
  EXPECT_EQ(spread.sd, 0.0);
  EXPECT_LT(spread.high, 0.01);
  EXPECT_LT(spread.p_of_large, 0.001);
}

TEST(ShapeSpread, AgreesWithItsInterval) {
  std::vector<ShapedNetwork> networks = six_shapes();
  networks.push_back({.parameters = 1000, .depth = 2, .accuracies = {0.5, 0.5}});
  for (const std::int64_t images : {0, 1000}) {
    for (const double tolerance : {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5}) {
      const ShapeSpread spread = shape_spread(networks, images, tolerance, 0.95);
      EXPECT_EQ(spread.p_of_large <= 0.025, spread.high <= tolerance) << tolerance;
      EXPECT_EQ(spread.p_of_small <= 0.025, spread.low >= tolerance) << tolerance;
    }
  }
}

// Q / df is 5.5: P(F < 5.5; 5, 6) is 0.9696, and it first rises above 0.975 with tau.
TEST(ShapeSpread, AgreesWithItsIntervalWhereTheProbabilityRisesFirst) {
  const std::vector<ShapedNetwork> networks = six_shapes(0.01 * std::sqrt(5.5 / 3.5));
  for (const double tolerance : {0.002, 0.004, 0.0055, 0.007, 0.01, 0.02}) {
    const ShapeSpread spread = shape_spread(networks, 0, tolerance, 0.95);
    EXPECT_EQ(spread.low, 0.0);
    EXPECT_GT(spread.p_of_small, 0.025) << tolerance;
  }
}

TEST(ShapeSpread, DoesNotMistakeTestImagesForShape) {
  std::vector<ShapedNetwork> networks = six_shapes();
  for (auto& network : networks) network.accuracies.resize(40, network.accuracies[0] + 0.01);
  const ShapeSpread many = shape_spread(networks, 0, 0.01, 0.95);
  const ShapeSpread few = shape_spread(networks, 200, 0.01, 0.95);
  EXPECT_GT(many.low, 0.01);
  EXPECT_EQ(few.low, 0.0);
  EXPECT_GT(few.p_of_small, 0.05);
  EXPECT_EQ(few.p_of_large, many.p_of_large) << "nor for a sign that shape hardly matters";
}

TEST(ShapeSpread, NeedsSixArchitecturesAndDegreesOfFreedom) {
  std::vector<ShapedNetwork> networks = six_shapes();
  for (std::size_t i = 0; i < networks.size(); ++i) networks[i].depth = static_cast<int>(i) + 1;
  EXPECT_EQ(shape_spread(networks, 0, 0.01, 0.95).missing,
            "needs more architectures for as many depths");
  networks.pop_back();
  EXPECT_EQ(shape_spread(networks, 0, 0.01, 0.95).missing, "needs six architectures with two runs");
}

TEST(ShapeSpread, IsAboutTheUpperHalfOfTheSizesTrained) {
  Population population = one_dataset();
  for (int i = 0; i < 2; ++i) {
    add_run(population, "dnn 2", 0.3, 100);
    add_run(population, "dnn 8-4", 0.9, 1000);
    add_run(population, "dnn 32", 0.9, 10'000);
    add_run(population, "dnn linear", 0.9, 7850);
  }
  add_run(population, "dnn 16", 0.9, 5000);  // one run only
  const auto networks = large_shapes(population, selection_of(population));
  ASSERT_EQ(networks.size(), 2U);
  EXPECT_EQ(networks[0].depth + networks[1].depth, 3);
}

// The better activation does not count as a better shape.
TEST(ShapeSpread, ComparesNetworksOfOneActivation) {
  Population population = one_dataset();
  for (int i = 0; i < 2; ++i) {
    add_run(population, "dnn 8-4", 0.9, 1000);
    add_run(population, "dnn 10-2", 0.9, 1000);
    add_run(population, "dnn 8-4 gelu", 0.99, 1000);
  }
  EXPECT_EQ(large_shapes(population, selection_of(population)).size(), 2U);
}

}  // namespace
}  // namespace minima::analysis
