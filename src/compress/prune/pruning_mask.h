// Pruning masks: one element per parameter, 1 kept, 0 pruned, in the order of the tensors of
// network::Graph.
//
// The target sparsity is the fraction of the weights in scope that are pruned afterwards, including
// weights pruned before: round(sparsity x weights) weights, halves to even, as torch.nn.utils.prune
// rounds. Pruned weights stay pruned, and a higher sparsity prunes everything that a lower one
// does.
//
// Magnitude masks are those of torch.nn.utils.prune: l1_unstructured (PruningScope::tensor) and
// global_unstructured with L1Unstructured (PruningScope::global). Among equal magnitudes, the first
// in the array is pruned first. PyTorch's choice among equal magnitudes depends on std::nth_element
// or std::partial_sort of its C++ library. It changes with the sparsity and is not nested: of 1000
// zeros it prunes the first when one is to be pruned, but not when 333 are. minima does not follow
// it. The pruned magnitudes are the same, but their indices may differ. Infinity is the largest
// magnitude.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "network/graph.h"

namespace minima::compress {

/// 1 kept, 0 pruned; one element per parameter.
using Mask = std::vector<std::uint8_t>;

enum class PruningScope {
  global,  ///< weights of all tensors compete with each other
  tensor,  ///< every tensor reaches the sparsity by itself
};

/// Which tensors can be pruned: the weights of linear maps and convolutions (is_quantized), except
/// those in `keep`.
struct PrunableTensors {
  bool biases = false;  ///< also the biases of linear maps and convolutions
  /// Tensors that are not pruned: a tensor's name, or a prefix of it that ends before a dot. For
  /// example "fc", "block1", "block1.attention.q", "fc1.weight".
  std::vector<std::string> keep;
  std::string only;  ///< the name of a single tensor; empty: all of them
};

/// Throws std::invalid_argument if `only` is not a tensor that can be pruned. Names in `keep` that
/// match nothing are ignored (see unmatched_names).
[[nodiscard]] std::vector<network::Tensor> prunable_tensors(const network::Graph& graph,
                                                            const PrunableTensors& which);

/// The `names` that match no tensor of the network, prunable or not.
[[nodiscard]] std::vector<std::string> unmatched_names(const network::Graph& graph,
                                                       std::span<const std::string> names);

/// A target sparsity and the weights that it applies to.
struct PruningTarget {
  double sparsity = 0.0;  ///< 0..1, fraction of the prunable weights
  PruningScope scope = PruningScope::global;
  PrunableTensors which;
};

/// Prunes the smallest magnitudes (Han et al. 2015, arXiv 1506.02626) in addition to `before`,
/// which may be empty (nothing is pruned yet). If `before` already prunes more, nothing changes.
/// O(weights). Throws std::invalid_argument for sizes that do not fit, a sparsity outside [0, 1],
/// and NaN among the prunable weights.
[[nodiscard]] Mask magnitude_mask(const network::Graph& graph, std::span<const float> parameters,
                                  std::span<const std::uint8_t> before,
                                  const PruningTarget& target);

/// The key of a random mask: it determines the mask together with the target.
struct RandomPruningKey {
  std::uint64_t seed = 0;
  std::uint64_t subject = 0;  ///< subject_of(run id)
};

/// Random pruning as a control: every weight has a random rank (Purpose::pruning), and the lowest
/// ranks are pruned. For one key, the masks are nested like magnitude masks. Throws like
/// magnitude_mask.
[[nodiscard]] Mask random_mask(const network::Graph& graph, std::span<const std::uint8_t> before,
                               const PruningTarget& target, const RandomPruningKey& key);

/// Sets pruned parameters to zero. Throws std::invalid_argument if sizes differ.
void apply_mask(std::span<const std::uint8_t> mask, std::span<float> parameters);

/// Number of kept weights of one tensor, or of all together.
struct KeptWeights {
  std::string tensor;  ///< its name; empty for the total
  std::int64_t weights = 0;
  std::int64_t kept = 0;

  [[nodiscard]] double sparsity() const;  ///< fraction pruned; 0 if there are no weights
};

struct SparsityAchieved {
  std::vector<KeptWeights> tensors;  ///< the prunable tensors, in order
  KeptWeights total;                 ///< of these tensors
};

/// An empty mask means that nothing is pruned. Throws std::invalid_argument if sizes differ.
[[nodiscard]] SparsityAchieved sparsity_achieved(const network::Graph& graph,
                                                 std::span<const std::uint8_t> mask,
                                                 const PrunableTensors& which);

}  // namespace minima::compress
