#pragma once

#include "engine/layers/layer.h"
#include "kernels/layers/pooling.h"

namespace minima::engine {

/// Pooling of 2 x 2 squares or of whole channels; no parameters.
class PoolingLayer final : public Layer {
 public:
  PoolingLayer(const network::Pooling& pooling, const BatchShape& batch);

  [[nodiscard]] std::size_t outputs() const override { return outputs_; }
  [[nodiscard]] std::size_t scratch_floats() const override { return 0; }

  void forward(const ForwardArguments& arguments) const override;
  void backward(const BackwardArguments& arguments, GradientSink& sink) const override;

 private:
  network::Pooling::Kind kind_;
  kernels::PoolingShape shape_;
  std::size_t outputs_;
};

}  // namespace minima::engine
