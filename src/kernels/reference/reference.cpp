#include "kernels/reference/reference.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/training/image_loss.h"

namespace minima::kernels::reference {
namespace {

std::size_t largest(const LossArguments& a, std::size_t b) {
  std::size_t top = 0;
  for (std::size_t c = 1; c < a.classes; ++c) {
    if (a.logits[c * a.stride + b] > a.logits[top * a.stride + b]) top = c;
  }
  return top;
}

// Calls image(b, label) for each image of the batch, counts correct ones and clears the padding.
template <typename ImageLoss>
LossSums over_images(const LossArguments& a, ImageLoss image) {
  LossSums sums;
  for (std::size_t b = 0; b < a.stride; ++b) {
    const std::size_t top = largest(a, b);
    if (a.predictions != nullptr) a.predictions[b] = static_cast<std::int32_t>(top);
    if (a.labels[b] >= 0) {
      const auto label = static_cast<std::size_t>(a.labels[b]);
      if (top == label) ++sums.correct;
      const double weight = a.weights != nullptr ? a.weights[b] : 1.0;
      sums.loss += weight * image(b, label, weight);
    } else if (a.gradient != nullptr) {
      for (std::size_t c = 0; c < a.classes; ++c) a.gradient[c * a.stride + b] = 0.0F;
    }
  }
  return sums;
}

}  // namespace

void gemm(const GemmShape& s, const float* a, const float* b, float* c) {
  for (int j = 0; j < s.n; ++j) {
    for (int i = 0; i < s.m; ++i) {
      float& target = c[static_cast<std::ptrdiff_t>(j) * s.ldc + i];
      double sum = s.accumulate ? target : 0.0;
      for (int k = 0; k < s.k; ++k) {
        const std::ptrdiff_t at = s.transpose_b ? static_cast<std::ptrdiff_t>(k) * s.ldb + j
                                                : static_cast<std::ptrdiff_t>(j) * s.ldb + k;
        sum += static_cast<double>(a[static_cast<std::ptrdiff_t>(k) * s.lda + i]) * b[at];
      }
      target = static_cast<float>(sum);
    }
  }
}

void add_bias(float* y, const float* bias, std::size_t rows, std::size_t stride, bool relu) {
  for (std::size_t i = 0; i < rows * stride; ++i) {
    y[i] += bias[i / stride];
    if (relu && y[i] < 0.0F) y[i] = 0.0F;
  }
}

void activation_backward(float* dy, const float* y, float* bias_gradient, std::size_t rows,
                         std::size_t stride) {
  for (std::size_t r = 0; r < rows; ++r) {
    double sum = 0.0;
    for (std::size_t i = r * stride; i < (r + 1) * stride; ++i) {
      if (y != nullptr && y[i] <= 0.0F) dy[i] = 0.0F;
      sum += dy[i];
    }
    bias_gradient[r] = static_cast<float>(sum);
  }
}

void update_row_max(const float* y, std::size_t rows, std::size_t stride, std::size_t count,
                    float* row_max) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t b = 0; b < count; ++b) row_max[r] = std::max(row_max[r], y[r * stride + b]);
  }
}

void transpose(const float* from, std::size_t rows, std::size_t columns, std::size_t from_stride,
               float* to, std::size_t to_stride) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) to[c * to_stride + r] = from[r * from_stride + c];
  }
}

void scale_pixels(const std::uint8_t* image, std::size_t pixels_per_channel,
                  std::span<const float> scale, std::span<const float> shift, float* values) {
  for (std::size_t p = 0; p < scale.size() * pixels_per_channel; ++p) {
    const std::size_t c = p / pixels_per_channel;
    values[p] = static_cast<float>(image[p] * static_cast<double>(scale[c]) + shift[c]);
  }
}

void load_images(std::span<const std::uint8_t* const> images, std::size_t pixels_per_channel,
                 std::span<const float> scale, std::span<const float> shift,
                 const LoadedImages& to) {
  const std::size_t pixels = scale.size() * pixels_per_channel;
  for (std::size_t b = 0; b < images.size(); ++b) {
    scale_pixels(images[b], pixels_per_channel, scale, shift, to.by_image + b * pixels);
    for (std::size_t p = 0; p < pixels; ++p) {
      to.by_feature[p * to.stride + b] = to.by_image[b * pixels + p];
    }
  }
}

LossSums softmax_cross_entropy(const LossArguments& a) {
  return over_images(a, [&a](std::size_t b, std::size_t label, double weight) {
    const double top = a.logits[largest(a, b) * a.stride + b];
    std::vector<double> below(a.classes);
    for (std::size_t c = 0; c < a.classes; ++c) below[c] = a.logits[c * a.stride + b] - top;
    const double loss = cross_entropy_of_image(below, label);
    if (a.gradient != nullptr) {
      for (std::size_t c = 0; c < a.classes; ++c) {
        const double share = std::exp(below[c] - below[label] - loss);
        a.gradient[c * a.stride + b] = static_cast<float>(
            weight * (share - (c == label ? 1.0 : 0.0)) / static_cast<double>(a.count));
      }
    }
    return loss;
  });
}

LossSums mean_squared_error(const LossArguments& a) {
  return over_images(a, [&a](std::size_t b, std::size_t label, double weight) {
    std::vector<double> logits(a.classes);
    for (std::size_t c = 0; c < a.classes; ++c) {
      logits[c] = a.logits[c * a.stride + b];
      if (a.gradient != nullptr) {
        const double error = logits[c] - (c == label ? 1.0 : 0.0);
        a.gradient[c * a.stride + b] =
            static_cast<float>(weight * 2.0 * error / static_cast<double>(a.classes * a.count));
      }
    }
    return squared_error_of_image(logits, label);
  });
}

double adam(const AdamStep& s, const float* gradient, std::size_t count, float* weights,
            float* first_moments, float* second_moments) {
  double squares = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    squares += static_cast<double>(gradient[i]) * gradient[i];
    const double g = gradient[i] + static_cast<double>(s.l2) * weights[i];
    const double m = s.beta1 * static_cast<double>(first_moments[i]) +
                     static_cast<double>(s.one_minus_beta1) * g;
    const double v = s.beta2 * static_cast<double>(second_moments[i]) +
                     static_cast<double>(s.one_minus_beta2) * g * g;
    const double denominator = std::sqrt(v) * s.inverse_sqrt_correction + s.epsilon;
    weights[i] = static_cast<float>(s.decay * static_cast<double>(weights[i]) -
                                    s.step_size * m / denominator);
    first_moments[i] = static_cast<float>(m);
    second_moments[i] = static_cast<float>(v);
  }
  return squares;
}

double sgd(const SgdStep& s, const float* gradient, std::size_t count, float* weights,
           float* velocities) {
  double squares = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    squares += static_cast<double>(gradient[i]) * gradient[i];
    const double g = gradient[i] + static_cast<double>(s.l2) * weights[i];
    velocities[i] = static_cast<float>(static_cast<double>(s.momentum) * velocities[i] + g);
    weights[i] =
        static_cast<float>(weights[i] - static_cast<double>(s.learning_rate) * velocities[i]);
  }
  return squares;
}

}  // namespace minima::kernels::reference
