#pragma once

#include "network/graph.h"

namespace minima::engine {

/// The operations of a transformer encoder block, which the engine computes as one layer:
///   pre-norm   y = x + output(attention(norm1(x)));  z = y + second(first(norm2(y)))
///   post-norm  y = norm1(x + output(attention(x)));  z = norm2(y + second(first(y)))
struct EncoderBlock {
  const network::Op* norm1;
  const network::Op* query;
  const network::Op* key;
  const network::Op* value;
  const network::Op* attention;
  const network::Op* output;
  const network::Op* norm2;
  const network::Op* first;  ///< of the MLP
  const network::Op* second;
  bool pre_norm;

  [[nodiscard]] const network::Attention& heads() const {
    return std::get<network::Attention>(attention->what);
  }
  [[nodiscard]] int width() const { return std::get<network::LayerNorm>(norm1->what).width; }
  [[nodiscard]] int tokens() const { return heads().tokens; }
  [[nodiscard]] int hidden() const { return first->units(); }
};

/// Finds the encoder block in the operations of a layer. Throws std::invalid_argument if the layer
/// is not an encoder block.
[[nodiscard]] EncoderBlock encoder_block(const network::Graph& graph, const network::Layer& layer);

}  // namespace minima::engine
