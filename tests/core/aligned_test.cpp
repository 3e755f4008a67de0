#include "core/aligned.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace minima {
namespace {

TEST(AlignedBuffer, StartsOnACacheLineAndIsZero) {
  for (const std::size_t count : {1U, 7U, 16U, 1000U}) {
    const AlignedBuffer<float> buffer(count);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % kAlignment, 0U) << count;
    EXPECT_EQ(std::ranges::count(buffer.span(), 0.0F), static_cast<std::ptrdiff_t>(count));
  }
}

TEST(AlignedBuffer, MayBeEmpty) {
  EXPECT_TRUE(AlignedBuffer<double>().span().empty());
  EXPECT_TRUE(AlignedBuffer<double>(0).span().empty());
}

TEST(RoundUp, KeepsMultiplesAndRaisesTheRest) {
  EXPECT_EQ(round_up(0, 16), 0U);
  EXPECT_EQ(round_up(1, 16), 16U);
  EXPECT_EQ(round_up(16, 16), 16U);
  EXPECT_EQ(round_up(17, 16), 32U);
}

}  // namespace
}  // namespace minima
