#include "kernels/products/integer_products.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "core/numbers/random.h"
#include "kernels/products/reference_integer.h"

namespace minima::kernels {
namespace {

std::vector<std::int16_t> random_codes(std::size_t count, int low, int high, std::uint32_t stream) {
  RandomStream random(1, 1, Purpose::calibration, stream);
  std::vector<std::int16_t> codes;
  for (std::size_t i = 0; i < count; ++i) {
    const auto width = static_cast<std::uint64_t>(high - low + 1);
    codes.push_back(static_cast<std::int16_t>(low + static_cast<int>(random.below(width))));
  }
  return codes;
}

TEST(IntegerProducts, EqualTheirReferenceForEveryShape) {
  for (const std::size_t taps : {1U, 2U, 9U, 50U}) {
    for (const std::size_t outputs : {2U, 4U, 10U}) {
      for (const std::size_t lanes : {kIntegerLanes, 3 * kIntegerLanes}) {
        const auto input = random_codes(taps * lanes * 2, 0, 32767, 1);
        const auto weights = random_codes(outputs * taps * 2, -255, 255, 2);
        std::vector<std::size_t> at;
        for (std::size_t t = 0; t < taps; ++t) at.push_back((taps - 1 - t) * lanes * 2);
        const std::vector<std::int32_t> biases(outputs, -12345);
        const IntegerProducts products{.taps = at,
                                       .weights = weights.data(),
                                       .biases = biases.data(),
                                       .outputs = outputs,
                                       .lanes = lanes};
        std::vector<std::int32_t> sums(outputs * lanes);
        std::vector<std::int32_t> expected(outputs * lanes);
        integer_products(products, input.data(), sums.data());
        reference::integer_products(products, input.data(), expected.data());
        ASSERT_EQ(sums, expected) << taps << " taps, " << outputs << " outputs";
      }
    }
  }
}

TEST(IntegerProducts, CoverTheFullRangeOf32Bits) {
  const std::vector<std::int16_t> input(2 * kIntegerLanes, 32767);
  const std::vector<std::int16_t> weights = {32767, 32767, -32767, -32767};
  const std::vector<std::int32_t> biases = {131069, -131070};
  const std::vector<std::size_t> taps = {0};
  std::vector<std::int32_t> sums(2 * kIntegerLanes);
  integer_products({.taps = taps,
                    .weights = weights.data(),
                    .biases = biases.data(),
                    .outputs = 2,
                    .lanes = kIntegerLanes},
                   input.data(), sums.data());
  EXPECT_EQ(sums[0], std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(sums[kIntegerLanes], std::numeric_limits<std::int32_t>::min());
}

TEST(ScaleToCodes, EqualsItsReferenceForEveryShift) {
  RandomStream random(1, 2, Purpose::calibration);
  for (int shift = 1; shift <= 62; ++shift) {
    for (const std::int32_t high : {1, 15, 255, 32767}) {
      const auto scaling = [&] {
        return CodeScaling{
            .multiplier = (1U << 30) + random.next() % (1U << 30), .shift = shift, .high = high};
      };
      const CodeScaling scale_first = scaling();
      const CodeScaling scale_second = scaling();
      std::vector<std::int32_t> sums;
      for (std::size_t i = 0; i < 4 * kIntegerLanes; ++i) {
        sums.push_back(static_cast<std::int32_t>(random.next()) >> (i % 31));
      }
      sums[0] = std::numeric_limits<std::int32_t>::max();
      sums[1] = std::numeric_limits<std::int32_t>::min();
      const std::size_t lanes = 2 * kIntegerLanes;
      std::vector<std::int16_t> codes(2 * lanes);
      std::vector<std::int16_t> expected(2 * lanes);
      scale_to_codes(sums.data(), scale_first, sums.data() + lanes, scale_second, lanes,
                     codes.data());
      reference::scale_to_codes(sums.data(), scale_first, sums.data() + lanes, scale_second, lanes,
                                expected.data());
      ASSERT_EQ(codes, expected) << shift << " " << high;
    }
  }
}

TEST(ScaleToCodes, AMultiplierOfZeroMakesEveryCodeZero) {
  const std::vector<std::int32_t> sums(kIntegerLanes, std::numeric_limits<std::int32_t>::max());
  std::vector<std::int16_t> codes(2 * kIntegerLanes, 7);
  scale_to_codes(sums.data(), {.high = 255}, sums.data(), {.high = 255}, kIntegerLanes,
                 codes.data());
  EXPECT_EQ(codes, std::vector<std::int16_t>(2 * kIntegerLanes, 0));
}

}  // namespace
}  // namespace minima::kernels
