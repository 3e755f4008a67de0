// Dense, convolution and pooling layers in double precision, written directly from their
// definitions. The outputs of every layer of a trained network are compared with integers and give
// the activation ranges.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "compress/integer/build_integer_network.h"
#include "core/numbers/random.h"
#include "network/families/lower.h"

namespace minima::compress {

using Values = std::vector<double>;

inline double pixel(const ImageShape& shape, const Values& x, int c, int y, int at) {
  if (y < 0 || at < 0 || y >= shape.height || at >= shape.width) return 0.0;
  return x[static_cast<std::size_t>((c * shape.height + y) * shape.width + at)];
}

inline Values plain_layer(const network::Linear& spec, const float* weight, const Values& x) {
  Values y;
  const float* bias = weight + static_cast<std::ptrdiff_t>(spec.inputs) * spec.outputs;
  for (int o = 0; o < spec.outputs; ++o) {
    double sum = bias[o];
    for (const double value : x) sum += *weight++ * value;
    y.push_back(sum);
  }
  return y;
}

inline Values plain_layer(const network::Convolution& spec, const float* weight, const Values& x) {
  const ImageShape to = spec.output();
  const int each = spec.input.channels * spec.kernel * spec.kernel;
  Values y;
  for (int f = 0; f < to.channels; ++f) {
    for (int i = 0; i < to.height * to.width; ++i) {
      const float* w = weight + static_cast<std::ptrdiff_t>(f) * each;
      double sum = weight[spec.filters * each + f];
      for (int c = 0; c < spec.input.channels; ++c) {
        for (int k = 0; k < spec.kernel * spec.kernel; ++k) {
          sum += *w++ * pixel(spec.input, x, c,
                              i / to.width * spec.stride + k / spec.kernel - spec.padding,
                              i % to.width * spec.stride + k % spec.kernel - spec.padding);
        }
      }
      y.push_back(sum);
    }
  }
  return y;
}

inline Values plain_layer(const network::Pooling& spec, const float* /*none*/, const Values& x) {
  using Kind = network::Pooling::Kind;
  const ImageShape to = spec.output();
  const bool global = spec.kind == Kind::global_average;
  const int height = global ? spec.input.height : 2;
  const int width = global ? spec.input.width : 2;
  Values y;
  for (int i = 0; i < to.pixels(); ++i) {
    const int top = i / to.width % to.height * 2;
    const int left = i % to.width * 2;
    double sum = 0.0;
    double largest = 0.0;
    for (int k = 0; k < height * width; ++k) {
      const double value =
          pixel(spec.input, x, i / (to.height * to.width), top + k / width, left + k % width);
      sum += value;
      largest = std::max(largest, value);
    }
    y.push_back(spec.kind == Kind::max ? largest : sum / (height * width));
  }
  return y;
}

template <typename Other>
Values plain_layer(const Other& /*spec*/, const float* /*parameters*/, const Values& x) {
  return x;  // no other layer occurs in these tests
}

/// Outputs of every layer for one image.
inline std::vector<Values> plain_outputs(const TrainedNetwork& trained,
                                         std::span<const std::uint8_t> image) {
  Values x;
  const std::size_t plane = image.size() / trained.pixel_scale.size();
  for (std::size_t i = 0; i < image.size(); ++i) {
    x.push_back(static_cast<double>(image[i]) * double{trained.pixel_scale[i / plane]} +
                double{trained.pixel_shift[i / plane]});
  }
  std::vector<Values> outputs;
  const network::Graph graph = network::graph_of(trained.architecture, trained.problem);
  for (const network::Layer& layer : graph.layers) {
    const network::Op& op = graph.ops[layer.first_op];
    const float* own = op.tensors.empty()
                           ? nullptr
                           : trained.parameters.data() + graph.tensors[op.tensors.front()].begin;
    x = std::visit([&](const auto& what) { return plain_layer(what, own, x); }, op.what);
    for (double& value : x) value = network::value_at(op.activation, value);
    outputs.push_back(x);
  }
  return outputs;
}

}  // namespace minima::compress
