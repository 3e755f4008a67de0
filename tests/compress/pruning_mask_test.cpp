#include "compress/prune/pruning_mask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/numbers/random.h"
#include "grey_network.h"

namespace minima::compress {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<float> standard_normal_parameters(const network::Graph& graph) {
  RandomStream random(1, 1, Purpose::initial_weights);
  std::vector<float> parameters(static_cast<std::size_t>(graph.parameters()));
  for (float& value : parameters) value = static_cast<float>(random.normal());
  return parameters;
}

std::vector<std::string> names(const std::string& architecture, const PrunableTensors& which) {
  std::vector<std::string> found;
  for (const network::Tensor& place : prunable_tensors(grey_network(architecture), which)) {
    found.push_back(place.spec.name);
  }
  return found;
}

std::int64_t pruned(const Mask& mask) {
  return std::ranges::count(mask, 0);
}

/// Whether everything that `less` prunes is pruned in `more`.
bool contains(const Mask& more, const Mask& less) {
  for (std::size_t i = 0; i < more.size(); ++i) {
    if (less[i] == 0 && more[i] != 0) return false;
  }
  return true;
}

TEST(PrunableTensors, AreWeightsExceptThoseToKeep) {
  EXPECT_THAT(names("dnn 5-4", {}), ElementsAre("fc1.weight", "fc2.weight", "fc3.weight"));
  EXPECT_THAT(names("dnn 5-4", {.keep = {"fc1", "fc3.weight"}}), ElementsAre("fc2.weight"));
  EXPECT_THAT(names("cnn 2 max2", {.biases = true}),
              ElementsAre("conv1.weight", "conv1.bias", "fc.weight", "fc.bias"));
  EXPECT_THAT(names("vit d8 h2 l2 p4 cls",
                    {.keep = {"block2", "block1.attention.q", "block1.mlp", "embedding"}}),
              ElementsAre("block1.attention.k.weight", "block1.attention.v.weight",
                          "block1.attention.o.weight", "fc.weight"));
  EXPECT_THAT(names("dnn 5", {.only = "fc2.weight"}), ElementsAre("fc2.weight"));
  EXPECT_THROW((void)names("dnn 5", {.only = "fc2"}), std::invalid_argument);
}

TEST(PrunableTensors, ANameDoesNotMatchALongerName) {
  EXPECT_THAT(names("dnn 1-1-1-1-1-1-1-1-1", {.keep = {"fc1"}}), testing::Contains("fc10.weight"));
  EXPECT_THAT(names("cnn 2", {.keep = {"f"}}), ElementsAre("conv1.weight", "fc.weight"));
}

TEST(PrunableTensors, ReportsNamesThatMatchNothing) {
  const std::vector<std::string> keep{"fc", "block1.norm1", "block3", "block1.attention.z", ""};
  EXPECT_THAT(unmatched_names(grey_network("vit d8 h2 l2 p4"), keep),
              ElementsAre("block3", "block1.attention.z", ""));
  EXPECT_THAT(unmatched_names(grey_network("dnn 5"), {}), IsEmpty());
}

// 2 x 2 pixels, 3 classes: fc.weight [3][4], fc.bias [3].
const std::vector<float> kTwelve{4, -1, 1, 0, 5, -6, 1, 2, -1, 3, 7, -8, 0, 0, 0};

TEST(MagnitudeMask, PrunesTheSmallestAndAmongEqualOnesTheFirst) {
  const auto graph = grey_network("dnn linear", 2);
  const auto mask = [&](double share) {
    return magnitude_mask(graph, kTwelve, {}, {.sparsity = share});
  };
  EXPECT_THAT(mask(3.0 / 12), ElementsAre(1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
  EXPECT_THAT(mask(6.0 / 12), ElementsAre(1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1));
  EXPECT_EQ(pruned(mask(1.0)), 12);
  EXPECT_EQ(pruned(mask(0.0)), 0);
}

TEST(MagnitudeMask, KeepsAndCountsEarlierPruning) {
  const auto graph = grey_network("dnn linear", 2);
  Mask before(15, 1);
  before[11] = 0;  // the largest
  before[12] = 0;  // a bias, which does not count here
  const Mask mask = magnitude_mask(graph, kTwelve, before, {.sparsity = 3.0 / 12});
  EXPECT_THAT(mask, ElementsAre(1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1));
  EXPECT_EQ(magnitude_mask(graph, kTwelve, mask, {.sparsity = 0.1}), mask);
}

TEST(MagnitudeMask, TreatsInfinityAsLargestAndRejectsNan) {
  const auto graph = grey_network("dnn linear", 2);
  std::vector<float> parameters = kTwelve;
  parameters[0] = -std::numeric_limits<float>::infinity();
  parameters[1] = std::numeric_limits<float>::denorm_min();
  const Mask mask = magnitude_mask(graph, parameters, {}, {.sparsity = 11.0 / 12});
  EXPECT_EQ(mask[0], 1);
  EXPECT_EQ(magnitude_mask(graph, parameters, {}, {.sparsity = 2.0 / 12})[1], 0);
  parameters[14] = std::nanf("");  // a bias, which is not pruned
  EXPECT_EQ(magnitude_mask(graph, parameters, {}, {.sparsity = 11.0 / 12}), mask);
  parameters[3] = std::nanf("");
  EXPECT_THROW((void)magnitude_mask(graph, parameters, {}, {.sparsity = 0.5}),
               std::invalid_argument);
}

TEST(MagnitudeMask, RejectsInvalidArguments) {
  const auto graph = grey_network("dnn linear", 2);
  EXPECT_THROW((void)magnitude_mask(graph, std::vector<float>(14), {}, {}), std::invalid_argument);
  EXPECT_THROW((void)magnitude_mask(graph, kTwelve, Mask(3), {}), std::invalid_argument);
  for (const double sparsity : {-0.1, 1.1, std::nan("")}) {
    EXPECT_THROW((void)magnitude_mask(graph, kTwelve, {}, {.sparsity = sparsity}),
                 std::invalid_argument);
  }
}

std::vector<PruningTarget> targets(double sparsity) {
  return {{.sparsity = sparsity},
          {.sparsity = sparsity, .scope = PruningScope::tensor},
          {.sparsity = sparsity, .which = {.biases = true, .keep = {"fc"}}},
          {.sparsity = sparsity, .which = {.only = "block1.mlp.fc1.weight"}}};
}

TEST(PruningMask, IsNestedAcrossSparsities) {
  const auto graph = grey_network("vit d8 h2 l2 p4");
  std::vector<float> parameters = standard_normal_parameters(graph);
  for (float& value : parameters) value = std::round(4.0F * value);  // many are equal
  for (std::size_t kind = 0; kind < targets(0.0).size(); ++kind) {
    Mask magnitude;
    Mask random;
    for (const double sparsity : {0.1, 0.35, 0.7, 0.95}) {
      const PruningTarget target = targets(sparsity)[kind];
      const Mask next = magnitude_mask(graph, parameters, {}, target);
      const Mask next_random = random_mask(graph, {}, target, {.seed = 1, .subject = 2});
      if (!magnitude.empty()) {
        EXPECT_TRUE(contains(next, magnitude));
        EXPECT_TRUE(contains(next_random, random));
        EXPECT_EQ(magnitude_mask(graph, parameters, magnitude, target), next);
        EXPECT_EQ(random_mask(graph, random, target, {.seed = 1, .subject = 2}), next_random);
      }
      EXPECT_EQ(pruned(next), pruned(next_random));
      magnitude = next;
      random = next_random;
    }
  }
}

TEST(RandomMask, DependsOnSeedAndRunAndPrunesUniformly) {
  const auto graph = grey_network("dnn 6", 4);
  const PruningTarget target{.sparsity = 0.4};
  const Mask mask = random_mask(graph, {}, target, {.seed = 1, .subject = 7});
  EXPECT_NE(mask, random_mask(graph, {}, target, {.seed = 2, .subject = 7}));
  EXPECT_NE(mask, random_mask(graph, {}, target, {.seed = 1, .subject = 8}));
  constexpr int kRuns = 2000;
  std::vector<int> often(mask.size(), 0);
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const Mask one = random_mask(graph, {}, target, {.seed = 1, .subject = run});
    for (std::size_t i = 0; i < one.size(); ++i) often[i] += one[i] == 0 ? 1 : 0;
  }
  for (const network::Tensor& place : graph.tensors) {
    for (std::size_t i = place.begin; i < place.begin + place.count; ++i) {
      if (place.role == network::Role::bias) {
        EXPECT_EQ(often[i], 0);
      } else {
        // Binomial with an sd of 22 in 800; the tolerance is five sd.
        EXPECT_NEAR(often[i], 0.4 * kRuns, 110.0) << i;
      }
    }
  }
}

TEST(RandomMask, OnTopOfAnotherMaskReachesTheTotalSparsity) {
  const auto graph = grey_network("dnn 6", 4);
  const std::vector<float> parameters = standard_normal_parameters(graph);
  const Mask before = magnitude_mask(graph, parameters, {}, {.sparsity = 0.5});
  const Mask mask = random_mask(graph, before, {.sparsity = 0.75}, {.seed = 1, .subject = 7});
  EXPECT_TRUE(contains(mask, before));
  EXPECT_EQ(pruned(mask), 86);  // of 96 + 18 weights: 85.5 to even
}

TEST(SparsityAchieved, CountsByTensor) {
  const auto graph = grey_network("dnn 2", 2);  // fc1 [2][4], [2], fc2 [3][2], [3]
  Mask mask(19, 1);
  mask[0] = mask[1] = mask[8] = mask[12] = 0;  // two of fc1.weight, one of its bias, one of fc2
  const SparsityAchieved achieved = sparsity_achieved(graph, mask, {});
  ASSERT_EQ(achieved.tensors.size(), 2U);
  EXPECT_EQ(achieved.tensors[0].tensor, "fc1.weight");
  EXPECT_EQ(achieved.tensors[0].kept, 6);
  EXPECT_DOUBLE_EQ(achieved.tensors[0].sparsity(), 0.25);
  EXPECT_EQ(achieved.tensors[1].weights, 6);
  EXPECT_EQ(achieved.total.weights, 14);
  EXPECT_EQ(achieved.total.kept, 11);
  EXPECT_EQ(sparsity_achieved(graph, {}, {.biases = true}).total.kept, 19);
  std::vector<float> parameters(19, 2.0F);
  apply_mask(mask, parameters);
  EXPECT_EQ(std::ranges::count(parameters, 0.0F), 4);
}

}  // namespace
}  // namespace minima::compress
