#include "data/source/validation.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "core/error.h"
#include "data/source/source.h"

namespace minima::data {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;

/// All pixels of image i have value i; every third image is of class 1.
Split numbered(std::size_t count) {
  Split split;
  for (std::size_t i = 0; i < count; ++i) {
    split.images.insert(split.images.end(), 4, static_cast<std::uint8_t>(i));
    split.labels.push_back(i % 3 == 0 ? 1 : 0);
  }
  return split;
}

TEST(Validation, HoldsAShareOfEachClassOut) {
  Split train = numbered(90);
  const Split validation = hold_out(train, {1, 2, 2}, 2, 0.1);
  EXPECT_THAT(class_counts(validation, 2), ElementsAre(6, 3));
  EXPECT_THAT(class_counts(train, 2), ElementsAre(54, 27));
}

TEST(Validation, FilesMoveWithTheirImages) {
  Split train = numbered(30);
  for (std::size_t i = 0; i < 30; ++i) train.files.push_back(std::to_string(i));
  const Split validation = hold_out(train, {1, 2, 2}, 2, 0.25);
  for (const Split* split : {&static_cast<const Split&>(train), &validation}) {
    ASSERT_EQ(split->files.size(), split->count());
    ASSERT_GT(split->count(), 0U);
    for (std::size_t i = 0; i < split->count(); ++i) {
      EXPECT_EQ(split->files[i], std::to_string(split->images.at(4 * i)));
    }
  }
}

TEST(Validation, KeepsEveryImageOnceWithItsLabelAndInOrder) {
  Split train = numbered(90);
  Split validation = hold_out(train, {1, 2, 2}, 2, 0.25);
  std::vector<std::uint8_t> seen;
  for (const Split* split : {&train, &validation}) {
    std::vector<std::uint8_t> numbers;
    for (std::size_t i = 0; i < split->count(); ++i) {
      numbers.push_back(split->images.at(4 * i));
      EXPECT_EQ(split->images.at(4 * i + 3), numbers.back());
      EXPECT_EQ(split->labels[i], numbers.back() % 3 == 0 ? 1 : 0);
    }
    EXPECT_TRUE(std::ranges::is_sorted(numbers));
    seen.insert(seen.end(), numbers.begin(), numbers.end());
  }
  std::ranges::sort(seen);
  for (std::size_t i = 0; i < 90; ++i) EXPECT_EQ(seen.at(i), i);
}

TEST(Validation, LeavesAnImageOfEachClassForTraining) {
  Split train;
  for (const int label : {0, 0, 0, 0, 1}) {
    train.images.push_back(0);
    train.labels.push_back(static_cast<std::uint16_t>(label));
  }
  const Split held_out = hold_out(train, {1, 1, 1}, 3, 0.9);
  EXPECT_EQ(train.labels, (std::vector<std::uint16_t>{0, 1}));
  EXPECT_EQ(held_out.count(), 3U);
}

TEST(Validation, IsASettingOfEveryDataset) {
  const Dataset plain = load(parse_source("glyphs train=100 test=20"), {});
  const Dataset held = load(parse_source("glyphs train=100 test=20 validation_share=0.2"), {});
  EXPECT_EQ(plain.validation.count(), 0U);
  EXPECT_EQ(held.train.count() + held.validation.count(), 100U);
  EXPECT_THAT(class_counts(held.validation, 10), Each(Ge(1)));
  EXPECT_EQ(held.test.images, plain.test.images);
  EXPECT_NE(held.checksum, plain.checksum);
  EXPECT_EQ(held.name, "glyphs test=20 train=100 validation_share=0.2");
}

TEST(Validation, RefusesAShareThatLeavesNothing) {
  try {
    static_cast<void>(load(parse_source("glyphs train=100 test=20 validation_share=0.001"), {}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("of 100 training images, validation_share=0.001 leaves"));
  }
}

}  // namespace
}  // namespace minima::data
