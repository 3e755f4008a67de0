// One optimizer step over an array of parameters, in one sweep over memory.
#pragma once

#include <cstddef>

namespace minima::kernels {

/// Adam (Kingma, Ba 2015) as PyTorch computes it; AdamW (Loshchilov, Hutter 2019) with decay < 1:
///   g' = g + l2 w;  m = beta1 m + (1 - beta1) g';  v = beta2 v + (1 - beta2) g'^2
///   w = decay w - step_size m / (sqrt(v) inverse_sqrt_correction + epsilon)
/// with step_size = learning_rate / (1 - beta1^t), inverse_sqrt_correction = 1 / sqrt(1 - beta2^t).
/// Square root and quotient are approximations refined by Newton steps (relative error below 1e-6).
struct AdamStep {
  float step_size = 0.0F;
  float inverse_sqrt_correction = 1.0F;
  float beta1 = 0.9F;
  float beta2 = 0.999F;
  // Passed separately: 1 - beta2 in single precision is off by 1e-5, which is visible in the
  // losses.
  float one_minus_beta1 = 0.1F;
  float one_minus_beta2 = 0.001F;
  float epsilon = 1e-8F;
  float l2 = 0.0F;
  float decay = 1.0F;
};

/// Updates weights, first and second moments in place; returns the sum of squares of `gradient`.
double adam(const AdamStep& step, const float* gradient, std::size_t count, float* weights,
            float* first_moments, float* second_moments);

/// Gradient descent with momentum as PyTorch computes it:
///   g' = g + l2 w;  u = momentum u + g';  w = w - learning_rate u
struct SgdStep {
  float learning_rate = 0.0F;
  float momentum = 0.0F;
  float l2 = 0.0F;
};

/// Updates weights and velocities in place; returns the sum of squares of `gradient`.
double sgd(const SgdStep& step, const float* gradient, std::size_t count, float* weights,
           float* velocities);

}  // namespace minima::kernels
