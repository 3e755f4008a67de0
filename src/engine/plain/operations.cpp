#include "engine/plain/operations.h"

#include <algorithm>
#include <cmath>
#include <variant>

namespace minima::engine::plain {
namespace {

using namespace network;

constexpr double kNormEpsilon = 1e-5;  // PyTorch's default

std::size_t size(int count) {
  return static_cast<std::size_t>(count);
}

// Linear: y[o][t] = bias[o] + sum over f of weight[o][f] x[f][t].

Vector forward(const Call& call, const Linear& linear) {
  const std::size_t tokens = size(linear.tokens);
  const std::size_t inputs = size(linear.inputs);
  const Vector& x = *call.inputs[0];
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

void backward(const Call& call, const Linear& linear, const Vector& dy, const Gradients& to) {
  const std::size_t tokens = size(linear.tokens);
  const std::size_t inputs = size(linear.inputs);
  const Vector& x = *call.inputs[0];
  for (std::size_t i = 0; i < dy.size(); ++i) {
    const std::size_t o = i / tokens;
    to.second[o] += dy[i];
    for (std::size_t f = 0; f < inputs; ++f) {
      const std::size_t at = f * tokens + i % tokens;
      to.first[o * inputs + f] += dy[i] * x[at];
      (*to.inputs[0])[at] += dy[i] * call.first[o * inputs + f];
    }
  }
}

// Convolution: calls `use(output, weight, input)` for the indices of every product of an output.
template <typename Use>
void for_each_product(const Convolution& conv, Use use) {
  const ImageShape from = conv.input;
  const ImageShape to = conv.output();
  const int taps = conv.kernel * conv.kernel;
  for (int i = 0; i < to.pixels(); ++i) {
    const int filter = i / (to.height * to.width);
    const int top = i / to.width % to.height * conv.stride - conv.padding;
    const int left = i % to.width * conv.stride - conv.padding;
    for (int w = 0; w < from.channels * taps; ++w) {
      const int row = top + w % taps / conv.kernel;
      const int column = left + w % conv.kernel;
      if (row < 0 || column < 0 || row >= from.height || column >= from.width) continue;
      use(size(i), size(filter * from.channels * taps + w),
          size((w / taps * from.height + row) * from.width + column));
    }
  }
}

Vector forward(const Call& call, const Convolution& conv) {
  const ImageShape to = conv.output();
  Vector y(size(to.pixels()));
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = call.second[i / size(to.height * to.width)];
  for_each_product(conv, [&](std::size_t output, std::size_t weight, std::size_t input) {
    y[output] += call.first[weight] * (*call.inputs[0])[input];
  });
  return y;
}

void backward(const Call& call, const Convolution& conv, const Vector& dy, const Gradients& to) {
  const ImageShape shape = conv.output();
  for (std::size_t i = 0; i < dy.size(); ++i) {
    to.second[i / size(shape.height * shape.width)] += dy[i];
  }
  for_each_product(conv, [&](std::size_t output, std::size_t weight, std::size_t input) {
    to.first[weight] += dy[output] * (*call.inputs[0])[input];
    (*to.inputs[0])[input] += dy[output] * call.first[weight];
  });
}

// Pooling: indices of the inputs of one output, row by row.
std::vector<std::size_t> pooled(const Pooling& pooling, int output) {
  const ImageShape to = pooling.output();
  const ImageShape& from = pooling.input;
  const bool global = pooling.kind == Pooling::Kind::global_average;
  const int height = global ? from.height : 2;
  const int width = global ? from.width : 2;
  const int channel = output / (to.height * to.width);
  const int row = 2 * (output / to.width % to.height);
  const int column = 2 * (output % to.width);
  std::vector<std::size_t> inputs;
  for (int i = 0; i < height * width; ++i) {
    inputs.push_back(
        size((channel * from.height + row + i / width) * from.width + column + i % width));
  }
  return inputs;
}

std::size_t largest_of(const std::vector<std::size_t>& inputs, const Vector& x) {
  return *std::ranges::max_element(inputs, {}, [&x](std::size_t i) { return x[i]; });
}

Vector forward(const Call& call, const Pooling& pooling) {
  const Vector& x = *call.inputs[0];
  Vector y;
  for (int i = 0; i < pooling.output().pixels(); ++i) {
    const std::vector<std::size_t> inputs = pooled(pooling, i);
    if (pooling.kind == Pooling::Kind::max) {
      y.push_back(x[largest_of(inputs, x)]);
      continue;
    }
    double sum = 0.0;
    for (const std::size_t input : inputs) sum += x[input];
    y.push_back(sum / static_cast<double>(inputs.size()));
  }
  return y;
}

// The gradient of a maximum goes to the first of the largest inputs.
void backward(const Call& call, const Pooling& pooling, const Vector& dy, const Gradients& to) {
  Vector& dx = *to.inputs[0];
  for (std::size_t i = 0; i < dy.size(); ++i) {
    const std::vector<std::size_t> inputs = pooled(pooling, static_cast<int>(i));
    if (pooling.kind == Pooling::Kind::max) {
      dx[largest_of(inputs, *call.inputs[0])] += dy[i];
      continue;
    }
    for (const std::size_t input : inputs) dx[input] += dy[i] / static_cast<double>(inputs.size());
  }
}

// Patches: the output of each pixel.
std::vector<std::size_t> patch_places(const Patches& patches) {
  const ImageShape& image = patches.input;
  std::vector<std::size_t> places;
  for (int i = 0; i < image.pixels(); ++i) {
    const int channel = i / (image.height * image.width);
    const int row = i / image.width % image.height;
    const int column = i % image.width;
    const int token = row / patches.height * (image.width / patches.width) + column / patches.width;
    const int value =
        (channel * patches.height + row % patches.height) * patches.width + column % patches.width;
    places.push_back(size(value * patches.tokens() + token));
  }
  return places;
}

Vector forward(const Call& call, const Patches& patches) {
  const std::vector<std::size_t> places = patch_places(patches);
  Vector y(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) y[places[i]] = (*call.inputs[0])[i];
  return y;
}

void backward(const Call& /*call*/, const Patches& patches, const Vector& dy, const Gradients& to) {
  const std::vector<std::size_t> places = patch_places(patches);
  for (std::size_t i = 0; i < places.size(); ++i) (*to.inputs[0])[i] += dy[places[i]];
}

Vector forward(const Call& call, const ClassToken& token) {
  const std::size_t before = size(token.tokens) - 1;
  Vector y;
  for (std::size_t f = 0; f < size(token.width); ++f) {
    y.push_back(call.first[f]);
    for (std::size_t t = 0; t < before; ++t) y.push_back((*call.inputs[0])[f * before + t]);
  }
  return y;
}

void backward(const Call& /*call*/, const ClassToken& token, const Vector& dy,
              const Gradients& to) {
  const std::size_t before = size(token.tokens) - 1;
  for (std::size_t f = 0; f < size(token.width); ++f) {
    to.first[f] += dy[f * (before + 1)];
    for (std::size_t t = 0; t < before; ++t) {
      (*to.inputs[0])[f * before + t] += dy[f * (before + 1) + 1 + t];
    }
  }
}

// Positions: the tensor is [token][width].
std::size_t position_of(const Positions& positions, std::size_t value) {
  return value % size(positions.tokens) * size(positions.width) + value / size(positions.tokens);
}

Vector forward(const Call& call, const Positions& positions) {
  Vector y = *call.inputs[0];
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += call.first[position_of(positions, i)];
  return y;
}

void backward(const Call& /*call*/, const Positions& positions, const Vector& dy,
              const Gradients& to) {
  for (std::size_t i = 0; i < dy.size(); ++i) {
    to.first[position_of(positions, i)] += dy[i];
    (*to.inputs[0])[i] += dy[i];
  }
}

struct Moments {
  double mean = 0.0;
  double sd = 1.0;
};

Moments moments_of(const LayerNorm& norm, const Vector& x, std::size_t token) {
  const std::size_t tokens = size(norm.tokens);
  double mean = 0.0;
  double variance = 0.0;
  for (std::size_t i = token; i < x.size(); i += tokens) mean += x[i] / norm.width;
  for (std::size_t i = token; i < x.size(); i += tokens) {
    variance += (x[i] - mean) * (x[i] - mean) / norm.width;
  }
  return {mean, std::sqrt(variance + kNormEpsilon)};
}

Vector forward(const Call& call, const LayerNorm& norm) {
  const std::size_t tokens = size(norm.tokens);
  Vector y = *call.inputs[0];
  for (std::size_t t = 0; t < tokens; ++t) {
    const Moments moments = moments_of(norm, *call.inputs[0], t);
    for (std::size_t i = t; i < y.size(); i += tokens) {
      y[i] = (y[i] - moments.mean) / moments.sd * call.first[i / tokens] + call.second[i / tokens];
    }
  }
  return y;
}

void backward(const Call& call, const LayerNorm& norm, const Vector& dy, const Gradients& to) {
  const std::size_t tokens = size(norm.tokens);
  const Vector& x = *call.inputs[0];
  for (std::size_t t = 0; t < tokens; ++t) {
    const Moments moments = moments_of(norm, x, t);
    const auto normed = [&](std::size_t i) { return (x[i] - moments.mean) / moments.sd; };
    double mean = 0.0;     // of the gradient of the normalized values
    double product = 0.0;  // mean of that gradient times the normalized values
    for (std::size_t i = t; i < x.size(); i += tokens) {
      const std::size_t f = i / tokens;
      to.first[f] += dy[i] * normed(i);
      to.second[f] += dy[i];
      mean += dy[i] * call.first[f] / norm.width;
      product += dy[i] * call.first[f] * normed(i) / norm.width;
    }
    for (std::size_t i = t; i < x.size(); i += tokens) {
      (*to.inputs[0])[i] +=
          (dy[i] * call.first[i / tokens] - mean - normed(i) * product) / moments.sd;
    }
  }
}

// Attention: of each head and query, the probabilities of the keys.
class Head {
 public:
  Head(const Call& call, const Attention& attention, std::size_t number)
      : tokens_(size(attention.tokens)),
        begin_(number * size(attention.head_width)),
        end_(begin_ + size(attention.head_width)),
        number_(number),
        factors_(call.factors) {}

  [[nodiscard]] Vector probabilities(const Vector& q, const Vector& k, std::size_t query) const {
    Vector p(tokens_, 0.0);
    for (std::size_t u = 0; u < tokens_; ++u) {
      for (std::size_t f = begin_; f < end_; ++f) p[u] += q[at(f, query)] * k[at(f, u)] * scale();
    }
    const double largest = *std::ranges::max_element(p);
    double total = 0.0;
    for (double& value : p) total += value = std::exp(value - largest);
    for (double& value : p) value /= total;
    return p;
  }
  [[nodiscard]] double factor(std::size_t query, std::size_t key) const {
    return factors_.empty() ? 1.0 : factors_[(number_ * tokens_ + query) * tokens_ + key];
  }
  [[nodiscard]] std::size_t at(std::size_t feature, std::size_t token) const {
    return feature * tokens_ + token;
  }
  [[nodiscard]] double scale() const { return 1.0 / std::sqrt(static_cast<double>(end_ - begin_)); }
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return end_; }

 private:
  std::size_t tokens_;
  std::size_t begin_;
  std::size_t end_;
  std::size_t number_;
  const Vector& factors_;
};

Vector forward(const Call& call, const Attention& attention) {
  const Vector& v = *call.inputs[2];
  Vector y(v.size(), 0.0);
  for (int number = 0; number < attention.heads; ++number) {
    const Head head(call, attention, size(number));
    for (std::size_t t = 0; t < size(attention.tokens); ++t) {
      const Vector p = head.probabilities(*call.inputs[0], *call.inputs[1], t);
      for (std::size_t u = 0; u < p.size(); ++u) {
        for (std::size_t f = head.begin(); f < head.end(); ++f) {
          y[head.at(f, t)] += p[u] * head.factor(t, u) * v[head.at(f, u)];
        }
      }
    }
  }
  return y;
}

void backward_query(const Call& call, const Head& head, std::size_t t, const Vector& dy,
                    const Gradients& to) {
  const Vector& q = *call.inputs[0];
  const Vector& k = *call.inputs[1];
  const Vector& v = *call.inputs[2];
  const Vector p = head.probabilities(q, k, t);
  Vector dp(p.size(), 0.0);
  double mean = 0.0;
  for (std::size_t u = 0; u < p.size(); ++u) {
    for (std::size_t f = head.begin(); f < head.end(); ++f) {
      dp[u] += head.factor(t, u) * dy[head.at(f, t)] * v[head.at(f, u)];
      (*to.inputs[2])[head.at(f, u)] += p[u] * head.factor(t, u) * dy[head.at(f, t)];
    }
    mean += p[u] * dp[u];
  }
  for (std::size_t u = 0; u < p.size(); ++u) {
    const double score = p[u] * (dp[u] - mean) * head.scale();
    for (std::size_t f = head.begin(); f < head.end(); ++f) {
      (*to.inputs[0])[head.at(f, t)] += score * k[head.at(f, u)];
      (*to.inputs[1])[head.at(f, u)] += score * q[head.at(f, t)];
    }
  }
}

void backward(const Call& call, const Attention& attention, const Vector& dy, const Gradients& to) {
  for (int number = 0; number < attention.heads; ++number) {
    const Head head(call, attention, size(number));
    for (std::size_t t = 0; t < size(attention.tokens); ++t) backward_query(call, head, t, dy, to);
  }
}

Vector forward(const Call& call, const Add& /*add*/) {
  Vector y = *call.inputs[0];
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += (*call.inputs[1])[i];
  return y;
}

void backward(const Call& /*call*/, const Add& /*add*/, const Vector& dy, const Gradients& to) {
  for (Vector* dx : to.inputs) {
    for (std::size_t i = 0; i < dy.size(); ++i) (*dx)[i] += dy[i];
  }
}

// The fraction of a token in the pooled features.
double pooled_share(const TokenPooling& pooling, std::size_t token) {
  if (pooling.kind == TokenPooling::Kind::first) return token == 0 ? 1.0 : 0.0;
  return 1.0 / pooling.tokens;
}

Vector forward(const Call& call, const TokenPooling& pooling) {
  const std::size_t tokens = size(pooling.tokens);
  Vector y(size(pooling.width), 0.0);
  for (std::size_t i = 0; i < y.size() * tokens; ++i) {
    y[i / tokens] += pooled_share(pooling, i % tokens) * (*call.inputs[0])[i];
  }
  return y;
}

void backward(const Call& /*call*/, const TokenPooling& pooling, const Vector& dy,
              const Gradients& to) {
  const std::size_t tokens = size(pooling.tokens);
  for (std::size_t i = 0; i < dy.size() * tokens; ++i) {
    (*to.inputs[0])[i] += pooled_share(pooling, i % tokens) * dy[i / tokens];
  }
}

}  // namespace

Vector outputs_of(const Call& call) {
  return std::visit([&](const auto& what) { return forward(call, what); }, call.op.what);
}

void add_gradients(const Call& call, const Vector& dy, const Gradients& gradients) {
  std::visit([&](const auto& what) { backward(call, what, dy, gradients); }, call.op.what);
}

}  // namespace minima::engine::plain
