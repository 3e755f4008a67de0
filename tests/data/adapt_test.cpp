// size, channels and test_share for every kind of dataset.
#include "data/source/adapt.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "data/pictures/picture.h"
#include "data/source/source.h"
#include "data/source/validation.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Dataset small_set() {
  Dataset dataset{.name = "small", .origin = "here", .shape = {1, 2, 2}};
  dataset.class_names = {"a", "b"};
  dataset.train = {.images = {0, 100, 200, 100, 8, 8, 8, 8}, .labels = {0, 1}};
  dataset.test = {.images = {10, 20, 30, 41}, .labels = {1}};
  dataset.validation = {.images = {4, 4, 4, 4}, .labels = {0}};
  return dataset;
}

TEST(Adapt, ShrinksByTheMeanOfTheArea) {
  Dataset dataset = small_set();
  adapt(dataset, {.height = 1, .width = 1}, DataMemory());
  EXPECT_EQ(dataset.shape, (ImageShape{1, 1, 1}));
  EXPECT_THAT(dataset.train.images, ElementsAre(100, 8));
  EXPECT_THAT(dataset.test.images, ElementsAre(25)) << "25.25";
  EXPECT_THAT(dataset.validation.images, ElementsAre(4));
}

TEST(Adapt, ConvertsChannelsBeforeItResizes) {
  Dataset dataset = small_set();
  adapt(dataset, {.channels = 3, .height = 1, .width = 1}, DataMemory());
  EXPECT_EQ(dataset.shape, (ImageShape{3, 1, 1}));
  EXPECT_THAT(dataset.test.images, ElementsAre(25, 25, 25));
}

TEST(Adapt, TreatsImagesLikeThoseOfAnImageFolder) {
  const TemporaryFolder folder;
  Dataset dataset{.shape = {3, 6, 5}};
  std::vector<std::uint8_t> interleaved;
  for (int i = 0; i < 30; ++i) {
    for (int c = 0; c < 3; ++c) interleaved.push_back(static_cast<std::uint8_t>(7 * i + 31 * c));
  }
  const std::string file = png({.height = 6, .width = 5, .samples = 3, .bytes = interleaved});
  for (const char* name : {"train/a", "train/b", "test/a", "test/b"}) {
    write(folder / (std::string(name) + "/1.png"), file);
  }
  const std::string path = folder.path().string();
  dataset = load(parse_source(path), {});
  adapt(dataset, {.channels = 1, .height = 9, .width = 2}, DataMemory());
  const Dataset read = load(parse_source(path + " channels=1 size=9x2"), {});
  EXPECT_EQ(dataset.train.images, read.train.images);
  EXPECT_EQ(dataset.shape, read.shape);
}

TEST(Adapt, TakesNoMoreMemoryThanIsAllowed) {
  Dataset dataset = small_set();
  EXPECT_EQ(
      refusal([&] { adapt(dataset, {.height = 1000, .width = 1000}, DataMemory(3'500'000)); }),
      "here: 4.0 MB of images are more than the 3.5 MB of memory that data may take; take "
      "fewer or smaller images, or raise --memory");
}

TEST(Settings, SizeAndChannelsApplyToNamedSets) {
  const TemporaryFolder folder;
  for (const auto& [path, content] : cifar_entries()) write(folder / path, content);
  const Dataset cifar = load(parse_source("cifar-10 size=16x8 channels=1"), {folder.path()});
  EXPECT_EQ(cifar.shape, (ImageShape{1, 16, 8}));
  EXPECT_EQ(cifar.name, "cifar-10 channels=1 size=16x8");
  EXPECT_EQ(cifar.checksum, content_checksum(cifar));
  // Record 0 is 0, 1, 2 in red, green and blue: 0.587 + 0.228 is 0.8.
  EXPECT_EQ(cifar.train.images.front(), 1);
  const Source generated = parse_source("glyphs train=20 test=10 size=14x14 channels=3");
  EXPECT_EQ(load(generated, {}).shape, (ImageShape{3, 14, 14}));
  EXPECT_EQ(outline(generated)->problem.image, (ImageShape{3, 14, 14}));
}

TEST(Settings, TestShareIsRefusedWhereThereIsATestSplit) {
  const Source source = parse_source("glyphs train=20 test=10 test_share=0.2");
  const std::string expected =
      "glyphs test=10 test_share=0.2 train=20: has a test split of its own; leave test_share out; "
      "test=N tests with fewer images";
  EXPECT_EQ(refusal([&] { (void)load(source, {}); }), expected);
  EXPECT_EQ(refusal([&] { (void)outline(source); }), expected);
}

TEST(Settings, NpzWithoutTestArraysHoldsOutAFraction) {
  const TemporaryFolder folder;
  std::string labels;
  for (int i = 0; i < 20; ++i) labels += static_cast<char>(i % 2);
  write(folder / "own.npz", zip({{"images.npy", npy("|u1", "20, 1, 1", ramp(20))},
                                 {"labels.npy", npy("|u1", "20,", labels)}}));
  const std::string path = (folder / "own.npz").string();
  EXPECT_THAT(refusal([&] { (void)load(parse_source(path), {}); }),
              HasSubstr("own.npz: has no test images; add test_share=0.2"));
  const Dataset dataset = load(parse_source(path + " test_share=0.2"), {});
  EXPECT_EQ(dataset.test.count(), 4u);
  EXPECT_THAT(refusal([&] { (void)load(parse_source(path + " test_share=0.01"), {}); }),
              HasSubstr("of 20 training images, test_share=0.01 leaves none to test by"));
}

TEST(Settings, ValidationArraysAreTheTestSetWhereThereIsNoOther) {
  const TemporaryFolder folder;
  const std::string two = npy("|u1", "2, 1, 1", ramp(2));
  const std::string labels = npy("|u1", "2,", std::string{0, 1});
  write(folder / "own.npz", zip({{"x_train.npy", two},
                                 {"y_train.npy", labels},
                                 {"x_val.npy", two},
                                 {"y_val.npy", labels}}));
  const Dataset dataset = load(parse_source((folder / "own.npz").string()), {});
  EXPECT_EQ(dataset.test.count(), 2u);
  EXPECT_EQ(dataset.validation.count(), 0u);
  EXPECT_THAT(
      dataset.notes,
      ::testing::Contains("the validation images are the test set, because there is no other"));
}

TEST(HoldOut, TestAndValidationDrawDifferentImages) {
  Split train;
  for (int i = 0; i < 100; ++i) {
    train.images.push_back(static_cast<std::uint8_t>(i));
    train.labels.push_back(0);
  }
  Split same = train;
  const Split validation = hold_out(train, {1, 1, 1}, 1, 0.2);
  const Split test = hold_out(same, {1, 1, 1}, 1, 0.2, HeldOut::test);
  EXPECT_EQ(test.count(), validation.count());
  EXPECT_NE(test.images, validation.images);
}

}  // namespace
}  // namespace minima::data
