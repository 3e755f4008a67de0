#include "statistics/fits/isotonic.h"

#include <algorithm>
#include <cstddef>

namespace minima {
namespace {

struct Block {
  double weighted_sum = 0.0;
  double weight = 0.0;
  double sum = 0.0;
  std::size_t count = 0;

  [[nodiscard]] double height() const {
    return weight > 0.0 ? weighted_sum / weight : sum / static_cast<double>(count);
  }
};

}  // namespace

std::vector<double> isotonic_fit(std::span<const double> values, std::span<const double> weights) {
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Block block{weights[i] * values[i], weights[i], values[i], 1};
    while (!blocks.empty() && blocks.back().height() >= block.height()) {
      const Block& before = blocks.back();
      block = {before.weighted_sum + block.weighted_sum, before.weight + block.weight,
               before.sum + block.sum, before.count + block.count};
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  std::vector<double> fit;
  fit.reserve(values.size());
  for (const Block& block : blocks) fit.insert(fit.end(), block.count, block.height());
  return fit;
}

std::vector<double> antitonic_fit(std::span<const double> values, std::span<const double> weights) {
  std::vector<double> negated(values.begin(), values.end());
  for (double& value : negated) value = -value;
  std::vector<double> fit = isotonic_fit(negated, weights);
  for (double& value : fit) value = -value;
  return fit;
}

}  // namespace minima
