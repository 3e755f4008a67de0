#include "engine/make_layer.h"

#include "engine/convolution_layer.h"
#include "engine/dense_layer.h"
#include "engine/embedding_layer.h"
#include "engine/encoder_layer.h"
#include "engine/pooling_layer.h"
#include "engine/token_pool_layer.h"

namespace minima::engine {
namespace {

struct Maker {
  const BatchShape& batch;
  const LayerPlace& place;

  std::unique_ptr<Layer> operator()(const study::DenseSpec& spec) const {
    return std::make_unique<DenseLayer>(spec, batch, place);
  }
  std::unique_ptr<Layer> operator()(const study::ConvolutionSpec& spec) const {
    return std::make_unique<ConvolutionLayer>(spec, batch, place);
  }
  std::unique_ptr<Layer> operator()(const study::PoolingSpec& spec) const {
    return std::make_unique<PoolingLayer>(spec, batch);
  }
  std::unique_ptr<Layer> operator()(const study::EmbeddingSpec& spec) const {
    return std::make_unique<EmbeddingLayer>(spec, batch, place);
  }
  std::unique_ptr<Layer> operator()(const study::EncoderSpec& spec) const {
    return std::make_unique<EncoderLayer>(spec, batch, place);
  }
  std::unique_ptr<Layer> operator()(const study::TokenPoolSpec& spec) const {
    return std::make_unique<TokenPoolLayer>(spec, batch, place);
  }
};

}  // namespace

std::unique_ptr<Layer> make_layer(const study::LayerSpec& spec, const BatchShape& batch,
                                  const LayerPlace& place) {
  return std::visit(Maker{batch, place}, spec.what);
}

}  // namespace minima::engine
