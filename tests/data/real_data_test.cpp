// The real sets in MINIMA_DATA.
#include <gmock/gmock.h>

#include <cstdlib>

#include "data/source/source.h"

namespace minima::data {
namespace {

using Counts = std::vector<std::int64_t>;
using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointwise;

std::optional<Dataset> load_real(const char* name) {
  if (std::getenv("MINIMA_DATA") == nullptr) return std::nullopt;
  const auto folders = search_path("");
  for (const KnownSource& known : known_sources(folders)) {
    if (known.name == name && known.available) return load(parse_source(name), folders);
  }
  return std::nullopt;
}

std::vector<int> first_labels(const Split& split) {
  return {split.labels.begin(), split.labels.begin() + 10};
}

void expect_statistics(const Split& split, const ImageShape& shape, std::vector<double> mean,
                       std::vector<double> sd, double tolerance) {
  const PixelStatistics statistics = pixel_statistics(split, shape);
  EXPECT_THAT(statistics.mean, Pointwise(::testing::DoubleNear(tolerance), mean));
  EXPECT_THAT(statistics.sd, Pointwise(::testing::DoubleNear(tolerance), sd));
}

TEST(RealData, MnistIsAsPublished) {
  const auto mnist = load_real("mnist");
  if (!mnist) GTEST_SKIP() << "mnist is not in MINIMA_DATA";
  EXPECT_THAT(mnist->notes, IsEmpty());
  EXPECT_EQ(mnist->shape, (ImageShape{1, 28, 28}));
  EXPECT_EQ(class_counts(mnist->train, 10),
            (Counts{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}));
  EXPECT_EQ(class_counts(mnist->test, 10),
            (Counts{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}));
  EXPECT_THAT(first_labels(mnist->train), ElementsAre(5, 0, 4, 1, 9, 2, 1, 3, 1, 4));
  EXPECT_THAT(first_labels(mnist->test), ElementsAre(7, 2, 1, 0, 4, 1, 4, 9, 5, 9));
  expect_statistics(mnist->train, mnist->shape, {0.130660}, {0.308108}, 5e-7);
  expect_statistics(mnist->test, mnist->shape, {0.132515}, {0.310480}, 5e-7);
}

TEST(RealData, FashionMnistIsAsPublished) {
  const auto fashion = load_real("fashion-mnist");
  if (!fashion) GTEST_SKIP() << "fashion-mnist is not in MINIMA_DATA";
  EXPECT_THAT(fashion->notes, IsEmpty());
  EXPECT_THAT(class_counts(fashion->train, 10), Each(6000));
  EXPECT_THAT(class_counts(fashion->test, 10), Each(1000));
  EXPECT_THAT(first_labels(fashion->train), ElementsAre(9, 0, 0, 3, 0, 2, 7, 2, 5, 5));
  EXPECT_THAT(first_labels(fashion->test), ElementsAre(9, 2, 1, 1, 6, 1, 4, 6, 5, 7));
  expect_statistics(fashion->train, fashion->shape, {0.286041}, {0.353024}, 5e-7);
  expect_statistics(fashion->test, fashion->shape, {0.286849}, {0.352444}, 5e-7);
}

TEST(RealData, CifarTenIsAsPublished) {
  const auto cifar = load_real("cifar-10");
  if (!cifar) GTEST_SKIP() << "cifar-10 is not in MINIMA_DATA";
  EXPECT_THAT(cifar->notes, IsEmpty());
  EXPECT_EQ(cifar->shape, (ImageShape{3, 32, 32}));
  EXPECT_THAT(class_counts(cifar->train, 10), Each(5000));
  EXPECT_THAT(class_counts(cifar->test, 10), Each(1000));
  const Split first_batch{{}, {cifar->train.labels.begin(), cifar->train.labels.begin() + 10'000}};
  EXPECT_EQ(class_counts(first_batch, 10),
            (Counts{1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981}));
  expect_statistics(cifar->train, cifar->shape, {0.49140, 0.48216, 0.44653},
                    {0.24703, 0.24349, 0.26159}, 1e-5);
}

}  // namespace
}  // namespace minima::data
