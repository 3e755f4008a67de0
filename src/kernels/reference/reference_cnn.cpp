#include "kernels/reference/reference_cnn.h"

#include <algorithm>

namespace minima::kernels::reference {
namespace {

// Calls use(filter, output index, weight index, input index) for every product of a convolution.
template <typename Use>
void over_products(const ConvolutionShape& s, Use use) {
  for (std::size_t f = 0; f < s.filters; ++f) {
    for (std::size_t y = 0; y < s.rows(); ++y) {
      for (std::size_t x = 0; x < s.columns(); ++x) {
        for (std::size_t c = 0; c < s.channels; ++c) {
          for (std::size_t ky = 0; ky < s.kernel; ++ky) {
            for (std::size_t kx = 0; kx < s.kernel; ++kx) {
              const std::size_t pixel =
                  (c * s.height + y * s.stride + ky) * s.width + x * s.stride + kx;
              use(f, (f * s.rows() + y) * s.columns() + x,
                  ((f * s.channels + c) * s.kernel + ky) * s.kernel + kx, pixel);
            }
          }
        }
      }
    }
  }
}

// The four inputs of an output in reading order, as indices without lanes.
template <typename Use>
void over_squares(const PoolingShape& s, Use use) {
  std::size_t output = 0;
  for (std::size_t c = 0; c < s.channels; ++c) {
    for (std::size_t y = 0; y < s.rows(); ++y) {
      for (std::size_t x = 0; x < s.columns(); ++x, ++output) {
        const std::size_t first = (c * s.height + 2 * y) * s.width + 2 * x;
        const std::size_t square[4] = {first, first + 1, first + s.width, first + s.width + 1};
        for (std::size_t lane = 0; lane < s.lanes; ++lane) use(square, output, lane);
      }
    }
  }
}

}  // namespace

void convolution(const ConvolutionShape& s, const float* input, const float* weights,
                 const float* bias, bool relu, float* output) {
  const std::size_t pixels = s.rows() * s.columns();
  for (std::size_t i = 0; i < s.filters * pixels * s.lanes; ++i) {
    output[i] = bias[i / (pixels * s.lanes)];
  }
  over_products(s, [&](std::size_t, std::size_t o, std::size_t w, std::size_t i) {
    for (std::size_t lane = 0; lane < s.lanes; ++lane) {
      output[o * s.lanes + lane] += weights[w] * input[i * s.lanes + lane];
    }
  });
  if (!relu) return;
  for (std::size_t i = 0; i < s.filters * pixels * s.lanes; ++i) {
    output[i] = std::max(output[i], 0.0F);
  }
}

void convolution_weight_gradient(const ConvolutionShape& s, const float* input,
                                 const float* output_gradient, float* gradient) {
  std::fill_n(gradient, s.filters * s.weights_per_filter(), 0.0F);
  over_products(s, [&](std::size_t, std::size_t o, std::size_t w, std::size_t i) {
    for (std::size_t lane = 0; lane < s.lanes; ++lane) {
      gradient[w] += output_gradient[o * s.lanes + lane] * input[i * s.lanes + lane];
    }
  });
}

void max_pool(const PoolingShape& s, const float* input, float* output) {
  over_squares(s, [&](const std::size_t* square, std::size_t o, std::size_t lane) {
    float top = input[square[0] * s.lanes + lane];
    for (int i = 1; i < 4; ++i) top = std::max(top, input[square[i] * s.lanes + lane]);
    output[o * s.lanes + lane] = top;
  });
}

void max_pool_backward(const PoolingShape& s, const float* input, const float* output_gradient,
                       float* input_gradient) {
  std::fill_n(input_gradient, s.channels * s.height * s.width * s.lanes, 0.0F);
  over_squares(s, [&](const std::size_t* square, std::size_t o, std::size_t lane) {
    std::size_t top = square[0];
    for (int i = 1; i < 4; ++i) {
      if (input[square[i] * s.lanes + lane] > input[top * s.lanes + lane]) top = square[i];
    }
    input_gradient[top * s.lanes + lane] = output_gradient[o * s.lanes + lane];
  });
}

void average_pool(const PoolingShape& s, const float* input, float* output) {
  over_squares(s, [&](const std::size_t* square, std::size_t o, std::size_t lane) {
    float sum = 0.0F;
    for (int i = 0; i < 4; ++i) sum += input[square[i] * s.lanes + lane];
    output[o * s.lanes + lane] = sum / 4.0F;
  });
}

void average_pool_backward(const PoolingShape& s, const float* output_gradient,
                           float* input_gradient) {
  std::fill_n(input_gradient, s.channels * s.height * s.width * s.lanes, 0.0F);
  over_squares(s, [&](const std::size_t* square, std::size_t o, std::size_t lane) {
    for (int i = 0; i < 4; ++i) {
      input_gradient[square[i] * s.lanes + lane] = output_gradient[o * s.lanes + lane] / 4.0F;
    }
  });
}

}  // namespace minima::kernels::reference
