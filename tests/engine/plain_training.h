// Reference implementation of training for dense networks, from the definitions: one image at a
// time, double precision, plain loops. Retraining under conditions is compared with it.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "engine/shuffle.h"
#include "network/families/lower.h"

namespace minima::engine {

/// Parameters are flat: per layer [outputs][inputs] weights, then biases.
class PlainTraining {
 public:
  using Change = std::function<void(std::size_t layer, std::vector<double>& values)>;

  PlainTraining(const study::Run& run, const data::Dataset& dataset,
                const std::vector<float>& parameters, std::vector<std::uint8_t> mask)
      : w(parameters.begin(), parameters.end()),
        run_(run),
        dataset_(dataset),
        graph_(network::graph_of(run.architecture, dataset.problem())),
        mask_(std::move(mask)),
        first_(w.size(), 0.0),
        second_(w.size(), 0.0) {
    mask_.resize(w.size(), 1);
    for (std::size_t i = 0; i < w.size(); ++i) w[i] *= mask_[i] == 0 ? 0.0 : 1.0;
  }

  /// One epoch of the run with its shuffle; epochs count from 1.
  void epoch(int number) {
    const auto order =
        shuffled_indices(dataset_.train.count(), run_.seed, run_.dataset, run_.replicate, number);
    const auto batch = static_cast<std::size_t>(run_.train.batch);
    squares.assign(graph_.ops.size(), 0.0);
    for (std::size_t begin = 0; begin < order.size(); begin += batch) {
      const std::size_t count = std::min(batch, order.size() - begin);
      step({order.begin() + static_cast<std::ptrdiff_t>(begin),
            order.begin() + static_cast<std::ptrdiff_t>(begin + count)});
    }
  }

  std::vector<double> w;        ///< the parameters
  std::vector<double> squares;  ///< per layer: sums of squared gradients in the last epoch
  Change output = [](std::size_t, std::vector<double>&) {};  ///< changes what the next layer gets
  /// Whether the gradient passes through that change, given the layer's own output.
  std::function<bool(std::size_t layer, double value)> passes = [](std::size_t, double) {
    return true;
  };

 private:
  void step(const std::vector<std::uint32_t>& images) {
    std::vector<double> gradient(w.size(), 0.0);
    for (const std::uint32_t image : images) {
      add_gradient(image, 1.0 / static_cast<double>(images.size()), gradient);
    }
    ++steps_;
    std::size_t at = 0;
    for (std::size_t l = 0; l < graph_.ops.size(); ++l) {
      const auto& dense = std::get<network::Linear>(graph_.ops[l].what);
      const auto end = at + static_cast<std::size_t>((dense.inputs + 1) * dense.outputs);
      for (; at < end; ++at) {
        if (mask_[at] == 0) continue;
        squares[l] += gradient[at] * gradient[at];
        update(at, gradient[at]);
      }
    }
  }

  // PyTorch's Adam and SGD, from their documentation.
  void update(std::size_t i, double g) {
    const study::Optimizer& o = run_.train.optimizer;
    const double rate = run_.train.learning_rate;
    if (o.kind == study::Optimizer::Kind::adamw) {
      w[i] *= 1.0 - rate * o.weight_decay;
    } else {
      g += o.weight_decay * w[i];
    }
    if (o.kind == study::Optimizer::Kind::sgd) {
      first_[i] = o.momentum * first_[i] + g;
      w[i] -= rate * first_[i];
      return;
    }
    first_[i] = o.beta1 * first_[i] + (1.0 - o.beta1) * g;
    second_[i] = o.beta2 * second_[i] + (1.0 - o.beta2) * g * g;
    const double m = first_[i] / (1.0 - std::pow(o.beta1, steps_));
    const double v = second_[i] / (1.0 - std::pow(o.beta2, steps_));
    w[i] -= rate * m / (std::sqrt(v) + o.epsilon);
  }

  // Adds the gradient of the cross-entropy of one image.
  void add_gradient(std::uint32_t image, double factor, std::vector<double>& gradient) const {
    const auto pixels = static_cast<std::size_t>(dataset_.shape.pixels());
    std::vector<std::vector<double>> inputs(1);
    std::vector<std::vector<double>> outputs;
    for (std::size_t p = 0; p < pixels; ++p) {
      inputs[0].push_back(dataset_.train.images[image * pixels + p] / 255.0);
    }
    std::size_t at = 0;
    for (std::size_t l = 0; l < graph_.ops.size(); ++l) {
      outputs.push_back(forward(graph_.ops[l], at, inputs[l]));
      at += outputs[l].size() * (inputs[l].size() + 1);
      inputs.push_back(outputs[l]);
      if (l + 1 < graph_.ops.size()) output(l, inputs.back());
    }
    std::vector<double> dy = outputs.back();
    double sum = 0.0;
    for (double& z : dy) sum += z = std::exp(z);
    for (double& p : dy) p *= factor / sum;
    dy[dataset_.train.labels[image]] -= factor;
    for (std::size_t l = graph_.ops.size(); l-- > 0;) {
      at -= outputs[l].size() * (inputs[l].size() + 1);
      dy = backward(at, inputs[l], dy, gradient);
      for (std::size_t i = 0; l > 0 && i < dy.size(); ++i) {
        if (outputs[l - 1][i] <= 0.0 || !passes(l - 1, outputs[l - 1][i])) dy[i] = 0.0;
      }
    }
  }

  [[nodiscard]] std::vector<double> forward(const network::Op& op, std::size_t at,
                                            const std::vector<double>& x) const {
    std::vector<double> y(static_cast<std::size_t>(op.units()));
    for (std::size_t o = 0; o < y.size(); ++o) {
      y[o] = w[at + y.size() * x.size() + o];
      for (std::size_t i = 0; i < x.size(); ++i) y[o] += w[at + o * x.size() + i] * x[i];
      if (op.activation == network::Activation::relu) y[o] = std::max(y[o], 0.0);
    }
    return y;
  }

  // Adds the layer's gradient and returns the gradient of its input.
  [[nodiscard]] std::vector<double> backward(std::size_t at, const std::vector<double>& x,
                                             const std::vector<double>& dy,
                                             std::vector<double>& gradient) const {
    std::vector<double> dx(x.size(), 0.0);
    for (std::size_t o = 0; o < dy.size(); ++o) {
      gradient[at + dy.size() * x.size() + o] += dy[o];
      for (std::size_t i = 0; i < x.size(); ++i) {
        gradient[at + o * x.size() + i] += dy[o] * x[i];
        dx[i] += w[at + o * x.size() + i] * dy[o];
      }
    }
    return dx;
  }

  study::Run run_;
  const data::Dataset& dataset_;
  network::Graph graph_;
  std::vector<std::uint8_t> mask_;
  std::vector<double> first_;
  std::vector<double> second_;
  int steps_ = 0;
};

}  // namespace minima::engine
