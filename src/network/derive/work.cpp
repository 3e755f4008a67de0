#include "network/derive/work.h"

#include <algorithm>

#include "core/numbers/saturating.h"
#include "core/overloaded.h"

namespace minima::network {
namespace {

bool has_block_parts(std::span<const Op> ops) {
  return std::ranges::any_of(ops, [](const Op& op) { return op.part != BlockPart::none; });
}

}  // namespace

std::int64_t multiply_adds(const Op& op) {
  return std::visit(
      Overloaded{
          [](const Linear& linear) {
            return saturating_product({linear.tokens, linear.inputs, linear.outputs});
          },
          [](const Convolution& convolution) {
            const int taps = convolution.kernel * convolution.kernel;
            return saturating_product(
                {convolution.output().pixels(), convolution.input.channels * taps});
          },
          [](const Attention& attention) {
            return saturating_product({2, attention.tokens, attention.tokens, attention.width()});
          },
          [](const Pooling&) { return std::int64_t{0}; },
          [](const Patches&) { return std::int64_t{0}; },
          [](const ClassToken&) { return std::int64_t{0}; },
          [](const Positions&) { return std::int64_t{0}; },
          [](const LayerNorm&) { return std::int64_t{0}; },
          [](const Add&) { return std::int64_t{0}; },
          [](const TokenPooling&) { return std::int64_t{0}; },
      },
      op.what);
}

std::int64_t multiply_adds(const Graph& graph) {
  std::int64_t sum = 0;
  for (const Op& op : graph.ops) sum = saturating_sum({sum, multiply_adds(op)});
  return sum;
}

std::vector<std::int64_t> training_flops(const Graph& graph) {
  std::vector<std::int64_t> flops;
  bool is_first = true;
  for (const Layer& layer : graph.layers) {
    const std::span<const Op> ops = graph.ops_of(layer);
    std::int64_t products = 0;
    for (const Op& op : ops) products = saturating_sum({products, multiply_adds(op)});
    const bool needs_no_input_gradient = is_first && !has_block_parts(ops);
    if (products > 0) is_first = false;
    flops.push_back(saturating_product({needs_no_input_gradient ? 4 : 6, products}));
  }
  return flops;
}

std::int64_t training_flop(const Graph& graph) {
  std::int64_t sum = 0;
  for (const std::int64_t flop : training_flops(graph)) sum = saturating_sum({sum, flop});
  return sum;
}

std::int64_t inference_flop(const Graph& graph) {
  return saturating_product({2, multiply_adds(graph)});
}

}  // namespace minima::network
