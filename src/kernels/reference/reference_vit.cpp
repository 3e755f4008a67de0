#include "kernels/reference/reference_vit.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace minima::kernels::reference {
namespace {

// Offset of feature f of a head at token t, lane b.
std::size_t at(const AttentionShape& s, std::size_t head, std::size_t f, std::size_t t,
               std::size_t b) {
  return ((head * s.head_width + f) * s.tokens + t) * s.stride + b;
}

std::size_t probability_at(const AttentionShape& s, std::size_t head, std::size_t t, std::size_t u,
                           std::size_t b) {
  return ((head * s.tokens + t) * s.tokens + u) * s.stride + b;
}

double score_scale(const AttentionShape& s) {
  return 1.0 / std::sqrt(static_cast<double>(s.head_width));
}

// Calls visit(head, token, lane).
template <typename Visit>
void for_each_query(const AttentionShape& s, Visit visit) {
  for (std::size_t head = 0; head < s.heads; ++head) {
    for (std::size_t t = 0; t < s.tokens; ++t) {
      for (std::size_t b = 0; b < s.stride; ++b) visit(head, t, b);
    }
  }
}

std::vector<double> scores_of(const AttentionShape& s, const AttentionForward& a, std::size_t head,
                              std::size_t t, std::size_t b) {
  std::vector<double> scores(s.tokens);
  for (std::size_t u = 0; u < s.tokens; ++u) {
    for (std::size_t f = 0; f < s.head_width; ++f) {
      scores[u] += static_cast<double>(a.queries[at(s, head, f, t, b)]) *
                   a.keys[at(s, head, f, u, b)] * score_scale(s);
    }
  }
  return scores;
}

struct Column {
  double sum = 0.0;      // sum of the gradients with respect to the normalized x
  double product = 0.0;  // sum of these gradients times the normalized x
};

double normal_at(const LayerNormBackward& a, std::size_t i, std::size_t c) {
  return (static_cast<double>(a.x[i]) - a.mean[c]) * a.inverse_deviation[c];
}

}  // namespace

void attention(const AttentionShape& s, const AttentionForward& a) {
  for_each_query(s, [&](std::size_t head, std::size_t t, std::size_t b) {
    std::vector<double> p = scores_of(s, a, head, t, b);
    const double top = *std::max_element(p.begin(), p.end());
    double sum = 0.0;
    for (double& value : p) sum += (value = std::exp(value - top));
    for (std::size_t u = 0; u < s.tokens; ++u) {
      const std::size_t i = probability_at(s, head, t, u, b);
      p[u] /= sum;
      a.probabilities[i] = static_cast<float>(p[u]);
      if (a.dropped == nullptr) continue;
      p[u] *= a.dropped[i];
      a.dropped[i] = static_cast<float>(p[u]);
    }
    for (std::size_t f = 0; f < s.head_width; ++f) {
      double out = 0.0;
      for (std::size_t u = 0; u < s.tokens; ++u) out += p[u] * a.values[at(s, head, f, u, b)];
      a.output[at(s, head, f, t, b)] = static_cast<float>(out);
    }
  });
}

void attention_backward(const AttentionShape& s, const AttentionBackward& a) {
  const std::size_t floats = s.heads * s.head_width * s.tokens * s.stride;
  std::vector<double> dq(floats);
  std::vector<double> dk(floats);
  std::vector<double> dv(floats);
  for_each_query(s, [&](std::size_t head, std::size_t t, std::size_t b) {
    std::vector<double> dp(s.tokens);
    double mean = 0.0;
    for (std::size_t u = 0; u < s.tokens; ++u) {
      const std::size_t i = probability_at(s, head, t, u, b);
      const double p = a.probabilities[i];
      const double weight = a.dropped == nullptr ? p : a.dropped[i];
      for (std::size_t f = 0; f < s.head_width; ++f) {
        const double gradient = a.output_gradient[at(s, head, f, t, b)];
        dp[u] += gradient * a.values[at(s, head, f, u, b)];
        dv[at(s, head, f, u, b)] += gradient * weight;
      }
      dp[u] *= p == 0.0 ? 0.0 : weight / p;
      mean += p * dp[u];
    }
    for (std::size_t u = 0; u < s.tokens; ++u) {
      const double p = a.probabilities[probability_at(s, head, t, u, b)];
      const double score = p * (dp[u] - mean) * score_scale(s);
      for (std::size_t f = 0; f < s.head_width; ++f) {
        dq[at(s, head, f, t, b)] += score * a.keys[at(s, head, f, u, b)];
        dk[at(s, head, f, u, b)] += score * a.queries[at(s, head, f, t, b)];
      }
    }
  });
  std::transform(dq.begin(), dq.end(), a.query_gradient, [](double x) { return float(x); });
  std::transform(dk.begin(), dk.end(), a.key_gradient, [](double x) { return float(x); });
  std::transform(dv.begin(), dv.end(), a.value_gradient, [](double x) { return float(x); });
}

void layer_norm(const LayerNormShape& s, const LayerNormForward& a) {
  const auto features = static_cast<double>(s.features);
  for (std::size_t c = 0; c < s.columns; ++c) {
    double mean = 0.0;
    double variance = 0.0;
    for (std::size_t f = 0; f < s.features; ++f) mean += a.x[f * s.stride + c] / features;
    for (std::size_t f = 0; f < s.features; ++f) {
      variance += std::pow(a.x[f * s.stride + c] - mean, 2) / features;
    }
    const double inverse = 1.0 / std::sqrt(variance + 1e-5);
    a.mean[c] = static_cast<float>(mean);
    a.inverse_deviation[c] = static_cast<float>(inverse);
    for (std::size_t f = 0; f < s.features; ++f) {
      const double normal = (a.x[f * s.stride + c] - mean) * inverse;
      a.y[f * s.stride + c] = static_cast<float>(normal * a.scale[f] + a.shift[f]);
    }
  }
}

