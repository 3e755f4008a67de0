#include "kernels/layers/dropout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/reference/reference_vit.h"
#include "random_floats.h"

namespace minima::kernels {
namespace {

DropoutMask mask_of(double probability, std::size_t rows, std::size_t stride,
                    std::uint32_t step = 7) {
  return {.key = stream_key(1, 0x123456789abcdefULL, Purpose::dropout, step),
          .threshold = dropout_threshold(probability),
          .rows = rows,
          .stride = stride};
}

std::vector<float> factors_of(const DropoutMask& mask) {
  AlignedBuffer<float> factors(mask.rows * mask.stride);
  dropout_factors(mask, factors.data());
  return copy_of(factors);
}

/// Mean of value(a[i], b[i]).
template <typename Value>
double mean_of_pairs(const std::vector<float>& a, const std::vector<float>& b, Value value) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += value(a[i], b[i]);
  return sum / static_cast<double>(a.size());
}

TEST(Dropout, FactorsEqualTheirReferenceForAnyRowsAndStride) {
  for (const std::size_t rows : {1U, 4U, 8U, 13U, 40U}) {
    for (const std::size_t stride : {16U, 48U, 112U}) {
      for (const double probability : {0.0, 0.001, 0.1, 0.5, 0.999}) {
        const DropoutMask mask = mask_of(probability, rows, stride);
        AlignedBuffer<float> expected(rows * stride);
        reference::dropout_factors(mask, expected.data());
        ASSERT_EQ(factors_of(mask), copy_of(expected)) << rows << " x " << stride;
      }
    }
  }
}

TEST(Dropout, EqualsItsReferenceWithAndWithoutAResidualAndInPlace) {
  const DropoutMask mask = mask_of(0.3, 13, 48);
  const auto x = random_floats(13 * 48, 1);
  const auto residual = random_floats(13 * 48, 2);
  for (const float* added : {static_cast<const float*>(nullptr), residual.data()}) {
    AlignedBuffer<float> expected(x.size());
    reference::dropout(mask, x.data(), added, expected.data());
    auto y = clone(x);
    dropout(mask, y.data(), added, y.data());
    for (std::size_t i = 0; i < y.size(); ++i) ASSERT_NEAR(y[i], expected[i], 1e-6F) << i;
  }
}

TEST(Dropout, OfGroupsEqualsItsReference) {
  const DropoutMask mask = mask_of(0.3, 5, 32);
  auto x = random_floats(5 * 7 * 32, 1);
  auto expected = clone(x);
  dropout_groups(mask, 7, x.data());
  reference::dropout_groups(mask, 7, expected.data());
  EXPECT_EQ(copy_of(x), copy_of(expected));
}

TEST(Dropout, GivesALaneTheSameMaskInAnyStride) {
  const std::vector<float> narrow = factors_of(mask_of(0.5, 20, 16));
  const std::vector<float> wide = factors_of(mask_of(0.5, 20, 64));
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    ASSERT_EQ(narrow[i], wide[i / 16 * 64 + i % 16]);
  }
}

// A million values: the bounds are 5 standard deviations.
TEST(Dropout, DropsTheRequestedFractionAndKeepsTheMean) {
  constexpr std::size_t kRows = 1000;
  constexpr std::size_t kStride = 1008;
  const double count = kRows * kStride;
  for (const double probability : {0.01, 0.1, 0.5, 0.9}) {
    const std::vector<float> factors = factors_of(mask_of(probability, kRows, kStride));
    const double dropped =
        mean_of_pairs(factors, factors, [](float a, float) { return a == 0.0F; });
    const double mean = mean_of_pairs(factors, factors, [](float a, float) { return a; });
    const double deviation = std::sqrt(probability * (1.0 - probability) / count);
    EXPECT_NEAR(dropped, probability, 5.0 * deviation + 1.0 / 65536.0);
    EXPECT_NEAR(mean, 1.0, 5.0 * deviation / (1.0 - probability));
  }
}

// With independent masks, a quarter of all pairs is dropped in both.
TEST(Dropout, IsIndependentBetweenRowsLanesAndSteps) {
  constexpr std::size_t kRows = 256;
  constexpr std::size_t kStride = 256;
  const std::vector<float> factors = factors_of(mask_of(0.5, kRows, kStride));
  const std::vector<float> next_step = factors_of(mask_of(0.5, kRows, kStride, 8));
  const auto shifted = [&](std::size_t by) {
    std::vector<float> other = factors;
    std::rotate(other.begin(), other.begin() + static_cast<std::ptrdiff_t>(by), other.end());
    return other;
  };
  const auto both = [&](const std::vector<float>& other) {
    return mean_of_pairs(factors, other, [](float a, float b) { return a == 0.0F && b == 0.0F; });
  };
  const double bound = 5.0 * std::sqrt(0.25 * 0.75 / (kRows * kStride));
  EXPECT_NEAR(both(next_step), 0.25, bound);
  for (const std::size_t lanes : {1U, 2U, 8U, 16U}) EXPECT_NEAR(both(shifted(lanes)), 0.25, bound);
  for (const std::size_t rows : {1U, 2U, 7U, 8U}) {
    EXPECT_NEAR(both(shifted(rows * kStride)), 0.25, bound);
  }
}

TEST(Dropout, RoundsItsProbabilityTo65536ths) {
  EXPECT_EQ(dropout_threshold(0.0), 0U);
  EXPECT_EQ(dropout_threshold(0.1), 6554U);
  EXPECT_EQ(dropout_threshold(0.5), 32768U);
  EXPECT_EQ(dropout_threshold(0.999), 65470U);
  EXPECT_EQ(mask_of(0.5, 1, 16).scale(), 2.0F);
}

}  // namespace
}  // namespace minima::kernels
