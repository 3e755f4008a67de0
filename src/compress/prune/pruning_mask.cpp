#include "compress/prune/pruning_mask.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>
#include <stdexcept>

#include "compress/quantize/parameter_quantizer.h"
#include "core/numbers/random.h"

namespace minima::compress {
namespace {

bool is_prunable(const network::Tensor& tensor, const PrunableTensors& which) {
  const bool is_bias = tensor.role == network::Role::bias;
  if (!is_quantized(tensor) && !(which.biases && is_bias)) return false;
  return !network::is_named(tensor.spec.name, which.keep);
}

/// Packs a rank and an index into one number: sorts by rank, then by index.
std::uint64_t ranked(std::uint32_t rank, std::size_t place) {
  return (std::uint64_t{rank} << 32) | static_cast<std::uint32_t>(place);
}

std::size_t place_of(std::uint64_t candidate) {
  return static_cast<std::uint32_t>(candidate);
}

std::size_t to_prune(double sparsity, std::size_t weights) {
  // nearbyint rounds halves to even in the default rounding mode.
  return static_cast<std::size_t>(std::nearbyint(sparsity * static_cast<double>(weights)));
}

/// Prunes the lowest `candidates` until `wanted` of the `weights` weights are pruned.
void prune_lowest(std::vector<std::uint64_t>& candidates, std::size_t weights, std::size_t wanted,
                  Mask& mask) {
  const std::size_t already = weights - candidates.size();
  if (wanted <= already) return;
  const std::size_t more = wanted - already;
  if (more < candidates.size()) {
    std::ranges::nth_element(candidates, candidates.begin() + static_cast<std::ptrdiff_t>(more));
  }
  for (std::size_t i = 0; i < more; ++i) mask[place_of(candidates[i])] = 0;
}

Mask start_mask(std::size_t parameters, std::span<const std::uint8_t> before) {
  if (parameters > std::numeric_limits<std::uint32_t>::max()) {
    throw std::invalid_argument("too many parameters to prune");
  }
  return before.empty() ? Mask(parameters, 1) : Mask(before.begin(), before.end());
}

/// collect(tensor, mask, candidates) adds the kept weights of a tensor to the candidates.
template <typename Collect>
Mask prune(const network::Graph& graph, std::span<const std::uint8_t> before,
           const PruningTarget& target, Collect collect) {
  if (!(target.sparsity >= 0.0 && target.sparsity <= 1.0)) {
    throw std::invalid_argument("a sparsity is not between 0 and 1");
  }
  const auto parameters = static_cast<std::size_t>(graph.parameters());
  check_sizes(graph, parameters, before);
  Mask mask = start_mask(parameters, before);
  std::vector<std::uint64_t> candidates;
  std::size_t weights = 0;
  const auto finish_scope = [&] {
    prune_lowest(candidates, weights, to_prune(target.sparsity, weights), mask);
    candidates.clear();
    weights = 0;
  };
  for (const network::Tensor& tensor : prunable_tensors(graph, target.which)) {
    collect(tensor, mask, candidates);
    weights += tensor.count;
    if (target.scope == PruningScope::tensor) finish_scope();
  }
  finish_scope();
  return mask;
}

}  // namespace

std::vector<network::Tensor> prunable_tensors(const network::Graph& graph,
                                              const PrunableTensors& which) {
  std::vector<network::Tensor> tensors;
  std::ranges::copy_if(graph.tensors, std::back_inserter(tensors), [&](const auto& tensor) {
    return is_prunable(tensor, which) && (which.only.empty() || tensor.spec.name == which.only);
  });
  if (!which.only.empty() && tensors.empty()) {
    throw std::invalid_argument("no tensor to prune is named " + which.only);
  }
  return tensors;
}

std::vector<std::string> unmatched_names(const network::Graph& graph,
                                         std::span<const std::string> names) {
  std::vector<std::string> unmatched;
  for (const std::string& name : names) {
    if (std::ranges::none_of(graph.tensors, [&](const network::Tensor& tensor) {
          return network::is_named(tensor.spec.name, {&name, 1});
        })) {
      unmatched.push_back(name);
    }
  }
  return unmatched;
}

Mask magnitude_mask(const network::Graph& graph, std::span<const float> parameters,
                    std::span<const std::uint8_t> before, const PruningTarget& target) {
  check_sizes(graph, parameters.size(), before);
  return prune(graph, before, target,
               [&](const network::Tensor& tensor, const Mask& mask, auto& candidates) {
                 for (std::size_t i = tensor.begin; i < tensor.begin + tensor.count; ++i) {
                   if (std::isnan(parameters[i])) {
                     throw std::invalid_argument("a weight of " + tensor.spec.name + " is NaN");
                   }
                   if (mask[i] == 0) continue;
                   // Without the sign bit, the bits of floats sort in the same order as the floats.
                   const auto bits = std::bit_cast<std::uint32_t>(parameters[i]);
                   candidates.push_back(ranked(bits & 0x7fffffffU, i));
                 }
               });
}

Mask random_mask(const network::Graph& graph, std::span<const std::uint8_t> before,
                 const PruningTarget& target, const RandomPruningKey& key) {
  return prune(graph, before, target,
               [&](const network::Tensor& tensor, const Mask& mask, auto& candidates) {
                 const auto number = static_cast<std::uint32_t>(
                     std::ranges::find(graph.tensors, tensor.begin, &network::Tensor::begin) -
                     graph.tensors.begin());
                 RandomStream stream(key.seed, key.subject, Purpose::pruning, number);
                 for (std::size_t i = tensor.begin; i < tensor.begin + tensor.count; ++i) {
                   const std::uint32_t rank = stream.next();
                   if (mask[i] != 0) candidates.push_back(ranked(rank, i));
                 }
               });
}

void apply_mask(std::span<const std::uint8_t> mask, std::span<float> parameters) {
  if (mask.size() != parameters.size()) {
    throw std::invalid_argument("a mask and its parameters differ in size");
  }
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == 0) parameters[i] = 0.0F;
  }
}

double KeptWeights::sparsity() const {
  return weights == 0 ? 0.0 : static_cast<double>(weights - kept) / static_cast<double>(weights);
}

SparsityAchieved sparsity_achieved(const network::Graph& graph, std::span<const std::uint8_t> mask,
                                   const PrunableTensors& which) {
  check_sizes(graph, static_cast<std::size_t>(graph.parameters()), mask);
  SparsityAchieved achieved;
  for (const network::Tensor& tensor : prunable_tensors(graph, which)) {
    const auto weights = static_cast<std::int64_t>(tensor.count);
    const std::int64_t pruned = mask.empty() ? 0 : std::ranges::count(tensor.of(mask), 0);
    achieved.tensors.push_back(
        {.tensor = tensor.spec.name, .weights = weights, .kept = weights - pruned});
    achieved.total.weights += weights;
    achieved.total.kept += weights - pruned;
  }
  return achieved;
}

}  // namespace minima::compress
