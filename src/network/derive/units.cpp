#include "network/derive/units.h"

#include <optional>

namespace minima::network {
namespace {

bool has_weights(const Op& op) {
  return op.units() > 0;
}

/// Whether each output of an operation depends on a single unit of its input.
bool keeps_units_apart(const Op& op) {
  return std::holds_alternative<Pooling>(op.what);
}

/// The operation with weights that is the only reader of the units of `op`; null if there is none.
const Op* reader_of(const Graph& graph, std::size_t op) {
  while (true) {
    const std::vector<std::size_t> readers = graph.readers_of(op);
    if (readers.size() != 1) return nullptr;
    const Op& reader = graph.ops[readers.front()];
    if (has_weights(reader)) return &reader;
    if (!keeps_units_apart(reader)) return nullptr;
    op = readers.front();
  }
}

std::string name_of(const Graph& graph, const Op& op) {
  const std::string& layer = graph.layers[op.layer].name;
  switch (op.part) {
    case BlockPart::attention:
      return layer + ".attention";
    case BlockPart::mlp:
      return layer + ".mlp";
    case BlockPart::none:
      break;
  }
  return layer;
}

std::optional<UnitGroup> group_of(const Graph& graph, std::size_t index) {
  const Op& op = graph.ops[index];
  const auto* attention = std::get_if<Attention>(&op.what);
  if (attention == nullptr && !has_weights(op)) return std::nullopt;
  const Op* reader = reader_of(graph, index);
  if (reader == nullptr) return std::nullopt;
  UnitGroup group{.layer = name_of(graph, op),
                  .units = static_cast<std::size_t>(op.units()),
                  .activation = op.activation,
                  .incoming = op.tensors,
                  .outgoing = graph.tensor_of(*reader, Role::weight),
                  .outgoing_bias = graph.tensor_of(*reader, Role::bias)};
  if (const auto* convolution = std::get_if<Convolution>(&reader->what)) {
    group.reader_is_padded = convolution->padding > 0;
  }
  if (attention != nullptr) {
    group.units = static_cast<std::size_t>(attention->heads);
    group.heads = true;
    for (const int input : op.inputs) {
      const std::vector<std::size_t>& tensors = graph.ops[static_cast<std::size_t>(input)].tensors;
      group.incoming.insert(group.incoming.end(), tensors.begin(), tensors.end());
    }
  }
  return group;
}

}  // namespace

std::vector<UnitGroup> unit_groups(const Graph& graph) {
  std::vector<UnitGroup> groups;
  for (std::size_t op = 0; op < graph.ops.size(); ++op) {
    if (auto group = group_of(graph, op)) groups.push_back(std::move(*group));
  }
  return groups;
}

}  // namespace minima::network
