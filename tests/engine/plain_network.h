// Dense, convolution and pooling layers written anew in double precision, image by image, as the
// definitions read: what the engine is compared with.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "engine/network.h"
#include "study/layers.h"

namespace minima::engine {

class PlainNetwork {
 public:
  PlainNetwork(const network::Architecture& architecture, const Problem& problem,
               const Network& network)
      : specs_(study::layers_of(architecture, problem)), network_(network) {}

  /// Logits of one image; parameters as the network lays them out.
  [[nodiscard]] std::vector<double> logits(const std::vector<double>& parameters,
                                           std::vector<double> x) const {
    std::size_t tensor = 0;
    for (std::size_t layer = 0; layer < specs_.size(); ++layer) {
      const study::LayerSpec& spec = specs_[layer];
      const double* values[2] = {nullptr, nullptr};
      for (std::size_t i = 0; i < spec.tensors().size(); ++i) {
        values[i] = parameters.data() + network_.parameters()[tensor++].offset;
      }
      if (const auto* dense = std::get_if<study::DenseSpec>(&spec.what)) {
        x = forward(*dense, values[0], values[1], x);
      } else if (const auto* convolution = std::get_if<study::ConvolutionSpec>(&spec.what)) {
        x = forward(*convolution, values[0], values[1], x);
      } else {
        x = forward(std::get<study::PoolingSpec>(spec.what), x);
      }
      if (layer + 1 == specs_.size()) break;
      for (double& value : x) value = between_layers(layer, value);
    }
    return x;
  }

  /// What the next layer gets in place of an output.
  std::function<double(std::size_t layer, double value)> between_layers =
      [](std::size_t, double value) { return value; };

 private:
  static std::vector<double> forward(const study::DenseSpec& spec, const double* weight,
                                     const double* bias, const std::vector<double>& x) {
    std::vector<double> y(static_cast<std::size_t>(spec.outputs));
    for (std::size_t o = 0; o < y.size(); ++o) {
      y[o] = bias[o];
      for (std::size_t i = 0; i < x.size(); ++i) y[o] += weight[o * x.size() + i] * x[i];
      if (spec.relu) y[o] = std::max(y[o], 0.0);
    }
    return y;
  }

  static double pixel(const ImageShape& shape, const std::vector<double>& x, int c, int y, int at) {
    if (y < 0 || at < 0 || y >= shape.height || at >= shape.width) return 0.0;
    return x[static_cast<std::size_t>((c * shape.height + y) * shape.width + at)];
  }

  static std::vector<double> forward(const study::ConvolutionSpec& spec, const double* weight,
                                     const double* bias, const std::vector<double>& x) {
    const ImageShape to = spec.output();
    std::vector<double> y;
    for (int f = 0; f < to.channels; ++f) {
      for (int row = 0; row < to.height; ++row) {
        for (int column = 0; column < to.width; ++column) {
          double sum = bias[f];
          for (int c = 0; c < spec.input.channels; ++c) {
            for (int ky = 0; ky < spec.kernel; ++ky) {
              for (int kx = 0; kx < spec.kernel; ++kx) {
                const int w = ((f * spec.input.channels + c) * spec.kernel + ky) * spec.kernel + kx;
                sum += weight[w] * pixel(spec.input, x, c, row * spec.stride + ky - spec.padding,
                                         column * spec.stride + kx - spec.padding);
              }
            }
          }
          y.push_back(std::max(sum, 0.0));
        }
      }
    }
    return y;
  }

  static std::vector<double> forward(const study::PoolingSpec& spec, const std::vector<double>& x) {
    using Kind = study::PoolingSpec::Kind;
    const ImageShape to = spec.output();
    std::vector<double> y;
    for (int c = 0; c < to.channels; ++c) {
      if (spec.kind == Kind::global_average) {
        const int pixels = spec.input.height * spec.input.width;
        double sum = 0.0;
        for (int p = 0; p < pixels; ++p) sum += x[static_cast<std::size_t>(c * pixels + p)];
        y.push_back(sum / pixels);
        continue;
      }
      for (int row = 0; row < to.height; ++row) {
        for (int column = 0; column < to.width; ++column) {
          double sum = 0.0;
          double top = pixel(spec.input, x, c, 2 * row, 2 * column);
          for (int i = 0; i < 4; ++i) {
            const double value = pixel(spec.input, x, c, 2 * row + i / 2, 2 * column + i % 2);
            sum += value;
            top = std::max(top, value);
          }
          y.push_back(spec.kind == Kind::max ? top : sum / 4.0);
        }
      }
    }
    return y;
  }

  std::vector<study::LayerSpec> specs_;
  const Network& network_;
};

}  // namespace minima::engine
