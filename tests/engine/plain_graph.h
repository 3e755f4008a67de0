// Reference implementation of networks, from the definitions of their operations: one image, double
// precision, plain loops. The engine is compared with it. Values are [feature][token], as in the
// engine.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <vector>

#include "network/graph.h"

namespace minima::engine {

class PlainGraph {
 public:
  using Vector = std::vector<double>;

  /// `offsets`: of each tensor in the parameter array.
  PlainGraph(network::Graph graph, std::vector<std::size_t> offsets)
      : graph_(std::move(graph)), offsets_(std::move(offsets)) {}

  /// Logits of one image.
  [[nodiscard]] Vector logits(const Vector& parameters, const Vector& image) const {
    return outputs(parameters, image, 0, graph_.ops.size());
  }

  /// Output of one layer for the input `x`.
  [[nodiscard]] Vector layer_outputs(std::size_t layer, const Vector& parameters,
                                     const Vector& x) const {
    const network::Layer& of = graph_.layers[layer];
    return outputs(parameters, x, of.first_op, of.ops);
  }

  [[nodiscard]] const network::Graph& graph() const { return graph_; }

  /// Changes each output value on its way to the next layer.
  std::function<double(std::size_t layer, double value)> between_layers =
      [](std::size_t, double value) { return value; };
  /// Changes each input value of a linear map.
  std::function<double(const network::Op& linear, double value)> linear_input =
      [](const network::Op&, double value) { return value; };
  /// The dropout factor of a value: of an output [feature][token], or of an attention probability
  /// [head][token][token].
  std::function<double(const network::Op& op, std::size_t number)> dropout_factor =
      [](const network::Op&, std::size_t) { return 1.0; };

 private:
  /// An operation with the values of its tensors and inputs.
  struct Call {
    const network::Op& op;
    const double* first;   ///< weight, scale or the only tensor
    const double* second;  ///< bias or shift
    std::vector<const Vector*> inputs;
  };

  [[nodiscard]] Vector outputs(const Vector& parameters, const Vector& x, std::size_t first,
                               std::size_t count) const {
    std::map<int, Vector> values;
    for (std::size_t i = first; i < first + count; ++i) {
      const network::Op& op = graph_.ops[i];
      const auto tensor = [&](std::size_t number) -> const double* {
        if (number >= op.tensors.size()) return nullptr;
        return parameters.data() + offsets_[op.tensors[number]];
      };
      Call call{.op = op, .first = tensor(0), .second = tensor(1), .inputs = {}};
      for (const int input : op.inputs) {
        const bool inside = input >= static_cast<int>(first);
        call.inputs.push_back(inside ? &values.at(input) : &x);
      }
      Vector y = std::visit([&](const auto& what) { return compute(call, what); }, op.what);
      finish(op, y);
      const bool ends_layer = i + 1 < graph_.ops.size() && graph_.ops[i + 1].layer != op.layer;
      if (ends_layer) {
        for (double& value : y) value = between_layers(op.layer, value);
      }
      values[static_cast<int>(i)] = std::move(y);
    }
    return values.at(static_cast<int>(first + count) - 1);
  }

  void finish(const network::Op& op, Vector& y) const {
    for (double& value : y) {
      if (op.activation == network::Activation::relu) value = std::max(value, 0.0);
      if (op.activation == network::Activation::gelu) {
        value *= 0.5 * std::erfc(-value / std::sqrt(2.0));
      }
    }
    if (op.dropout == 0.0 || std::holds_alternative<network::Attention>(op.what)) return;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] *= dropout_factor(op, i);
  }

  static std::size_t size(int count) { return static_cast<std::size_t>(count); }

