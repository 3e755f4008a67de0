#include "engine/tokens/embedding_block.h"

#include <stdexcept>

namespace minima::engine {

EmbeddingBlock embedding_block(const network::Graph& graph, const network::Layer& layer) {
  EmbeddingBlock block{};
  const std::span<const network::Op> ops = graph.ops_of(layer);
  std::size_t next = 0;
  const auto take = [&]<typename What>(const network::Op*& into, What*) {
    if (next < ops.size() && std::holds_alternative<What>(ops[next].what)) into = &ops[next++];
  };
  take(block.patches, static_cast<network::Patches*>(nullptr));
  take(block.linear, static_cast<network::Linear*>(nullptr));
  take(block.class_token, static_cast<network::ClassToken*>(nullptr));
  take(block.positions, static_cast<network::Positions*>(nullptr));
  const bool is_whole_image = next == 1 && block.patches != nullptr &&
                              std::get<network::Patches>(block.patches->what).tokens() == 1;
  const bool is_embedding =
      next == ops.size() && block.patches != nullptr && (block.linear != nullptr || is_whole_image);
  if (!is_embedding) throw std::invalid_argument("a layer that is no embedding");
  return block;
}

}  // namespace minima::engine
