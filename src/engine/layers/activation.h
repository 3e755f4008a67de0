// Activation functions that layers apply to their outputs [rows][stride].
#pragma once

#include <cstddef>

#include "network/activation.h"

namespace minima::engine {

/// Floats to keep for the backward pass in addition to the outputs: the slopes of activation
/// functions whose slope cannot be computed from the output.
[[nodiscard]] std::size_t slope_floats(network::Activation activation, std::size_t outputs);

/// y = activation(y + bias), one bias per row. `slopes`: slope_floats(rows x stride) floats.
void add_bias_and_activate(network::Activation activation, float* y, const float* bias,
                           float* slopes, std::size_t rows, std::size_t stride);

/// Turns the gradient with respect to the outputs `y` into the gradient with respect to the
/// activation function's inputs, in place. bias_gradient[row] = sum of the latter over the row.
void activation_backward(network::Activation activation, float* dy, const float* y,
                         const float* slopes, float* bias_gradient, std::size_t rows,
                         std::size_t stride);

}  // namespace minima::engine
