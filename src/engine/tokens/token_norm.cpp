#include "engine/tokens/token_norm.h"

#include "engine/layers/workspace_pieces.h"

namespace minima::engine {

TokenNorm::TokenNorm(const kernels::LayerNormShape& shape, const network::Op& norm,
                     const ParameterPlaces& places)
    : shape_(shape),
      index_(norm.layer),
      scale_offset_(places.offset(norm, network::Role::scale)),
      shift_offset_(places.offset(norm, network::Role::shift)) {}

TokenNorm::Saved TokenNorm::carve_saved(float* saved) const {
  Pieces pieces(saved);
  Saved s{};
  s.mean = pieces.take(shape_.columns);
  s.inverse_deviation = pieces.take(shape_.columns);
  s.floats = pieces.floats();
  return s;
}

TokenNorm::Scratch TokenNorm::carve_scratch(float* scratch) const {
  Pieces pieces(scratch);
  Scratch s{};
  s.scale_gradient = pieces.take(shape_.features);
  s.shift_gradient = pieces.take(shape_.features);
  s.floats = pieces.floats();
  return s;
}

std::size_t TokenNorm::saved_floats() const {
  return carve_saved(nullptr).floats;
}

std::size_t TokenNorm::scratch_floats() const {
  return carve_scratch(nullptr).floats;
}

void TokenNorm::forward(const float* parameters, const float* x, float* y, float* saved) const {
  const Saved statistics = carve_saved(saved);
  kernels::layer_norm(shape_, {.x = x,
                               .scale = parameters + scale_offset_,
                               .shift = parameters + shift_offset_,
                               .y = y,
                               .mean = statistics.mean,
                               .inverse_deviation = statistics.inverse_deviation});
}

void TokenNorm::backward(const float* parameters, const float* x, float* saved,
                         const Gradients& gradients, float* scratch, GradientSink& sink) const {
  const Saved statistics = carve_saved(saved);
  const Scratch own = carve_scratch(scratch);
  kernels::layer_norm_backward(shape_, {.x = x,
                                        .scale = parameters + scale_offset_,
                                        .mean = statistics.mean,
                                        .inverse_deviation = statistics.inverse_deviation,
                                        .y_gradient = gradients.y,
                                        .residual = gradients.residual,
                                        .x_gradient = gradients.x,
                                        .scale_gradient = own.scale_gradient,
                                        .shift_gradient = own.shift_gradient});
  sink.accept(index_, scale_offset_, {own.scale_gradient, shape_.features});
  sink.accept(index_, shift_offset_, {own.shift_gradient, shape_.features});
}

}  // namespace minima::engine
