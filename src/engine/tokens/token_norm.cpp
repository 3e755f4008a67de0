#include "engine/tokens/token_norm.h"

#include "engine/layers/workspace_pieces.h"

namespace minima::engine {

TokenNorm::TokenNorm(const kernels::LayerNormShape& shape, const network::Op& norm,
                     const ParameterPlaces& places)
    : shape_(shape),
      index_(norm.layer),
      scale_offset_(places.offset(norm, network::Role::scale)),
      shift_offset_(places.offset(norm, network::Role::shift)) {}

TokenNorm::Pair TokenNorm::carve(float* memory, std::size_t each) {
  Pieces pieces(memory);
  Pair pair{};
  pair.first = pieces.take(each);
  pair.second = pieces.take(each);
  pair.floats = pieces.floats();
  return pair;
}

std::size_t TokenNorm::saved_floats() const {
  return carve(nullptr, shape_.columns).floats;
}

std::size_t TokenNorm::scratch_floats() const {
  return carve(nullptr, shape_.features).floats;
}

void TokenNorm::forward(const float* parameters, const float* x, float* y, float* saved) const {
  const auto [mean, inverse_deviation, total] = carve(saved, shape_.columns);
  kernels::layer_norm(shape_, {.x = x,
                               .scale = parameters + scale_offset_,
                               .shift = parameters + shift_offset_,
                               .y = y,
                               .mean = mean,
                               .inverse_deviation = inverse_deviation});
}

void TokenNorm::backward(const float* parameters, const float* x, float* saved,
                         const Gradients& gradients, float* scratch, GradientSink& sink) const {
  const auto [mean, inverse_deviation, saved_total] = carve(saved, shape_.columns);
  const auto [scale_gradient, shift_gradient, scratch_total] = carve(scratch, shape_.features);
  kernels::layer_norm_backward(shape_, {.x = x,
                                        .scale = parameters + scale_offset_,
                                        .mean = mean,
                                        .inverse_deviation = inverse_deviation,
                                        .y_gradient = gradients.y,
                                        .residual = gradients.residual,
                                        .x_gradient = gradients.x,
                                        .scale_gradient = scale_gradient,
                                        .shift_gradient = shift_gradient});
  sink.accept(index_, scale_offset_, {scale_gradient, shape_.features});
  sink.accept(index_, shift_offset_, {shift_gradient, shape_.features});
}

}  // namespace minima::engine
