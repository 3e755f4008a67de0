// Properties of every pruning mask.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "compress/prune/pruning_mask.h"
#include "grey_network.h"
#include "support/properties.h"

namespace minima::compress {
namespace {

using rc::gen::element;
using rc::gen::inRange;

struct Network {
  network::Graph graph;
  std::vector<float> parameters;
};

/// A small network with many equal weights.
Network any_network() {
  Network network{.graph = grey_network(
                      *element<std::string>("dnn 3", "dnn 5-2", "cnn 2 max2", "vit d4 h2 l1 p4"))};
  const auto count = static_cast<std::size_t>(network.graph.parameters());
  for (const int value : *rc::gen::container<std::vector<int>>(count, inRange(-50, 51))) {
    network.parameters.push_back(static_cast<float>(value) / 16.0F);
  }
  return network;
}

PruningTarget any_target() {
  return {.sparsity = *inRange(0, 1001) / 1000.0,
          .scope = *element(PruningScope::global, PruningScope::tensor),
          .which = {.biases = *rc::gen::arbitrary<bool>(), .keep = {}, .only = ""}};
}

/// round(sparsity x weights), halves to even.
std::int64_t expected_pruned(double sparsity, std::int64_t weights) {
  return static_cast<std::int64_t>(std::nearbyint(sparsity * static_cast<double>(weights)));
}

RC_GTEST_PROP(Masks, PruneAsManyWeightsAsTheTargetSays, ()) {
  const Network network = any_network();
  const PruningTarget target = any_target();
  const Mask mask = magnitude_mask(network.graph, network.parameters, {}, target);
  const SparsityAchieved achieved = sparsity_achieved(network.graph, mask, target.which);
  if (target.scope == PruningScope::global) {
    RC_ASSERT(achieved.total.weights - achieved.total.kept ==
              expected_pruned(target.sparsity, achieved.total.weights));
  } else {
    for (const KeptWeights& tensor : achieved.tensors) {
      RC_ASSERT(tensor.weights - tensor.kept == expected_pruned(target.sparsity, tensor.weights));
    }
  }
}

RC_GTEST_PROP(Masks, NeverBringAWeightBack, ()) {
  const Network network = any_network();
  PruningTarget less = any_target();
  PruningTarget more = less;
  more.sparsity = *inRange(0, 1001) / 1000.0;
  if (more.sparsity < less.sparsity) std::swap(less.sparsity, more.sparsity);
  const Mask first = magnitude_mask(network.graph, network.parameters, {}, less);
  const Mask at_once = magnitude_mask(network.graph, network.parameters, {}, more);
  const Mask step_by_step = magnitude_mask(network.graph, network.parameters, first, more);
  RC_ASSERT(step_by_step == at_once);
  for (std::size_t i = 0; i < first.size(); ++i) RC_ASSERT(at_once[i] <= first[i]);
}

RC_GTEST_PROP(Masks, PruneTheSmallestMagnitudesFirst, ()) {
  const Network network = any_network();
  PruningTarget target = any_target();
  target.scope = PruningScope::global;
  const Mask mask = magnitude_mask(network.graph, network.parameters, {}, target);
  float largest_pruned = 0.0F;
  float smallest_kept = std::numeric_limits<float>::infinity();
  for (const network::Tensor& tensor : prunable_tensors(network.graph, target.which)) {
    const auto weights = tensor.of(std::span(network.parameters));
    const auto kept = tensor.of(std::span(mask));
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const float magnitude = std::abs(weights[i]);
      if (kept[i] != 0) {
        smallest_kept = std::min(smallest_kept, magnitude);
      } else {
        largest_pruned = std::max(largest_pruned, magnitude);
      }
    }
  }
  RC_ASSERT(largest_pruned <= smallest_kept);
}

RC_GTEST_PROP(Masks, AppliedMakeZerosAndChangeNothingElse, ()) {
  const Network network = any_network();
  const Mask mask = magnitude_mask(network.graph, network.parameters, {}, any_target());
  std::vector<float> pruned = network.parameters;
  apply_mask(mask, pruned);
  for (std::size_t i = 0; i < mask.size(); ++i) {
    RC_ASSERT(pruned[i] == (mask[i] != 0 ? network.parameters[i] : 0.0F));
  }
}

}  // namespace
}  // namespace minima::compress
