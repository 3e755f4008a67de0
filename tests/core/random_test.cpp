#include "core/numbers/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "statistics/statistics.h"

namespace minima {
namespace {

using Words = std::array<std::uint32_t, 4>;

// Philox 4x32-10 written from the paper (Salmon et al., SC 2011, section 3.3 and table 2).
Words philox(Words counter, std::uint32_t key0, std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53U} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57U} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key0,
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key1,
               static_cast<std::uint32_t>(product0)};
    key0 += 0x9E3779B9U;
    key1 += 0xBB67AE85U;
  }
  return counter;
}

std::uint64_t splitmix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::vector<std::uint32_t> first_words(RandomStream stream, int count = 64) {
  std::vector<std::uint32_t> words;
  for (int i = 0; i < count; ++i) words.push_back(stream.next());
  return words;
}

// The vectors published with the Random123 library (kat_vectors).
TEST(Philox, PassesThePublishedKnownAnswerTests) {
  EXPECT_EQ(philox({0, 0, 0, 0}, 0, 0),
            (Words{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U}));
  EXPECT_EQ(philox({0xffffffffU, 0xffffffffU, 0xffffffffU, 0xffffffffU}, 0xffffffffU, 0xffffffffU),
            (Words{0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU}));
  EXPECT_EQ(philox({0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}, 0xa4093822U, 0x299f31d0U),
            (Words{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U}));
}

TEST(StreamBlock, EqualsTheStreamAtThatPosition) {
  RandomStream stream(3, 4, Purpose::dropout, 5);
  const StreamKey key = stream_key(3, 4, Purpose::dropout, 5);
  for (std::uint64_t block = 0; block < 3; ++block) {
    for (const std::uint32_t word : stream_block(key, block)) EXPECT_EQ(word, stream.next());
  }
}

TEST(RandomStream, IsPhiloxKeyedBySeedAndSubjectOverBlockPurposeAndStep) {
  const std::uint64_t subject = subject_of("a run");
  const std::uint64_t key = splitmix(splitmix(7) ^ subject);
  std::vector<std::uint32_t> expected;
  for (std::uint32_t block = 0; block < 16; ++block) {
    const auto words = philox({block, 0, 2, 3}, static_cast<std::uint32_t>(key),
                              static_cast<std::uint32_t>(key >> 32));
    expected.insert(expected.end(), words.begin(), words.end());
  }
  EXPECT_EQ(first_words(RandomStream(7, subject, Purpose::shuffle, 3)), expected);
}

TEST(RandomStream, ChangesWithEveryPartOfItsKey) {
  const std::set<std::vector<std::uint32_t>> streams = {
      first_words(RandomStream(1, 1, Purpose::shuffle, 0)),
      first_words(RandomStream(2, 1, Purpose::shuffle, 0)),
      first_words(RandomStream(1, 2, Purpose::shuffle, 0)),
      first_words(RandomStream(2, 2, Purpose::shuffle, 0)),
      first_words(RandomStream(1, 1, Purpose::initial_weights, 0)),
      first_words(RandomStream(1, 1, Purpose::shuffle, 1))};
  EXPECT_EQ(streams.size(), 6U);
  EXPECT_EQ(first_words(RandomStream(1, 1, Purpose::shuffle, 0)),
            first_words(RandomStream(1, 1, Purpose::shuffle, 0)));
}

TEST(RandomStream, OfNeighbouringKeysAreUncorrelated) {
  constexpr int kCount = 20'000;
  RandomStream a(1, 1, Purpose::bootstrap);
  RandomStream b(1, 2, Purpose::bootstrap);
  double sum = 0.0;
  for (int i = 0; i < kCount; ++i) sum += (a.uniform() - 0.5) * (b.uniform() - 0.5) * 12.0;
  EXPECT_LT(std::fabs(sum / kCount), 5.0 / std::sqrt(kCount));
}

TEST(Subjects, AreTheSameOnEveryMachine) {
  // FNV-1a of "a" (published: af63dc4c8601ec8c), mixed.
  EXPECT_EQ(subject_of("a"), splitmix(0xaf63dc4c8601ec8cULL));
  EXPECT_EQ(subject_of(""), splitmix(0xcbf29ce484222325ULL));
}

TEST(Subjects, OfOrderedPairsDiffer) {
  EXPECT_NE(subject_of(subject_of("mnist"), 1), subject_of(subject_of("mnist"), 2));
  EXPECT_NE(subject_of(std::uint64_t{1}, 2), subject_of(std::uint64_t{2}, 1));
}

