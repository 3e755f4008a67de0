#include "engine/network/make_layer.h"

#include <algorithm>
#include <stdexcept>

#include "engine/layers/convolution_layer.h"
#include "engine/layers/dense_layer.h"
#include "engine/layers/pooling_layer.h"
#include "engine/tokens/embedding_layer.h"
#include "engine/tokens/encoder_layer.h"
#include "engine/tokens/token_pool_layer.h"

namespace minima::engine {
namespace {

bool has_attention(std::span<const network::Op> ops) {
  return std::ranges::any_of(ops, [](const network::Op& op) {
    return std::holds_alternative<network::Attention>(op.what);
  });
}

std::unique_ptr<Layer> make_token_pool(std::span<const network::Op> ops, const BatchShape& batch,
                                       const ParameterPlaces& places) {
  const auto& pooling = std::get<network::TokenPooling>(ops.back().what);
  const network::Op* norm = nullptr;
  if (ops.size() == 2 && std::holds_alternative<network::LayerNorm>(ops.front().what)) {
    norm = &ops.front();
  } else if (ops.size() != 1) {
    throw std::invalid_argument("expected a pooling of tokens");
  }
  return std::make_unique<TokenPoolLayer>(norm, pooling, batch, places);
}

/// Makes the layer of a single operation.
struct Maker {
  const network::Op& op;
  const BatchShape& batch;
  const ParameterPlaces& places;

  std::unique_ptr<Layer> operator()(const network::Linear& linear) const {
    if (linear.tokens != 1) throw std::invalid_argument("a linear map of tokens alone");
    return std::make_unique<DenseLayer>(op, batch, places);
  }
  std::unique_ptr<Layer> operator()(const network::Convolution&) const {
    return std::make_unique<ConvolutionLayer>(op, batch, places);
  }
  std::unique_ptr<Layer> operator()(const network::Pooling& pooling) const {
    return std::make_unique<PoolingLayer>(pooling, batch);
  }
  template <typename Other>
  std::unique_ptr<Layer> operator()(const Other&) const {
    throw std::invalid_argument("an operation that the engine does not compute alone");
  }
};

}  // namespace

std::unique_ptr<Layer> make_layer(const network::Graph& graph, const network::Layer& layer,
                                  const BatchShape& batch, const ParameterPlaces& places) {
  const std::span<const network::Op> ops = graph.ops_of(layer);
  if (std::holds_alternative<network::Patches>(ops.front().what)) {
    return std::make_unique<EmbeddingLayer>(embedding_block(graph, layer), batch, places);
  }
  if (has_attention(ops)) {
    return std::make_unique<EncoderLayer>(encoder_block(graph, layer), batch, places);
  }
  if (std::holds_alternative<network::TokenPooling>(ops.back().what)) {
    return make_token_pool(ops, batch, places);
  }
  if (ops.size() != 1) {
    throw std::invalid_argument("operations that the engine does not compute together");
  }
  return std::visit(Maker{ops.front(), batch, places}, ops.front().what);
}

}  // namespace minima::engine
