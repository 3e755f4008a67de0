#include "data/dataset.h"

#include <gmock/gmock.h>

#include <cmath>

namespace minima::data {
namespace {

using ::testing::ElementsAre;

Dataset two_images() {
  Dataset dataset;
  dataset.shape = {.channels = 2, .height = 1, .width = 2};
  dataset.class_names = {"a", "b", "c"};
  dataset.train = {.images = {0, 255, 51, 51, 255, 0, 51, 102}, .labels = {2, 0}};
  dataset.test = {.images = {1, 2, 3, 4}, .labels = {1}};
  return dataset;
}

TEST(Dataset, StatisticsAreOfEachChannelScaledToOne) {
  const Dataset dataset = two_images();
  const PixelStatistics statistics = pixel_statistics(dataset.train, dataset.shape);
  ASSERT_EQ(statistics.mean.size(), 2u);
  EXPECT_DOUBLE_EQ(statistics.mean[0], 0.5);
  EXPECT_DOUBLE_EQ(statistics.sd[0], 0.5);
  EXPECT_DOUBLE_EQ(statistics.mean[1], 0.25);
  EXPECT_NEAR(statistics.sd[1], std::sqrt((3 * 0.0025 + 0.0225) / 4), 1e-12);
}

TEST(Dataset, StatisticsOfAnEmptySplitAreZero) {
  const PixelStatistics statistics = pixel_statistics({}, {3, 4, 4});
  EXPECT_THAT(statistics.mean, ElementsAre(0.0, 0.0, 0.0));
  EXPECT_THAT(statistics.sd, ElementsAre(0.0, 0.0, 0.0));
}

TEST(Dataset, CountsEveryClassAlsoTheAbsentOnes) {
  EXPECT_THAT(class_counts(two_images().train, 3), ElementsAre(1, 0, 1));
}

TEST(Dataset, ChecksumDependsOnPixelsLabelsAndShapeButNotOnNames) {
  const std::string original = content_checksum(two_images());
  EXPECT_EQ(original.size(), 64u);

  Dataset renamed = two_images();
  renamed.name = "other";
  renamed.class_names = {"x", "y", "z"};
  EXPECT_EQ(content_checksum(renamed), original);

  Dataset pixel = two_images();
  pixel.test.images[3] = 5;
  EXPECT_NE(content_checksum(pixel), original);
  Dataset label = two_images();
  label.train.labels[0] = 258;
  EXPECT_NE(content_checksum(label), original);
  Dataset shape = two_images();
  shape.shape = {1, 2, 2};
  EXPECT_NE(content_checksum(shape), original);
}

TEST(Dataset, ChecksumIsTheDocumentedOne) {
  // Computed with Python's struct and hashlib. Changing it invalidates every stored checksum.
  EXPECT_EQ(content_checksum(two_images()),
            "8cb86697eed746814e4df038f8ffe6902c6982518233da17b4ed58b36f20e5cc");
}

}  // namespace
}  // namespace minima::data
