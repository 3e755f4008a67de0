#pragma once

#include "network/graph.h"

namespace minima::engine {

/// The operations of an embedding, which the engine computes as one layer: patches, a linear map of
/// each, a class token in front, positions. If one patch is the whole image: patches alone.
struct EmbeddingBlock {
  const network::Op* patches;
  const network::Op* linear;       ///< null: patches alone
  const network::Op* class_token;  ///< null: none
  const network::Op* positions;    ///< null: none
};

/// Finds the embedding in the operations of a layer. Throws std::invalid_argument if the layer is
/// not an embedding.
[[nodiscard]] EmbeddingBlock embedding_block(const network::Graph& graph,
                                             const network::Layer& layer);

}  // namespace minima::engine
