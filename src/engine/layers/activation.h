// Activation functions over activations [rows][stride], as layers apply them to their outputs.
#pragma once

#include <cstddef>

#include "network/activation.h"

namespace minima::engine {

/// Floats to keep for the backward pass beside the outputs: the slopes of activations whose outputs
/// do not show them.
[[nodiscard]] std::size_t slope_floats(network::Activation activation, std::size_t outputs);

/// y = activation(y + bias), one bias for each row. `slopes`: slope_floats(rows x stride) floats.
void add_bias_and_activate(network::Activation activation, float* y, const float* bias,
                           float* slopes, std::size_t rows, std::size_t stride);

/// From the gradient of the outputs `y` to that of what went into the activation, in place.
/// bias_gradient[row] = its sum over the row.
void activation_backward(network::Activation activation, float* dy, const float* y,
                         const float* slopes, float* bias_gradient, std::size_t rows,
                         std::size_t stride);

}  // namespace minima::engine