void layer_norm_backward(const LayerNormShape& s, const LayerNormBackward& a) {
  std::vector<Column> columns(s.columns);
  for (std::size_t f = 0; f < s.features; ++f) {
    double scale_gradient = 0.0;
    double shift_gradient = 0.0;
    for (std::size_t c = 0; c < s.columns; ++c) {
      const std::size_t i = f * s.stride + c;
      const double gradient = static_cast<double>(a.y_gradient[i]) * a.scale[f];
      columns[c].sum += gradient;
      columns[c].product += gradient * normal_at(a, i, c);
      shift_gradient += a.y_gradient[i];
      scale_gradient += a.y_gradient[i] * normal_at(a, i, c);
    }
    a.scale_gradient[f] = static_cast<float>(scale_gradient);
    a.shift_gradient[f] = static_cast<float>(shift_gradient);
  }
  if (a.x_gradient == nullptr) return;
  const auto features = static_cast<double>(s.features);
  for (std::size_t f = 0; f < s.features; ++f) {
    for (std::size_t c = 0; c < s.columns; ++c) {
      const std::size_t i = f * s.stride + c;
      const double gradient = static_cast<double>(a.y_gradient[i]) * a.scale[f];
      const double centred =
          gradient - columns[c].sum / features - normal_at(a, i, c) * columns[c].product / features;
      const double residual = a.residual == nullptr ? 0.0 : a.residual[i];
      a.x_gradient[i] = static_cast<float>(residual + centred * a.inverse_deviation[c]);
    }
  }
}

void add_bias_gelu(float* y, const float* bias, float* slope, std::size_t rows,
                   std::size_t stride) {
  for (std::size_t i = 0; i < rows * stride; ++i) {
    const double x = y[i] + bias[i / stride];
    const double distribution = 0.5 * std::erfc(-x / std::sqrt(2.0));
    const double density = std::exp(-0.5 * x * x) / std::sqrt(2.0 * 3.14159265358979323846);
    y[i] = static_cast<float>(x * distribution);
    slope[i] = static_cast<float>(distribution + x * density);
  }
}

void multiply_by_slope(float* dy, const float* slope, float* bias_gradient, std::size_t rows,
                       std::size_t stride) {
  for (std::size_t r = 0; r < rows; ++r) {
    double sum = 0.0;
    for (std::size_t i = r * stride; i < (r + 1) * stride; ++i) sum += (dy[i] *= slope[i]);
    bias_gradient[r] = static_cast<float>(sum);
  }
}

void add_bias_and_residual(float* y, const float* bias, const float* residual, std::size_t rows,
                           std::size_t stride) {
  for (std::size_t i = 0; i < rows * stride; ++i) y[i] = y[i] + bias[i / stride] + residual[i];
}

void row_sums(const float* x, std::size_t rows, std::size_t stride, float* sums) {
  for (std::size_t r = 0; r < rows; ++r) {
    double sum = 0.0;
    for (std::size_t i = r * stride; i < (r + 1) * stride; ++i) sum += x[i];
    sums[r] = static_cast<float>(sum);
  }
}

void mean_over_tokens(const float* x, std::size_t rows, std::size_t tokens, std::size_t stride,
                      float* y) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t b = 0; b < stride; ++b) {
      double sum = 0.0;
      for (std::size_t t = 0; t < tokens; ++t) sum += x[(r * tokens + t) * stride + b];
      y[r * stride + b] = static_cast<float>(sum / static_cast<double>(tokens));
    }
  }
}

void mean_over_tokens_backward(const float* dy, std::size_t rows, std::size_t tokens,
                               std::size_t stride, float* dx) {
  for (std::size_t i = 0; i < rows * tokens * stride; ++i) {
    const std::size_t r = i / (tokens * stride);
    dx[i] = dy[r * stride + i % stride] / static_cast<float>(tokens);
  }
}

float dropout_factor(const DropoutMask& mask, std::size_t row, std::size_t lane) {
  const std::uint64_t block = (std::uint64_t{lane} << 32) + row / 8;
  const std::uint32_t word = stream_block(mask.key, block)[row % 8 / 2];
  const std::uint32_t bits = row % 2 == 0 ? word >> 16 : word & 0xffffU;
  return bits < mask.threshold ? 0.0F : mask.scale();
}

void dropout_factors(const DropoutMask& mask, float* factors) {
  for (std::size_t i = 0; i < mask.rows * mask.stride; ++i) {
    factors[i] = dropout_factor(mask, i / mask.stride, i % mask.stride);
  }
}

void dropout(const DropoutMask& mask, const float* x, const float* residual, float* y) {
  for (std::size_t i = 0; i < mask.rows * mask.stride; ++i) {
    y[i] = x[i] * dropout_factor(mask, i / mask.stride, i % mask.stride) +
           (residual == nullptr ? 0.0F : residual[i]);
  }
}

void dropout_groups(const DropoutMask& mask, std::size_t width, float* x) {
  for (std::size_t i = 0; i < mask.rows * width * mask.stride; ++i) {
    x[i] *= dropout_factor(mask, i / mask.stride / width, i % mask.stride);
  }
}

}  // namespace minima::kernels::reference
