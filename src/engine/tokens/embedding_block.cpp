#include "engine/tokens/embedding_block.h"

#include <span>
#include <stdexcept>
#include <variant>

namespace minima::engine {
namespace {

/// Takes the first of the remaining operations if it is of this kind; otherwise returns null.
template <typename Kind>
const network::Op* next_if(std::span<const network::Op>& rest) {
  if (rest.empty() || !std::holds_alternative<Kind>(rest.front().what)) return nullptr;
  const network::Op* first = &rest.front();
  rest = rest.subspan(1);
  return first;
}

}  // namespace

EmbeddingBlock embedding_block(const network::Graph& graph, const network::Layer& layer) {
  std::span<const network::Op> rest = graph.ops_of(layer);
  const EmbeddingBlock block{.patches = next_if<network::Patches>(rest),
                             .linear = next_if<network::Linear>(rest),
                             .class_token = next_if<network::ClassToken>(rest),
                             .positions = next_if<network::Positions>(rest)};
  const bool is_whole_image = layer.ops == 1 && block.patches != nullptr &&
                              std::get<network::Patches>(block.patches->what).tokens() == 1;
  const bool is_embedding =
      rest.empty() && block.patches != nullptr && (block.linear != nullptr || is_whole_image);
  if (!is_embedding) throw std::invalid_argument("expected an embedding");
  return block;
}

}  // namespace minima::engine
