#include "kernels/products/blocked_gemm.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "kernels/reference/reference.h"
#include "random_floats.h"

namespace minima::kernels {
namespace {

// Shapes that are split along rows, along columns, along the depth, along all three, and not at
// all.
const GemmShape kShapes[] = {
    {.m = 16, .n = 3, .k = 5, .lda = 16, .ldb = 5, .ldc = 16},
    {.m = 2100, .n = 7, .k = 9, .lda = 2100, .ldb = 9, .ldc = 2112},
    {.m = 48, .n = 300, .k = 20, .lda = 48, .ldb = 21, .ldc = 48},
    {.m = 112, .n = 5, .k = 777, .lda = 112, .ldb = 777, .ldc = 112},
    {.m = 112, .n = 150, .k = 130, .lda = 1792, .ldb = 2048, .ldc = 112, .transpose_b = true},
    {.m = 4200, .n = 140, .k = 70, .lda = 4200, .ldb = 140, .ldc = 4200, .transpose_b = true}};

TEST(BlockedGemm, EqualsTheReferenceProductHoweverItIsSplit) {
  for (const bool accumulate : {false, true}) {
    for (GemmShape s : kShapes) {
      s.accumulate = accumulate;
      const auto a = random_floats(static_cast<std::size_t>(s.lda) * s.k, 1);
      const auto b =
          random_floats(static_cast<std::size_t>(s.ldb) * (s.transpose_b ? s.k : s.n), 2);
      auto c = random_floats(static_cast<std::size_t>(s.ldc) * s.n, 3);
      auto expected = clone(c);
      reference::gemm(s, a.data(), b.data(), expected.data());
      BlockedGemm{s}(a.data(), b.data(), c.data());
      const float tolerance = 1e-6F * static_cast<float>(s.k) + 1e-5F;
      for (std::size_t i = 0; i < c.size(); ++i) {
        ASSERT_NEAR(c[i], expected[i], tolerance)
            << "m " << s.m << " n " << s.n << " k " << s.k << " at " << i;
      }
    }
  }
}

TEST(BlockedGemm, RefusesImpossibleShapes) {
  EXPECT_THROW(BlockedGemm(GemmShape{}), std::invalid_argument);
}

}  // namespace
}  // namespace minima::kernels
