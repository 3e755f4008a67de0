#include "engine/class_weights.h"

#include <algorithm>

namespace minima::engine {

std::vector<double> class_weights(study::ClassWeights kind, const data::Split& train, int classes) {
  if (kind == study::ClassWeights::none) return {};
  const std::vector<std::int64_t> counts = data::class_counts(train, classes);
  const auto present = std::ranges::count_if(counts, [](std::int64_t count) { return count > 0; });
  std::vector<double> weights;
  for (const std::int64_t count : counts) {
    const double share = static_cast<double>(present) * static_cast<double>(count);
    weights.push_back(count == 0 ? 0.0 : static_cast<double>(train.count()) / share);
  }
  return weights;
}

double batch_factor(std::span<const double> class_weights, std::span<const std::int32_t> labels) {
  double sum = 0.0;
  for (const std::int32_t label : labels) sum += class_weights[static_cast<std::size_t>(label)];
  return static_cast<double>(labels.size()) / sum;
}

}  // namespace minima::engine
