#include "core/codes/deflate.h"

#include <gtest/gtest.h>

namespace minima {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes counting(std::size_t count) {
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(i * i);
  return bytes;
}

TEST(Deflate, RoundTrips) {
  for (const std::size_t count : {0U, 1U, 2U, 100U, 100'000U}) {
    EXPECT_EQ(inflated(deflated(counting(count)), count), counting(count)) << count;
  }
  EXPECT_TRUE(deflated({}).empty());
}

TEST(Deflate, RejectsAWrongSize) {
  const Bytes compressed = deflated(counting(100));
  for (const std::size_t size : {0U, 1U, 99U, 101U, 100'000U}) {
    EXPECT_EQ(inflated(compressed, size), std::nullopt) << size;
  }
  EXPECT_EQ(inflated({}, 1), std::nullopt);
}

TEST(Deflate, RejectsDamagedData) {
  const Bytes compressed = deflated(counting(1000));
  for (std::size_t i = 0; i < compressed.size(); ++i) {
    Bytes damaged = compressed;
    damaged[i] ^= 0x55;
    EXPECT_NE(inflated(damaged, 1000), counting(1000)) << i;
  }
  EXPECT_EQ(inflated(std::span(compressed).first(compressed.size() - 1), 1000), std::nullopt);
  Bytes longer = compressed;
  longer.push_back(0);
  EXPECT_EQ(inflated(longer, 1000), std::nullopt);
}

// A size that the bytes cannot hold is rejected before memory is allocated for it.
TEST(Deflate, IsSafeAgainstImpossibleSizes) {
  EXPECT_EQ(inflated(deflated(counting(100)), std::size_t{1} << 60), std::nullopt);
  const Bytes zeros(10'000'000, 0);
  EXPECT_EQ(inflated(deflated(zeros), zeros.size()), zeros) << "the most that deflate can do";
}

}  // namespace
}  // namespace minima
