// The layers of vision transformers once more, from their definitions: one image, double precision,
// plain loops. A token is a vector of its features.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "study/layers.h"

namespace minima::engine::plain {

using Vector = std::vector<double>;
using Tokens = std::vector<Vector>;
using Tensors = std::map<std::string, Vector>;  ///< by name, without the layer's

/// What stands in the way of one image: the factors of dropout: of a probability of the attention,
/// its number in [head][token][token]; of other values, in [feature][token].
struct Factors {
  std::function<double(std::size_t)> attention_probability = one;
  std::function<double(std::size_t)> attention_output = one;
  std::function<double(std::size_t)> mlp_hidden = one;
  std::function<double(std::size_t)> mlp_output = one;
  /// What the linear maps of a block get in place of a value at a site (activation_transform.h).
  std::function<double(int, double)> input = [](int, double value) { return value; };

  static double one(std::size_t) { return 1.0; }
};

inline Vector linear(const Vector& weight, const Vector& bias, const Vector& x) {
  Vector y = bias;
  for (std::size_t o = 0; o < y.size(); ++o) {
    for (std::size_t i = 0; i < x.size(); ++i) y[o] += weight[o * x.size() + i] * x[i];
  }
  return y;
}

inline Vector layer_norm(const Tensors& w, const std::string& name, const Vector& x) {
  double mean = 0.0;
  double variance = 0.0;
  const auto count = static_cast<double>(x.size());
  for (const double value : x) mean += value / count;
  for (const double value : x) variance += (value - mean) * (value - mean) / count;
  Vector y = x;
  for (std::size_t f = 0; f < x.size(); ++f) {
    y[f] = (x[f] - mean) / std::sqrt(variance + 1e-5) * w.at(name + "weight")[f] +
           w.at(name + "bias")[f];
  }
  return y;
}

inline Tokens of_each(const Tokens& x, const std::function<Vector(const Vector&)>& function) {
  Tokens y;
  for (const Vector& token : x) y.push_back(function(token));
  return y;
}

inline Tokens named_linear(const Tensors& w, const std::string& name, const Tokens& x) {
  return of_each(x, [&](const Vector& token) {
    return linear(w.at(name + ".weight"), w.at(name + ".bias"), token);
  });
}

inline Tokens norm(const Tensors& w, const std::string& name, const Tokens& x) {
  return of_each(x, [&](const Vector& token) { return layer_norm(w, name, token); });
}

inline Tokens sum(const Tokens& a, const Tokens& b) {
  Tokens y = a;
  for (std::size_t t = 0; t < y.size(); ++t) {
    for (std::size_t f = 0; f < y[t].size(); ++f) y[t][f] += b[t][f];
  }
  return y;
}

inline Tokens dropout(const Tokens& x, const std::function<double(std::size_t)>& factor) {
  Tokens y = x;
  for (std::size_t t = 0; t < y.size(); ++t) {
    for (std::size_t f = 0; f < y[t].size(); ++f) y[t][f] *= factor(f * y.size() + t);
  }
  return y;
}

inline Tokens changed(const Tokens& x, const Factors& factors, int site) {
  return of_each(x, [&](Vector token) {
    for (double& value : token) value = factors.input(site, value);
    return token;
  });
}

inline Tokens self_attention(const study::EncoderSpec& spec, const Tensors& w, const Tokens& x,
                             const Factors& factors) {
  const Tokens from = changed(x, factors, 0);
  const Tokens q = named_linear(w, "attention.q", from);
  const Tokens k = named_linear(w, "attention.k", from);
  const Tokens v = named_linear(w, "attention.v", from);
  Tokens attended(x.size(), Vector(q[0].size(), 0.0));
  const std::size_t head_width = q[0].size() / static_cast<std::size_t>(spec.heads);
  for (std::size_t begin = 0; begin < q[0].size(); begin += head_width) {
    for (std::size_t t = 0; t < x.size(); ++t) {
      Vector p(x.size(), 0.0);
      double total = 0.0;
      for (std::size_t u = 0; u < x.size(); ++u) {
        for (std::size_t f = begin; f < begin + head_width; ++f) p[u] += q[t][f] * k[u][f];
        p[u] = std::exp(p[u] / std::sqrt(static_cast<double>(head_width)));
        total += p[u];
      }
      for (std::size_t u = 0; u < x.size(); ++u) {
        const std::size_t number = (begin / head_width * x.size() + t) * x.size() + u;
        const double weight = p[u] / total * factors.attention_probability(number);
        for (std::size_t f = begin; f < begin + head_width; ++f) attended[t][f] += weight * v[u][f];
      }
    }
  }
  return dropout(named_linear(w, "attention.o", changed(attended, factors, 1)),
                 factors.attention_output);
}

inline Tokens mlp(const study::EncoderSpec& spec, const Tensors& w, const Tokens& x,
                  const Factors& factors) {
  Tokens hidden = named_linear(w, "mlp.fc1", changed(x, factors, 2));
  for (Vector& token : hidden) {
    for (double& value : token) {
      value = spec.gelu ? value * 0.5 * std::erfc(-value / std::sqrt(2.0)) : std::max(value, 0.0);
    }
  }
  hidden = dropout(hidden, factors.mlp_hidden);
  return dropout(named_linear(w, "mlp.fc2", changed(hidden, factors, 3)), factors.mlp_output);
}

inline Tokens encoder(const study::EncoderSpec& spec, const Tensors& w, const Tokens& x,
                      const Factors& factors = {}) {
  if (spec.pre_norm) {
    const Tokens y = sum(x, self_attention(spec, w, norm(w, "norm1.", x), factors));
    return sum(y, mlp(spec, w, norm(w, "norm2.", y), factors));
  }
  const Tokens y = norm(w, "norm1.", sum(x, self_attention(spec, w, x, factors)));
  return norm(w, "norm2.", sum(y, mlp(spec, w, y, factors)));
}

/// `pixels`: [channel][row][column].
inline Tokens embedding(
    const study::EmbeddingSpec& spec, const Tensors& w, const Vector& pixels,
    const std::function<double(double)>& input = [](double value) { return value; }) {
  if (spec.identity) return {pixels};
  Tokens tokens;
  if (spec.class_token) tokens.push_back(w.at("class_token"));
  for (int top = 0; top < spec.input.height; top += spec.patch) {
    for (int left = 0; left < spec.input.width; left += spec.patch) {
      Vector patch;
      for (int c = 0; c < spec.input.channels; ++c) {
        for (int y = top; y < top + spec.patch; ++y) {
          for (int x = left; x < left + spec.patch; ++x) {
            patch.push_back(input(pixels[static_cast<std::size_t>(
                (c * spec.input.height + y) * spec.input.width + x)]));
          }
        }
      }
      tokens.push_back(linear(w.at("weight"), w.at("bias"), patch));
    }
  }
  for (std::size_t t = 0; spec.positions && t < tokens.size(); ++t) {
    for (std::size_t f = 0; f < tokens[t].size(); ++f) {
      tokens[t][f] += w.at("position")[t * tokens[t].size() + f];
    }
  }
  return tokens;
}

inline Tokens pool(const study::TokenPoolSpec& spec, const Tensors& w, const Tokens& x) {
  const Tokens normed = spec.norm ? norm(w, "", x) : x;
  if (spec.first) return {normed[0]};
  Vector mean(normed[0].size(), 0.0);
  for (const Vector& token : normed) {
    for (std::size_t f = 0; f < mean.size(); ++f) {
      mean[f] += token[f] / static_cast<double>(x.size());
    }
  }
  return {mean};
}

}  // namespace minima::engine::plain
