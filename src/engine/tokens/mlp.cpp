#include "engine/tokens/mlp.h"

#include <algorithm>

#include "engine/layers/activation.h"
#include "engine/layers/workspace_pieces.h"
#include "kernels/layers/elementwise.h"
#include "kernels/layers/tokens.h"

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

Mlp::Saved Mlp::carve_saved(float* saved) const {
  Pieces pieces(saved);
  Saved s{};
  s.hidden = pieces.take(hidden_ * lanes_);
  s.slopes = pieces.take(slope_floats(activation_, hidden_ * lanes_));
  s.floats = pieces.floats();
  return s;
}

Mlp::Scratch Mlp::carve_scratch(float* scratch) const {
  Pieces pieces(scratch);
  Scratch s{};
  s.hidden_gradient = pieces.take(hidden_ * lanes_);
  s.bias_gradient = pieces.take(std::max(hidden_, width_));
  s.linear = pieces.take(std::max(first_.scratch_floats(), second_.scratch_floats()));
  s.output_gradient = pieces.take(output_dropout_.scratch_floats());
  s.floats = pieces.floats();
  return s;
}

std::size_t Mlp::saved_floats() const {
  return carve_saved(nullptr).floats;
}

std::size_t Mlp::scratch_floats() const {
  return carve_scratch(nullptr).floats;
}

void Mlp::forward(const SublayerForward& a) const {
  const Saved saved = carve_saved(a.saved);
  float* hidden = saved.hidden;
  first_.forward(a.parameters, transformed_x(a, {kMlpSite, width_ * tokens_, stride_}), hidden);
  add_bias_and_activate(activation_, hidden, first_.bias(a.parameters), saved.slopes, hidden_,
                        lanes_);
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
  const Saved saved = carve_saved(a.saved);
  const Scratch scratch = carve_scratch(a.scratch);
  const float* y_gradient = output_dropout_.gradient(a, scratch.output_gradient);

  second_.input_gradient(a.parameters, y_gradient, scratch.hidden_gradient, false);
  second_.dispatch_weights(saved.hidden, y_gradient, a.images, scratch.linear, sink);
  kernels::row_sums(y_gradient, width_, lanes_, scratch.bias_gradient);
  second_.dispatch_bias(scratch.bias_gradient, sink);

  hidden_dropout_.apply(a.dropout, scratch.hidden_gradient);
  activation_backward(activation_, scratch.hidden_gradient, saved.hidden, saved.slopes,
                      scratch.bias_gradient, hidden_, lanes_);
  if (a.x_gradient != nullptr) {
    first_.input_gradient(a.parameters, scratch.hidden_gradient, a.x_gradient, a.accumulate);
  }
  first_.dispatch_weights(a.x, scratch.hidden_gradient, a.images, scratch.linear, sink);
  first_.dispatch_bias(scratch.bias_gradient, sink);
}

}  // namespace minima::engine