TEST(Uniform, FillsTheUnitIntervalEvenly) {
  RandomStream stream(1, 1, Purpose::bootstrap);
  Moments moments;
  for (int i = 0; i < 100'000; ++i) moments.add(stream.uniform());
  EXPECT_GE(moments.min(), 0.0);
  EXPECT_LT(moments.max(), 1.0);
  EXPECT_NEAR(moments.mean(), 0.5, 5 * std::sqrt(1.0 / 12 / 100'000));
  EXPECT_NEAR(moments.population_variance(), 1.0 / 12, 0.002);
}

TEST(Uniform, StaysBetweenItsBounds) {
  RandomStream stream(1, 1, Purpose::bootstrap);
  for (int i = 0; i < 1000; ++i) {
    const double value = stream.uniform(-2.0, 3.0);
    EXPECT_GE(value, -2.0);
    EXPECT_LT(value, 3.0);
  }
}

// Chi-squared with 9 degrees of freedom: above 33.7 with probability 1e-4.
TEST(Below, DrawsEveryValueEquallyOften) {
  RandomStream stream(1, 1, Purpose::bootstrap);
  std::array<int, 10> counts{};
  for (int i = 0; i < 100'000; ++i) ++counts[stream.below(10)];
  double chi_squared = 0.0;
  for (const int count : counts) chi_squared += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
  EXPECT_LT(chi_squared, 33.7);
}

TEST(Below, IsUnbiasedForABoundThatDoesNotDivideTheRange) {
  // With bound 3 x 2^62 and no rejection, values below 2^62 would occur twice as often (1/2).
  constexpr std::uint64_t kBound = std::uint64_t{3} << 62;
  RandomStream stream(1, 1, Purpose::bootstrap);
  int low = 0;
  for (int i = 0; i < 30'000; ++i) {
    const std::uint64_t value = stream.below(kBound);
    ASSERT_LT(value, kBound);
    if (value < (std::uint64_t{1} << 62)) ++low;
  }
  EXPECT_NEAR(low / 30'000.0, 1.0 / 3.0, 0.015);
}

TEST(Below, OneIsAlwaysZero) {
  RandomStream stream(1, 1, Purpose::bootstrap);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(stream.below(1), 0U);
}

TEST(Normal, HasTheMomentsOfTheStandardNormal) {
  constexpr int kCount = 200'000;
  RandomStream stream(1, 1, Purpose::initial_weights);
  double sum = 0.0;
  double sum2 = 0.0;
  double sum3 = 0.0;
  double sum4 = 0.0;
  for (int i = 0; i < kCount; ++i) {
    const double x = stream.normal();
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    sum2 += x * x;
    sum3 += x * x * x;
    sum4 += x * x * x * x;
  }
  // Five standard errors each: 1, sqrt 2, sqrt 15, sqrt 96.
  const double error = 5.0 / std::sqrt(kCount);
  EXPECT_NEAR(sum / kCount, 0.0, error);
  EXPECT_NEAR(sum2 / kCount, 1.0, error * 1.42);
  EXPECT_NEAR(sum3 / kCount, 0.0, error * 3.88);
  EXPECT_NEAR(sum4 / kCount, 3.0, error * 9.8);
}

TEST(Shuffle, IsAPermutation) {
  std::vector<int> items(1000);
  std::iota(items.begin(), items.end(), 0);
  std::vector<int> shuffled = items;
  RandomStream(1, 1, Purpose::shuffle).shuffle(std::span(shuffled));
  EXPECT_NE(shuffled, items);
  EXPECT_THAT(shuffled, ::testing::UnorderedElementsAreArray(items));
}

TEST(Shuffle, MakesEveryOrderEquallyLikely) {
  // Chi-squared with 5 degrees of freedom: above 25.7 with probability 1e-4.
  RandomStream stream(1, 1, Purpose::shuffle);
  std::map<std::vector<int>, int> counts;
  for (int i = 0; i < 60'000; ++i) {
    std::vector<int> items = {0, 1, 2};
    stream.shuffle(std::span(items));
    ++counts[items];
  }
  ASSERT_EQ(counts.size(), 6U);
  double chi_squared = 0.0;
  for (const auto& [order, count] : counts) {
    chi_squared += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
  }
  EXPECT_LT(chi_squared, 25.7);
}

TEST(Shuffle, KeepsEmptyAndSingleItems) {
  std::vector<int> none;
  std::vector<int> one = {7};
  RandomStream stream(1, 1, Purpose::shuffle);
  stream.shuffle(std::span(none));
  stream.shuffle(std::span(one));
  EXPECT_EQ(one, std::vector<int>{7});
}

}  // namespace
}  // namespace minima
