// Kernels give the same results, up to rounding, with every instruction set of this processor.
#include "kernels/instruction_sets.h"

#include <gtest/gtest.h>

#include "kernels/layers/elementwise.h"
#include "kernels/products/portable_gemm.h"
#include "kernels/reference/reference.h"
#include "kernels/training/optimizer.h"
#include "random_floats.h"

namespace minima::kernels {
namespace {

class InstructionSets : public testing::Test {
 protected:
  void TearDown() override { use_instruction_set(""); }
};

TEST_F(InstructionSets, AreUsedWhenSelected) {
  for (const std::string& name : instruction_sets()) {
    use_instruction_set(name);
    EXPECT_EQ(instruction_set(), name);
  }
  use_instruction_set("");
  EXPECT_EQ(instruction_set(), instruction_sets().front());
  EXPECT_THROW(use_instruction_set("AVX99"), std::invalid_argument);
}

// Pieces of a network's parameters begin at any offset and have any length.
TEST_F(InstructionSets, OptimizersTakePiecesOfAnyLengthAtAnyOffset) {
  const auto gradient = random_floats(200, 1);
  const auto start = random_floats(200, 2);
  for (const std::string& name : instruction_sets()) {
    for (std::size_t offset = 0; offset < 5; ++offset) {
      for (std::size_t count = 1; count < 40; ++count) {
        use_instruction_set(name);
        const float* g = gradient.data() + offset;
        auto weights = clone(start);
        auto velocities = clone(start);
        const double squares = sgd({.learning_rate = 0.1F, .momentum = 0.9F}, g, count,
                                   weights.data() + offset, velocities.data() + offset);
        double sum = 0.0;
        for (std::size_t i = 0; i < 200; ++i) {
          const bool is_updated = i >= offset && i < offset + count;
          const float u = 0.9F * start[i] + gradient[i];
          if (is_updated) sum += static_cast<double>(gradient[i]) * gradient[i];
          ASSERT_NEAR(weights[i], is_updated ? start[i] - 0.1F * u : start[i], 1e-6) << name;
        }
        EXPECT_NEAR(squares, sum, 1e-4) << name;
        auto first = random_floats(200, 3);
        auto second = clone(first);
        std::fill_n(second.data(), 200, 1.0F);
        weights = clone(start);
        adam({.step_size = 0.1F}, g, count, weights.data() + offset, first.data() + offset,
             second.data() + offset);
        for (std::size_t i = 0; i < 200; ++i) {
          const bool is_updated = i >= offset && i < offset + count;
          EXPECT_EQ(weights[i] != start[i], is_updated) << name << " " << i;
        }
      }
    }
  }
}

TEST_F(InstructionSets, ThePortableProductTakesMatricesAtAnyOffset) {
  const GemmShape shape{.m = 13, .n = 5, .k = 9, .lda = 15, .ldb = 9, .ldc = 14};
  const auto a = random_floats(15 * 9 + 1, 1);
  const auto b = random_floats(9 * 5, 2);
  for (const std::string& name : instruction_sets()) {
    use_instruction_set(name);
    auto c = random_floats(14 * 5 + 1, 3);
    auto expected = clone(c);
    reference::gemm(shape, a.data() + 1, b.data(), expected.data() + 1);
    portable_gemm(shape, a.data() + 1, b.data(), c.data() + 1);
    for (std::size_t i = 0; i < c.size(); ++i) EXPECT_NEAR(c[i], expected[i], 1e-5) << name;
  }
}

}  // namespace
}  // namespace minima::kernels
