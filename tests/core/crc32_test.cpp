#include "core/codes/crc32.h"

#include <gtest/gtest.h>

#include <string_view>

namespace minima {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
TEST(Crc32, OfTheDigitsIsTheCheckValue) {
  EXPECT_EQ(crc32(bytes_of("123456789")), 0xcbf43926U);
}

TEST(Crc32, OfNothingIsZero) {
  EXPECT_EQ(crc32({}), 0U);
}

TEST(Crc32, ContinuesFromAPreviousValue) {
  EXPECT_EQ(crc32(bytes_of("6789"), crc32(bytes_of("12345"))), crc32(bytes_of("123456789")));
  EXPECT_EQ(crc32({}, 7), 7U);
}

}  // namespace
}  // namespace minima
