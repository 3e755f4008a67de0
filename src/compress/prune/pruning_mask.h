// Masks of pruned weights: as many elements as parameters, 1 kept, 0 pruned, in the order of the
// tensors of network::Graph.
//
// A target is the share of all weights in its scope that are pruned afterwards, those that were
// pruned before included: round(sparsity x weights) of them, halves to even, as
// torch.nn.utils.prune rounds. Nothing that is pruned comes back, and a higher sparsity prunes
// whatever a lower one does.
//
// Magnitude masks are those of torch.nn.utils.prune's l1_unstructured (PruningScope::tensor) and
// global_unstructured with L1Unstructured (PruningScope::global). Among equal magnitudes the first
// in the array goes first. PyTorch's choice among them is what std::nth_element or
// std::partial_sort of its C++ library happens to leave, which changes with the sparsity and is not
// nested (of 1000 zeros it prunes the first for one weight, but not for 333), so it is not
// followed: the magnitudes that are pruned are the same, their places need not be. Infinity is the
// largest magnitude.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "network/graph.h"

namespace minima::compress {

/// 1 kept, 0 pruned; one for each parameter.
using Mask = std::vector<std::uint8_t>;

enum class PruningScope {
  global,  ///< weights of all tensors compete with each other
  tensor,  ///< every tensor reaches the sparsity by itself
};

/// Which tensors can be pruned: the weights of linear maps and convolutions (is_quantized), without
/// those that are kept.
struct PrunableTensors {
  bool biases = false;  ///< the biases of linear maps and convolutions too
  /// Left out: "fc", "block1", "block1.attention.q", "fc1.weight": a tensor's name, or what stands
  /// before a dot of it.
  std::vector<std::string> keep;
  std::string only;  ///< the name of a single tensor; empty: all of them
};

/// Throws std::invalid_argument where `only` is none of those that can be pruned. Names in `keep`
/// that match nothing are ignored (unmatched_names).
[[nodiscard]] std::vector<network::Tensor> prunable_tensors(const network::Graph& graph,
                                                            const PrunableTensors& which);

/// Those of `names` that match no tensor of the network, whether it can be pruned or not.
[[nodiscard]] std::vector<std::string> unmatched_names(const network::Graph& graph,
                                                       std::span<const std::string> names);

/// A sparsity and what it is of.
struct PruningTarget {
  double sparsity = 0.0;  ///< 0..1, of the prunable weights
  PruningScope scope = PruningScope::global;
  PrunableTensors which;
};

/// Prunes the smallest magnitudes (Han et al. 2015, arXiv 1506.02626) on top of `before`, which may
/// be empty (nothing is pruned yet). Where more is pruned already, nothing changes. O(weights).
/// Throws std::invalid_argument for sizes that do not fit, a sparsity outside [0, 1], and NaN among
/// the prunable weights.
[[nodiscard]] Mask magnitude_mask(const network::Graph& graph, std::span<const float> parameters,
                                  std::span<const std::uint8_t> before,
                                  const PruningTarget& target);

/// What a random mask is a function of, beside the target.
struct RandomPruningKey {
  std::uint64_t seed = 0;
  std::uint64_t subject = 0;  ///< subject_of(id of the run)
};

/// The control: every weight has a random rank of its own (Purpose::pruning), and the lowest ranks
/// are pruned. Nested like magnitude masks, for one key. Throws as magnitude_mask.
[[nodiscard]] Mask random_mask(const network::Graph& graph, std::span<const std::uint8_t> before,
                               const PruningTarget& target, const RandomPruningKey& key);

/// Sets pruned parameters to zero. Throws std::invalid_argument where sizes differ.
void apply_mask(std::span<const std::uint8_t> mask, std::span<float> parameters);

/// Of a tensor, or of all together.
struct KeptWeights {
  std::string tensor;  ///< its name; empty of a total
  std::int64_t weights = 0;
  std::int64_t kept = 0;

  [[nodiscard]] double sparsity() const;  ///< share that is pruned; 0 of no weights
};

struct SparsityAchieved {
  std::vector<KeptWeights> tensors;  ///< those that can be pruned, in order
  KeptWeights total;                 ///< of them
};

/// An empty mask: nothing is pruned. Throws std::invalid_argument where sizes differ.
[[nodiscard]] SparsityAchieved sparsity_achieved(const network::Graph& graph,
                                                 std::span<const std::uint8_t> mask,
                                                 const PrunableTensors& which);

}  // namespace minima::compress
