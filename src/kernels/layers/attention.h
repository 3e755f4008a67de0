// Scaled dot-product attention between the tokens of an image, separately for each lane of the
// batch. Nothing is transposed; every sum is a chain of vector multiply-adds over lanes.
//
// Shapes: T tokens, S stride of the batch. Queries, keys, values and output are
// [heads][head_width][T][S]: feature-major, with the features of all heads side by side.
// Probabilities are [heads][T][T][S].
#pragma once

#include <cstddef>

namespace minima::kernels {

struct AttentionShape {
  std::size_t tokens = 1;
  std::size_t heads = 1;
  std::size_t head_width = 1;
  std::size_t stride = 0;  ///< a multiple of kBatchMultiple

  [[nodiscard]] std::size_t probability_floats() const { return heads * tokens * tokens * stride; }
};

/// For each head (Vaswani et al. 2017, equation 1):
///   p[t][u] = softmax over u of (sum_d q[d][t] k[d][u]) / sqrt(head_width)
///   out[d][t] = sum_u p[t][u] v[d][u]
/// With dropout, out uses p[t][u] times the factor of (t, u). The product replaces the factor in
/// `dropped`.
struct AttentionForward {
  const float* queries = nullptr;
  const float* keys = nullptr;
  const float* values = nullptr;
  float* probabilities = nullptr;
  float* output = nullptr;
  float* dropped = nullptr;  ///< same shape as the probabilities; null: no dropout
};
void attention(const AttentionShape& shape, const AttentionForward& arrays);

/// Derivatives with respect to queries, keys and values. Overwrites the probabilities.
struct AttentionBackward {
  const float* queries = nullptr;
  const float* keys = nullptr;
  const float* values = nullptr;
  const float* output = nullptr;
  const float* output_gradient = nullptr;
  float* probabilities = nullptr;
  float* query_gradient = nullptr;
  float* key_gradient = nullptr;
  float* value_gradient = nullptr;
  const float* dropped = nullptr;  ///< from the forward pass
};
void attention_backward(const AttentionShape& shape, const AttentionBackward& arrays);

}  // namespace minima::kernels
