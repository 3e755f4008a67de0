// The code generated for matrix products: the result of a product depends on its shape alone.
#include "kernels/products/gemm_kernels.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "core/error.h"
#include "kernels/products/gemm.h"
#include "random_floats.h"
#include "support/not_empty.h"
#include "support/sanitizers.h"

namespace minima::kernels {
namespace {

GemmShape shape_of(int columns) {
  return {.m = 32, .n = columns, .k = 60, .lda = 32, .ldb = 60, .ldc = 32};
}

class GemmKernels : public testing::Test {
 protected:
  void SetUp() override {
    const Gemm gemm(shape_of(1));
    if (gemm_kernel_counts().made == 0) GTEST_SKIP() << "no kernels are made here";
  }
  void TearDown() override { keep_idle_gemm_kernels(kMostIdleGemmKernels); }
};

std::vector<float> product_of(const Gemm& gemm, int columns) {
  const auto a = random_floats(32 * 60, 1);
  const auto b = random_floats(static_cast<std::size_t>(60) * columns, 2);
  std::vector<float> c(static_cast<std::size_t>(32) * columns);
  gemm(a.data(), b.data(), c.data());
  return c;
}

TEST_F(GemmKernels, AreSharedByEqualShapes) {
  const Gemm first(shape_of(777));
  const std::size_t made = gemm_kernel_counts().made;
  const Gemm second(shape_of(777));
  EXPECT_EQ(gemm_kernel_counts().made, made);
}

TEST_F(GemmKernels, AreDroppedWhenNobodyUsesThem) {
  keep_idle_gemm_kernels(10);
  for (int columns = 1; columns <= 300; ++columns) const Gemm gemm(shape_of(columns));
  EXPECT_LE(gemm_kernel_counts().kept, 11U);
}

TEST_F(GemmKernels, StayAsLongAsAProductUsesThem) {
  keep_idle_gemm_kernels(1);
  const Gemm gemm(shape_of(5));
  const std::vector<float> before = product_of(gemm, 5);
  for (int columns = 100; columns <= 200; ++columns) const Gemm other(shape_of(columns));
  EXPECT_EQ(product_of(gemm, 5), before);
}

// libxsmm then puts its code on the heap, where it cannot run.
TEST_F(GemmKernels, WithoutMemoryForCodeAreAnErrorAndNoCrash) {
  if (!kCanLimitMemory) GTEST_SKIP() << "sanitizers need memory of their own";
  const auto multiply_without_mmap = [] {
    constexpr std::size_t kBlock = 64 << 10;  // small enough for the heap
    const std::vector<float> numbers(60 * 77);
    std::vector<float> product(32 * 77);
    std::vector<std::vector<char>> blocks;
    for (int i = 0; i < 100; ++i) blocks.emplace_back(kBlock);
    // The last one keeps the heap from shrinking when the others are freed.
    const std::vector<char> last = std::move(blocks.back());
    blocks.clear();
    const rlimit none{0, RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &none);
    try {
      const Gemm gemm(shape_of(77));
      gemm(numbers.data(), numbers.data(), product.data());
    } catch (const Error&) {
      std::_Exit(17);
    }
    std::_Exit(0);
  };
  EXPECT_EXIT(multiply_without_mmap(), testing::ExitedWithCode(17), "");
}

TEST_F(GemmKernels, GiveTheSameBitsWhenTheyAreMadeAgain) {
  keep_idle_gemm_kernels(1);
  std::vector<std::vector<float>> first;
  for (int columns = 1; columns <= 50; ++columns) {
    first.push_back(product_of(Gemm(shape_of(columns)), columns));
  }
  const std::size_t made = gemm_kernel_counts().made;
  for (int columns = 1; columns <= 50; ++columns) {
    EXPECT_EQ(product_of(Gemm(shape_of(columns)), columns), first[columns - 1U]) << columns;
  }
  EXPECT_GE(gemm_kernel_counts().made, made + 45);
}

TEST_F(GemmKernels, AreMadeByManyThreadsAtOnce) {
  keep_idle_gemm_kernels(4);
  std::vector<std::vector<float>> results(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < results.size(); ++t) {
      threads.emplace_back([&results, t] {
        for (int columns = 1; columns <= 60; ++columns) {
          const std::vector<float> c = product_of(Gemm(shape_of(columns)), columns);
          results[t].insert(results[t].end(), c.begin(), c.end());
        }
      });
    }
  }
  for (const std::vector<float>& result : not_empty(results)) EXPECT_EQ(result, results[0]);
}

/// Limits memory to what the process uses now.
void end_memory() {
  std::ifstream statm("/proc/self/statm");
  rlim_t pages = 0;
  statm >> pages;
  const rlim_t bytes = pages * 4096;
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_AS, &limit);
}

// In a child process. It exits with 1 if the work is refused, and with 0 if another product
// replaces the one whose code could not be generated.
TEST_F(GemmKernels, AreNotReplacedByAnotherProductWhenMemoryRunsOut) {
  if (!kCanLimitMemory) GTEST_SKIP() << "sanitizers need memory of their own";
  const auto make_all = [] {
    end_memory();
    try {
      for (int columns = 1; columns <= 100'000; ++columns) {
        // Leaked on purpose: an idle kernel would release its memory to the next.
        static_cast<void>(new Gemm(shape_of(columns)));
      }
    } catch (const Error& error) {
      std::_Exit(error.kind() == Error::Kind::work ? 1 : 3);
    } catch (const std::bad_alloc&) {
      std::_Exit(1);
    }
    std::_Exit(0);
  };
  EXPECT_EXIT(make_all(), testing::ExitedWithCode(1), "");
}

}  // namespace
}  // namespace minima::kernels
