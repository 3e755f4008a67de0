#include "compress/pruning_mask.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "compress/parameter_quantizer.h"
#include "core/random.h"

namespace minima::compress {
namespace {

bool is_prunable(const study::TensorSpec& spec, const PrunableTensors& which) {
  // Biases of layer norms have no fan.
  if (!is_quantized(spec) && !(which.biases && spec.is_bias() && spec.fan_in > 0)) return false;
  return !is_named(spec.name, which.keep);
}

/// A rank and a place in one number: lower ranks first, earlier places first among equal ranks.
std::uint64_t ranked(std::uint32_t rank, std::size_t place) {
  return (std::uint64_t{rank} << 32) | static_cast<std::uint32_t>(place);
}

std::size_t place_of(std::uint64_t candidate) {
  return static_cast<std::uint32_t>(candidate);
}

std::size_t to_prune(double sparsity, std::size_t weights) {
  // The default rounding mode: halves to even.
  return static_cast<std::size_t>(std::nearbyint(sparsity * static_cast<double>(weights)));
}

/// Prunes the lowest of `candidates` until `wanted` of `weights` weights are pruned.
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

/// `collect(place, mask, candidates)` adds the kept weights of a tensor to the candidates.
template <typename Collect>
Mask prune(std::span<const study::LayerSpec> layers, std::span<const std::uint8_t> before,
           const PruningTarget& target, Collect collect) {
  if (!(target.sparsity >= 0.0 && target.sparsity <= 1.0)) {
    throw std::invalid_argument("a sparsity is not between 0 and 1");
  }
  const std::vector<TensorPlace> all = tensor_places(layers);
  check_sizes(all, parameters_of(all), before);
  Mask mask = start_mask(parameters_of(all), before);
  std::vector<std::uint64_t> candidates;
  std::size_t weights = 0;
  const auto finish_scope = [&] {
    prune_lowest(candidates, weights, to_prune(target.sparsity, weights), mask);
    candidates.clear();
    weights = 0;
  };
  for (const TensorPlace& place : prunable_tensors(layers, target.which)) {
    collect(place, mask, candidates);
    weights += place.count;
    if (target.scope == PruningScope::tensor) finish_scope();
  }
  finish_scope();
  return mask;
}

}  // namespace

std::vector<TensorPlace> prunable_tensors(std::span<const study::LayerSpec> layers,
                                          const PrunableTensors& which) {
  std::vector<TensorPlace> places = tensor_places(layers);
  std::erase_if(places, [&](const TensorPlace& place) {
    return !is_prunable(place.spec, which) ||
           (!which.only.empty() && place.spec.name != which.only);
  });
  if (!which.only.empty() && places.empty()) {
    throw std::invalid_argument("no tensor to prune is named " + which.only);
  }
  return places;
}

std::vector<std::string> unmatched_names(std::span<const study::LayerSpec> layers,
                                         std::span<const std::string> names) {
  const std::vector<TensorPlace> places = tensor_places(layers);
  std::vector<std::string> unmatched;
  for (const std::string& name : names) {
    if (std::ranges::none_of(places, [&](const TensorPlace& place) {
          return is_named(place.spec.name, {&name, 1});
        })) {
      unmatched.push_back(name);
    }
  }
  return unmatched;
}

Mask magnitude_mask(std::span<const study::LayerSpec> layers, std::span<const float> parameters,
                    std::span<const std::uint8_t> before, const PruningTarget& target) {
  check_sizes(tensor_places(layers), parameters.size(), before);
  return prune(layers, before, target,
               [&](const TensorPlace& place, const Mask& mask, auto& candidates) {
                 for (std::size_t i = place.begin; i < place.begin + place.count; ++i) {
                   if (std::isnan(parameters[i])) {
                     throw std::invalid_argument("a weight of " + place.spec.name + " is NaN");
                   }
                   if (mask[i] == 0) continue;
                   // Without their sign, the bits of floats are ordered as the floats are.
                   const auto bits = std::bit_cast<std::uint32_t>(parameters[i]);
                   candidates.push_back(ranked(bits & 0x7fffffffU, i));
                 }
               });
}

Mask random_mask(std::span<const study::LayerSpec> layers, std::span<const std::uint8_t> before,
                 const PruningTarget& target, const RandomPruningKey& key) {
  const std::vector<TensorPlace> all = tensor_places(layers);
  return prune(layers, before, target,
               [&](const TensorPlace& place, const Mask& mask, auto& candidates) {
                 const auto tensor = static_cast<std::uint32_t>(
                     std::ranges::find(all, place.begin, &TensorPlace::begin) - all.begin());
                 RandomStream stream(key.seed, key.subject, Purpose::pruning, tensor);
                 for (std::size_t i = place.begin; i < place.begin + place.count; ++i) {
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

SparsityAchieved sparsity_achieved(std::span<const study::LayerSpec> layers,
                                   std::span<const std::uint8_t> mask,
                                   const PrunableTensors& which) {
  const std::vector<TensorPlace> all = tensor_places(layers);
  check_sizes(all, parameters_of(all), mask);
  SparsityAchieved achieved;
  for (const TensorPlace& place : prunable_tensors(layers, which)) {
    const auto weights = static_cast<std::int64_t>(place.count);
    const std::int64_t pruned = mask.empty() ? 0 : std::ranges::count(place.of(mask), 0);
    achieved.tensors.push_back(
        {.tensor = place.spec.name, .weights = weights, .kept = weights - pruned});
    achieved.total.weights += weights;
    achieved.total.kept += weights - pruned;
  }
  return achieved;
}

}  // namespace minima::compress
