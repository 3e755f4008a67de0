#include "engine/layers/activation.h"

#include "kernels/layers/elementwise.h"
#include "kernels/layers/gelu.h"

namespace minima::engine {

using network::Activation;

std::size_t slope_floats(Activation activation, std::size_t outputs) {
  return activation == Activation::gelu ? outputs : 0;
}

void add_bias_and_activate(Activation activation, float* y, const float* bias, float* slopes,
                           std::size_t rows, std::size_t stride) {
  switch (activation) {
    case Activation::none:
      return kernels::add_bias(y, bias, rows, stride, false);
    case Activation::relu:
      return kernels::add_bias(y, bias, rows, stride, true);
    case Activation::gelu:
      return kernels::add_bias_gelu(y, bias, slopes, rows, stride);
  }
}

void activation_backward(Activation activation, float* dy, const float* y, const float* slopes,
                         float* bias_gradient, std::size_t rows, std::size_t stride) {
  switch (activation) {
    case Activation::none:
      return kernels::activation_backward(dy, nullptr, bias_gradient, rows, stride);
    case Activation::relu:
      return kernels::activation_backward(dy, y, bias_gradient, rows, stride);
    case Activation::gelu:
      return kernels::multiply_by_slope(dy, slopes, bias_gradient, rows, stride);
  }
}

}  // namespace minima::engine
