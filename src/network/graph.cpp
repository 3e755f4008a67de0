#include "network/graph.h"

#include <algorithm>
#include <stdexcept>

#include "core/numbers/saturating.h"
#include "core/overloaded.h"

namespace minima::network {
namespace {

constexpr int kPool = 2;  // side and stride of the pooled squares

std::int64_t features(int tokens, int width) {
  return std::int64_t{tokens} * width;
}

}  // namespace

std::int64_t TensorSpec::count() const {
  std::int64_t product = 1;
  for (const std::int64_t size : shape) product = saturating_product({product, size});
  return product;
}

ImageShape Convolution::output() const {
  const auto places = [this](int side) { return (side + 2 * padding - kernel) / stride + 1; };
  return {.channels = filters, .height = places(input.height), .width = places(input.width)};
}

ImageShape Pooling::output() const {
  if (kind == Kind::global_average) return {.channels = input.channels, .height = 1, .width = 1};
  return {.channels = input.channels, .height = input.height / kPool, .width = input.width / kPool};
}

int Patches::tokens() const {
  return (input.height / height) * (input.width / width);
}

int Patches::values() const {
  return input.channels * height * width;
}

std::int64_t Op::outputs() const {
  return std::visit(Overloaded{
                        [](const Linear& op) { return features(op.tokens, op.outputs); },
                        [](const Convolution& op) { return std::int64_t{op.output().pixels()}; },
                        [](const Pooling& op) { return std::int64_t{op.output().pixels()}; },
                        [](const Patches& op) { return features(op.tokens(), op.values()); },
                        [](const ClassToken& op) { return features(op.tokens, op.width); },
                        [](const Positions& op) { return features(op.tokens, op.width); },
                        [](const LayerNorm& op) { return features(op.tokens, op.width); },
                        [](const Attention& op) { return features(op.tokens, op.width()); },
                        [](const Add& op) { return features(op.tokens, op.width); },
                        [](const TokenPooling& op) { return std::int64_t{op.width}; },
                    },
                    what);
}

int Op::units() const {
  if (const auto* linear = std::get_if<Linear>(&what)) return linear->outputs;
  if (const auto* convolution = std::get_if<Convolution>(&what)) return convolution->filters;
  return 0;
}

std::size_t Graph::tensor_of(const Op& op, Role role) const {
  const auto found = std::ranges::find_if(
      op.tensors, [&](std::size_t tensor) { return tensors[tensor].role == role; });
  if (found == op.tensors.end()) throw std::invalid_argument("an operation lacks a tensor");
  return *found;
}

std::vector<std::size_t> Graph::readers_of(std::size_t op) const {
  std::vector<std::size_t> readers;
  for (std::size_t i = op + 1; i < ops.size(); ++i) {
    if (std::ranges::count(ops[i].inputs, static_cast<int>(op)) > 0) readers.push_back(i);
  }
  return readers;
}

std::int64_t Graph::parameters() const {
  if (tensors.empty()) return 0;
  return saturating_sum({static_cast<std::int64_t>(tensors.back().begin),
                         static_cast<std::int64_t>(tensors.back().count)});
}

std::int64_t Graph::outputs_of(const Layer& layer) const {
  return ops_of(layer).back().outputs();
}

int Graph::units_that_can_die(const Layer& layer) const {
  int units = 0;
  for (const Op& op : ops_of(layer)) units += traits(op.activation).can_die ? op.units() : 0;
  return units;
}

bool Graph::is_chain() const {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const int before = i == 0 ? kImage : static_cast<int>(i) - 1;
    if (layers[i].ops != 1 || ops[i].inputs != std::vector{before}) return false;
  }
  return true;
}

bool is_named(std::string_view tensor, std::span<const std::string> names) {
  return std::ranges::any_of(names, [&tensor](const std::string& name) {
    return !name.empty() && tensor.starts_with(name) &&
           (tensor.size() == name.size() || tensor[name.size()] == '.');
  });
}

void check_sizes(const Graph& graph, std::size_t parameters, std::span<const std::uint8_t> mask) {
  if (static_cast<std::int64_t>(parameters) != graph.parameters()) {
    throw std::invalid_argument("parameters do not fit the network");
  }
  if (!mask.empty() && mask.size() != parameters) {
    throw std::invalid_argument("a mask and its parameters differ in size");
  }
}

}  // namespace minima::network
