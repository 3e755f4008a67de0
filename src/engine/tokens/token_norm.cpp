#include "engine/tokens/token_norm.h"

#include "engine/layers/workspace_pieces.h"

namespace minima::engine {

TokenNorm::TokenNorm(const kernels::LayerNormShape& shape, const network::Op& norm,
                     const ParameterPlaces& places)
    : shape_(shape),
      index_(norm.layer),
      scale_offset_(places.offset(norm, network::Role::scale)),
      shift_offset_(places.offset(norm, network::Role::shift)) {}

std::size_t TokenNorm::scratch_floats() const {
  return 2 * piece_floats(shape_.features);
}

void TokenNorm::forward(const float* parameters, const float* x, float* y, float* saved) const {
  kernels::layer_norm(shape_, {.x = x,
                               .scale = parameters + scale_offset_,
                               .shift = parameters + shift_offset_,
                               .y = y,
                               .mean = saved,
                               .inverse_deviation = saved + shape_.columns});
}

void TokenNorm::backward(const float* parameters, const float* x, const float* saved,
                         const Gradients& gradients, float* scratch, GradientSink& sink) const {
  Pieces pieces(scratch);
  float* scale_gradient = pieces.take(shape_.features);
  float* shift_gradient = pieces.take(shape_.features);
  kernels::layer_norm_backward(shape_, {.x = x,
                                        .scale = parameters + scale_offset_,
                                        .mean = saved,
                                        .inverse_deviation = saved + shape_.columns,
                                        .y_gradient = gradients.y,
                                        .residual = gradients.residual,
                                        .x_gradient = gradients.x,
                                        .scale_gradient = scale_gradient,
                                        .shift_gradient = shift_gradient});
  sink.accept(index_, scale_offset_, {scale_gradient, shape_.features});
  sink.accept(index_, shift_offset_, {shift_gradient, shape_.features});
}

}  // namespace minima::engine
