#include "engine/tokens/mlp.h"

#include <algorithm>

#include "engine/layers/activation.h"
#include "engine/layers/workspace_pieces.h"
#include "kernels/elementwise.h"
#include "kernels/tokens.h"

namespace minima::engine {

Mlp::Mlp(const EncoderBlock& block, const BatchShape& batch, const ParameterPlaces& places)
    : width_(static_cast<std::size_t>(block.width())),
      hidden_(static_cast<std::size_t>(block.hidden())),
      tokens_(static_cast<std::size_t>(block.tokens())),
      stride_(batch.stride),
      lanes_(tokens_ * batch.stride),
      activation_(block.first->activation),
      first_(*block.first, batch, places),
      second_(*block.second, batch, places),
      hidden_dropout_(*block.first, DropoutSite::mlp_hidden, hidden_ * tokens_, stride_),
      output_dropout_(*block.second, DropoutSite::mlp_output, stride_) {}

// The hidden activations and, if these do not determine them, their slopes.
std::size_t Mlp::saved_floats() const {
  return piece_floats(hidden_ * lanes_) + piece_floats(slope_floats(activation_, hidden_ * lanes_));
}

std::size_t Mlp::scratch_floats() const {
  return piece_floats(hidden_ * lanes_) + piece_floats(std::max(hidden_, width_)) +
         piece_floats(std::max(first_.scratch_floats(), second_.scratch_floats())) +
         output_dropout_.scratch_floats();
}

void Mlp::forward(const SublayerForward& a) const {
  Pieces saved(a.saved);
  float* hidden = saved.take(hidden_ * lanes_);
  first_.forward(a.parameters, transformed_x(a, {kMlpSite, width_ * tokens_, stride_}), hidden);
  float* slopes = saved.take(slope_floats(activation_, hidden_ * lanes_));
  add_bias_and_activate(activation_, hidden, first_.bias(a.parameters), slopes, hidden_, lanes_);
  if (a.unit_max != nullptr && network::traits(activation_).can_die) update_unit_max(a, hidden);
  hidden_dropout_.apply(a.dropout, hidden);
  transform(a, {kHiddenSite, hidden_ * tokens_, stride_}, hidden);
  second_.forward(a.parameters, hidden, a.y);
  output_dropout_.finish(a, second_.bias(a.parameters));
}

void Mlp::update_unit_max(const SublayerForward& a, const float* hidden) const {
  for (std::size_t t = 0; t < tokens_; ++t) {
    kernels::update_row_max(hidden + t * stride_, hidden_, lanes_, a.images, a.unit_max);
  }
}

void Mlp::backward(const SublayerBackward& a, GradientSink& sink) const {
  Pieces saved(a.saved);
  const float* hidden = saved.take(hidden_ * lanes_);
  Pieces pieces(a.scratch);
  float* hidden_gradient = pieces.take(hidden_ * lanes_);
  float* bias_gradient = pieces.take(std::max(hidden_, width_));
  float* linear_scratch = pieces.take(std::max(first_.scratch_floats(), second_.scratch_floats()));
  const float* y_gradient = output_dropout_.gradient(a, pieces.take(0));

  second_.input_gradient(a.parameters, y_gradient, hidden_gradient, false);
  second_.dispatch_weights(hidden, y_gradient, a.images, linear_scratch, sink);
  kernels::row_sums(y_gradient, width_, lanes_, bias_gradient);
  second_.dispatch_bias(bias_gradient, sink);

  hidden_dropout_.apply(a.dropout, hidden_gradient);
  const float* slopes = saved.take(slope_floats(activation_, hidden_ * lanes_));
  activation_backward(activation_, hidden_gradient, hidden, slopes, bias_gradient, hidden_, lanes_);
  if (a.x_gradient != nullptr) {
    first_.input_gradient(a.parameters, hidden_gradient, a.x_gradient, a.accumulate);
  }
  first_.dispatch_weights(a.x, hidden_gradient, a.images, linear_scratch, sink);
  first_.dispatch_bias(bias_gradient, sink);
}

}  // namespace minima::engine
