#include "kernels/layers/attention.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/layers/dropout.h"
#include "kernels/reference/reference_vit.h"
#include "random_floats.h"

namespace minima::kernels {
namespace {

struct Arrays {
  AttentionShape shape;
  std::size_t floats;
  AlignedBuffer<float> queries;
  AlignedBuffer<float> keys;
  AlignedBuffer<float> values;
  AlignedBuffer<float> output_gradient;
  AlignedBuffer<float> probabilities;
  AlignedBuffer<float> output;
  AlignedBuffer<float> gradients[3];
  AlignedBuffer<float> dropped;  // empty: no dropout

  explicit Arrays(const AttentionShape& s, float spread = 1.0F)
      : shape(s),
        floats(s.heads * s.head_width * s.tokens * s.stride),
        queries(random_floats(floats, 1)),
        keys(random_floats(floats, 2)),
        values(random_floats(floats, 3)),
        output_gradient(random_floats(floats, 4)),
        probabilities(s.probability_floats()),
        output(floats) {
    for (float& q : queries.span()) q *= spread;
    for (auto& gradient : gradients) gradient = AlignedBuffer<float>(floats);
  }

  void drop() {
    dropped = AlignedBuffer<float>(shape.probability_floats());
    dropout_factors({.key = stream_key(1, 2, Purpose::dropout, 3),
                     .threshold = dropout_threshold(0.4),
                     .rows = shape.probability_floats() / shape.stride,
                     .stride = shape.stride},
                    dropped.data());
  }
  AttentionForward forward() {
    return {.queries = queries.data(),
            .keys = keys.data(),
            .values = values.data(),
            .probabilities = probabilities.data(),
            .output = output.data(),
            .dropped = dropped.data()};
  }
  AttentionBackward backward() {
    return {.queries = queries.data(),
            .keys = keys.data(),
            .values = values.data(),
            .output = output.data(),
            .output_gradient = output_gradient.data(),
            .probabilities = probabilities.data(),
            .query_gradient = gradients[0].data(),
            .key_gradient = gradients[1].data(),
            .value_gradient = gradients[2].data(),
            .dropped = dropped.data()};
  }
};

std::vector<AttentionShape> shapes() {
  std::vector<AttentionShape> all;
  for (const std::size_t tokens : {1U, 2U, 4U, 5U, 17U}) {
    for (const std::size_t width : {1U, 4U, 7U, 16U}) {
      all.push_back({.tokens = tokens, .heads = 1 + tokens % 3, .head_width = width, .stride = 32});
    }
  }
  return all;
}

void expect_near(const AlignedBuffer<float>& actual, const AlignedBuffer<float>& expected,
                 const AttentionShape& shape) {
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], 1e-5F + 1e-5F * std::abs(expected[i]))
        << shape.tokens << " tokens, head width " << shape.head_width << ", element " << i;
  }
}

void expect_forward_near(const AttentionShape& shape, bool drop) {
  Arrays fast(shape);
  Arrays naive(shape);
  if (drop) fast.drop();
  if (drop) naive.drop();
  attention(shape, fast.forward());
  reference::attention(shape, naive.forward());
  expect_near(fast.probabilities, naive.probabilities, shape);
  expect_near(fast.dropped, naive.dropped, shape);
  expect_near(fast.output, naive.output, shape);
}

void expect_backward_near(const AttentionShape& shape, bool drop) {
  Arrays fast(shape);
  Arrays naive(shape);
  if (drop) fast.drop();
  if (drop) naive.drop();
  attention(shape, fast.forward());
  reference::attention(shape, naive.forward());
  attention_backward(shape, fast.backward());
  reference::attention_backward(shape, naive.backward());
  for (int i = 0; i < 3; ++i) expect_near(fast.gradients[i], naive.gradients[i], shape);
}

TEST(Attention, EqualsItsReference) {
  for (const AttentionShape& shape : shapes()) expect_forward_near(shape, false);
}

TEST(Attention, WithDropoutEqualsItsReference) {
  for (const AttentionShape& shape : shapes()) expect_forward_near(shape, true);
}

TEST(Attention, DerivativesEqualTheirReferences) {
  for (const AttentionShape& shape : shapes()) expect_backward_near(shape, false);
}

TEST(Attention, DerivativesWithDropoutEqualTheirReferences) {
  for (const AttentionShape& shape : shapes()) expect_backward_near(shape, true);
}

TEST(Attention, SurvivesHugeScores) {
  const AttentionShape shape{.tokens = 5, .heads = 1, .head_width = 4, .stride = 16};
  Arrays arrays(shape, 1e6F);
  attention(shape, arrays.forward());
  for (const float y : arrays.output.span()) EXPECT_TRUE(std::isfinite(y));
}

TEST(Attention, PropagatesNaN) {
  const AttentionShape shape{.tokens = 3, .heads = 1, .head_width = 2, .stride = 16};
  Arrays arrays(shape);
  arrays.queries[16 + 2] = std::numeric_limits<float>::quiet_NaN();  // token 1 of lane 2
  attention(shape, arrays.forward());
  EXPECT_TRUE(std::isnan(arrays.output[16 + 2]));
  EXPECT_FALSE(std::isnan(arrays.output[16 + 3]));
}

}  // namespace
}  // namespace minima::kernels