  [[nodiscard]] Vector compute(const Call& call, const network::Linear& linear) const {
    const std::size_t tokens = size(linear.tokens);
    const std::size_t inputs = size(linear.inputs);
    Vector x = *call.inputs[0];
    for (double& value : x) value = linear_input(call.op, value);
    Vector y(size(linear.outputs) * tokens);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const std::size_t o = i / tokens;
      y[i] = call.second[o];
      for (std::size_t f = 0; f < inputs; ++f) {
        y[i] += call.first[o * inputs + f] * x[f * tokens + i % tokens];
      }
    }
    return y;
  }

  static double pixel(const ImageShape& shape, const Vector& x, int c, int y, int at) {
    if (y < 0 || at < 0 || y >= shape.height || at >= shape.width) return 0.0;
    return x[size((c * shape.height + y) * shape.width + at)];
  }

  [[nodiscard]] static Vector compute(const Call& call, const network::Convolution& conv) {
    const ImageShape to = conv.output();
    const int k = conv.kernel;
    Vector y;
    for (int f = 0; f < to.channels; ++f) {
      for (int row = 0; row < to.height; ++row) {
        for (int column = 0; column < to.width; ++column) {
          double sum = call.second[f];
          for (int c = 0; c < conv.input.channels; ++c) {
            for (int tap = 0; tap < k * k; ++tap) {
              sum +=
                  call.first[(f * conv.input.channels + c) * k * k + tap] *
                  pixel(conv.input, *call.inputs[0], c, row * conv.stride + tap / k - conv.padding,
                        column * conv.stride + tap % k - conv.padding);
            }
          }
          y.push_back(sum);
        }
      }
    }
    return y;
  }

  [[nodiscard]] static Vector compute(const Call& call, const network::Pooling& pooling) {
    using Kind = network::Pooling::Kind;
    const ImageShape to = pooling.output();
    const bool global = pooling.kind == Kind::global_average;
    const int height = global ? pooling.input.height : 2;
    const int width = global ? pooling.input.width : 2;
    Vector y;
    for (int i = 0; i < to.pixels(); ++i) {
      const int row = i / to.width % to.height;
      double sum = 0.0;
      double top = -HUGE_VAL;
      for (int j = 0; j < height * width; ++j) {
        const double value = pixel(pooling.input, *call.inputs[0], i / (to.height * to.width),
                                   2 * row + j / width, 2 * (i % to.width) + j % width);
        sum += value;
        top = std::max(top, value);
      }
      y.push_back(pooling.kind == Kind::max ? top : sum / (height * width));
    }
    return y;
  }

  [[nodiscard]] static Vector compute(const Call& call, const network::Patches& patches) {
    Vector y(size(patches.tokens() * patches.values()));
    const ImageShape& image = patches.input;
    for (int i = 0; i < image.pixels(); ++i) {
      const int c = i / (image.height * image.width);
      const int row = i / image.width % image.height;
      const int column = i % image.width;
      const int token =
          row / patches.height * (image.width / patches.width) + column / patches.width;
      const int value =
          (c * patches.height + row % patches.height) * patches.width + column % patches.width;
      y[size(value * patches.tokens() + token)] = (*call.inputs[0])[size(i)];
    }
    return y;
  }

  [[nodiscard]] static Vector compute(const Call& call, const network::ClassToken& token) {
    const std::size_t before = size(token.tokens) - 1;
    Vector y;
    for (std::size_t f = 0; f < size(token.width); ++f) {
      y.push_back(call.first[f]);
      for (std::size_t t = 0; t < before; ++t) y.push_back((*call.inputs[0])[f * before + t]);
    }
    return y;
  }

  [[nodiscard]] static Vector compute(const Call& call, const network::Positions& positions) {
    Vector y = *call.inputs[0];
    const std::size_t tokens = size(positions.tokens);
    for (std::size_t i = 0; i < y.size(); ++i) {
      y[i] += call.first[i % tokens * size(positions.width) + i / tokens];
    }
    return y;
  }

  [[nodiscard]] static Vector compute(const Call& call, const network::LayerNorm& norm) {
    Vector y = *call.inputs[0];
    const std::size_t tokens = size(norm.tokens);
    for (std::size_t t = 0; t < tokens; ++t) {
      double mean = 0.0;
      double variance = 0.0;
      for (std::size_t i = t; i < y.size(); i += tokens) mean += y[i] / norm.width;
      for (std::size_t i = t; i < y.size(); i += tokens) {
        variance += (y[i] - mean) * (y[i] - mean) / norm.width;
      }
      for (std::size_t i = t; i < y.size(); i += tokens) {
        y[i] = (y[i] - mean) / std::sqrt(variance + 1e-5) * call.first[i / tokens] +
               call.second[i / tokens];
      }
    }
    return y;
  }

  [[nodiscard]] Vector compute(const Call& call, const network::Attention& attention) const {
    const std::size_t tokens = size(attention.tokens);
    const std::size_t width = size(attention.head_width);
    const Vector& q = *call.inputs[0];
    const Vector& k = *call.inputs[1];
    const Vector& v = *call.inputs[2];
    Vector y(q.size(), 0.0);
    for (std::size_t head = 0; head < size(attention.heads); ++head) {
      for (std::size_t t = 0; t < tokens; ++t) {
        Vector p(tokens, 0.0);
        double total = 0.0;
        for (std::size_t u = 0; u < tokens; ++u) {
          for (std::size_t f = head * width; f < (head + 1) * width; ++f) {
            p[u] += q[f * tokens + t] * k[f * tokens + u];
          }
          p[u] = std::exp(p[u] / std::sqrt(static_cast<double>(width)));
          total += p[u];
        }
        for (std::size_t u = 0; u < tokens; ++u) {
          const double factor = call.op.dropout == 0.0
                                    ? 1.0
                                    : dropout_factor(call.op, (head * tokens + t) * tokens + u);
          for (std::size_t f = head * width; f < (head + 1) * width; ++f) {
            y[f * tokens + t] += p[u] / total * factor * v[f * tokens + u];
          }
        }
      }
    }
    return y;
  }

  [[nodiscard]] static Vector compute(const Call& call, const network::Add& /*add*/) {
    Vector y = *call.inputs[0];
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += (*call.inputs[1])[i];
    return y;
  }

  [[nodiscard]] static Vector compute(const Call& call, const network::TokenPooling& pooling) {
    const std::size_t tokens = size(pooling.tokens);
    const Vector& x = *call.inputs[0];
    Vector y;
    for (std::size_t f = 0; f < size(pooling.width); ++f) {
      double sum = 0.0;
      for (std::size_t t = 0; t < tokens; ++t) sum += x[f * tokens + t];
      const bool first = pooling.kind == network::TokenPooling::Kind::first;
      y.push_back(first ? x[f * tokens] : sum / pooling.tokens);
    }
    return y;
  }

  network::Graph graph_;
  std::vector<std::size_t> offsets_;
};

}  // namespace minima::engine
