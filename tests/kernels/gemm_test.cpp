#include "kernels/products/gemm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "kernels/products/portable_gemm.h"
#include "kernels/reference/reference.h"
#include "random_floats.h"

namespace minima::kernels {
namespace {

// Random shapes around those of training: batch or inputs as m, all orders of size.
std::vector<GemmShape> random_shapes() {
  RandomStream stream(7, 0, Purpose::bootstrap);
  std::vector<GemmShape> shapes = {
      {.m = 112, .n = 5, .k = 784, .lda = 112, .ldb = 784, .ldc = 112},
      {.m = 784, .n = 32, .k = 100, .lda = 784, .ldb = 112, .ldc = 784},
      {.m = 16, .n = 1, .k = 1, .lda = 16, .ldb = 1, .ldc = 16}};
  for (int i = 0; i < 120; ++i) {
    GemmShape shape;
    shape.m = 1 + static_cast<int>(stream.below(130));
    shape.n = 1 + static_cast<int>(stream.below(40));
    shape.k = 1 + static_cast<int>(stream.below(90));
    shape.transpose_b = stream.below(2) == 1;
    shape.accumulate = stream.below(2) == 1;
    shape.lda = shape.m + static_cast<int>(stream.below(20));
    shape.ldb = (shape.transpose_b ? shape.n : shape.k) + static_cast<int>(stream.below(20));
    shape.ldc = shape.m + static_cast<int>(stream.below(20));
    shapes.push_back(shape);
  }
  return shapes;
}

template <typename Product>
void expect_equals_reference(Product product) {
  for (const GemmShape& s : random_shapes()) {
    const auto a = random_floats(static_cast<std::size_t>(s.lda) * s.k, 1);
    const auto b = random_floats(static_cast<std::size_t>(s.ldb) * (s.transpose_b ? s.k : s.n), 2);
    auto c = random_floats(static_cast<std::size_t>(s.ldc) * s.n, 3);
    auto expected = clone(c);
    reference::gemm(s, a.data(), b.data(), expected.data());
    product(s, a.data(), b.data(), c.data());
    const float tolerance = 1e-6F * static_cast<float>(s.k) + 1e-6F;
    for (std::size_t i = 0; i < c.size(); ++i) {
      ASSERT_NEAR(c[i], expected[i], tolerance)
          << "m " << s.m << " n " << s.n << " k " << s.k << " transposed " << s.transpose_b
          << " accumulate " << s.accumulate << " at " << i;
    }
  }
}

TEST(Gemm, EqualsTheReferenceProductAndTouchesNothingBetweenColumns) {
  expect_equals_reference([](const GemmShape& shape, const float* a, const float* b, float* c) {
    Gemm{shape}(a, b, c);
  });
}

TEST(PortableGemm, EqualsTheReferenceProductAndTouchesNothingBetweenColumns) {
  expect_equals_reference(portable_gemm);
}

TEST(Gemm, GivesTheSameBitsOnEveryCall) {
  const GemmShape shape{.m = 112, .n = 7, .k = 300, .lda = 112, .ldb = 300, .ldc = 112};
  const auto a = random_floats(112 * 300, 1);
  const auto b = random_floats(300 * 7, 2);
  AlignedBuffer<float> first(112 * 7);
  AlignedBuffer<float> second(112 * 7);
  Gemm{shape}(a.data(), b.data(), first.data());
  Gemm{shape}(a.data(), b.data(), second.data());
  EXPECT_EQ(copy_of(first), copy_of(second));
}

TEST(Gemm, RefusesImpossibleShapes) {
  EXPECT_THROW(Gemm(GemmShape{}), std::invalid_argument);
  EXPECT_THROW(Gemm(GemmShape{.m = 4, .n = 4, .k = 4, .lda = 3, .ldb = 4, .ldc = 4}),
               std::invalid_argument);
  EXPECT_THROW(
      Gemm(GemmShape{.m = 4, .n = 8, .k = 4, .lda = 4, .ldb = 4, .ldc = 4, .transpose_b = true}),
      std::invalid_argument);
}

}  // namespace
}  // namespace minima::kernels
