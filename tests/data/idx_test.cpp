#include "data/formats/idx.h"

#include <gmock/gmock.h>

#include <span>

#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Three training and two test images of 2x4 pixels.
class Idx : public ::testing::Test {
 protected:
  Idx() {
    put("train-images-idx3-ubyte", train_images);
    put("train-labels-idx1-ubyte", train_labels);
    put("t10k-images-idx3-ubyte", test_images);
    put("t10k-labels-idx1-ubyte", test_labels);
  }
  void put(std::string_view name, std::string_view content) { write(folder / name, content); }
  [[nodiscard]] std::string where(const char* name) const { return (folder / name).string(); }
  [[nodiscard]] Dataset read(const std::optional<Problem>& expected = std::nullopt) const {
    return read_idx(find_idx_files(folder.path()), expected);
  }
  [[nodiscard]] std::string refused(const std::optional<Problem>& expected = std::nullopt) const {
    return refusal([&] { (void)read(expected); });
  }

  TemporaryFolder folder;
  const std::string train_images = idx({3, 2, 4}, ramp(24));
  const std::string train_labels = idx({3}, std::string{2, 0, 1});
  const std::string test_images = idx({2, 2, 4}, ramp(16, 2));
  const std::string test_labels = idx({2}, std::string{3, 0});
};

TEST_F(Idx, ReadsImagesAndLabels) {
  const Dataset dataset = read();
  EXPECT_EQ(dataset.shape, (ImageShape{1, 2, 4}));
  EXPECT_THAT(dataset.train.labels, ElementsAre(2, 0, 1));
  EXPECT_THAT(dataset.test.labels, ElementsAre(3, 0));
  ASSERT_EQ(dataset.train.images.size(), 24u);
  EXPECT_EQ(dataset.train.images[23], 23);
  EXPECT_EQ(dataset.test.images[15], 30);
  EXPECT_THAT(dataset.class_names, ElementsAre("0", "1", "2", "3"));
  EXPECT_EQ(dataset.origin, folder.path().string());
}

TEST_F(Idx, FindsCompressedFilesDottedNamesAndTorchvisionsFolder) {
  const Dataset plain = read();
  const TemporaryFolder other;
  write(other / "raw/train-images.idx3-ubyte", train_images);
  write(other / "raw/train-labels-idx1-ubyte.gz", gzip(train_labels));
  write(other / "raw/t10k-images-idx3-ubyte.xz", xz(test_images));
  write(other / "raw/test-labels.idx1-ubyte.gz", gzip(test_labels));
  const Dataset found = read_idx(find_idx_files(other.path()));
  EXPECT_EQ(found.train.images, plain.train.images);
  EXPECT_EQ(found.test.images, plain.test.images);
  EXPECT_EQ(found.train.labels, plain.train.labels);
  EXPECT_EQ(found.test.labels, plain.test.labels);
}

TEST_F(Idx, FindsNothingWhereThereIsNothing) {
  const TemporaryFolder empty;
  EXPECT_FALSE(find_idx_files(empty.path()).any());
}

TEST_F(Idx, RefusesAMissingFile) {
  std::filesystem::remove(folder / "t10k-labels-idx1-ubyte");
  EXPECT_EQ(refused(), folder.path().string() +
                           ": has IDX files but no t10k-labels-idx1-ubyte (plain, .gz or .xz); put "
                           "the missing file beside the others");
}

TEST_F(Idx, RefusesAWrongMagicNumber) {
  put("train-images-idx3-ubyte", "PNG?" + train_images.substr(4));
  EXPECT_EQ(refused(),
            where("train-images-idx3-ubyte") +
                ": byte 0: magic number 0x504e473f, expected 0x00000803 (IDX, unsigned bytes, "
                "3 dimensions); this is not the expected IDX file; copy or fetch the "
                "file again");
}

TEST_F(Idx, RefusesImagesWhereLabelsBelong) {
  put("train-labels-idx1-ubyte", train_images);
  EXPECT_EQ(refused(), where("train-labels-idx1-ubyte") +
                           ": byte 0: the IDX header has 3 dimensions, expected 1; a file "
                           "of labels belongs here");
}

TEST_F(Idx, RefusesAHeaderThatEndsEarly) {
  put("t10k-images-idx3-ubyte", test_images.substr(0, 10));
  EXPECT_EQ(refused(), where("t10k-images-idx3-ubyte") +
                           ": byte 8: the file ends inside the IDX header; copy or fetch the file "
                           "again");
}

TEST_F(Idx, RefusesACountThatDisagreesWithTheFile) {
  put("train-images-idx3-ubyte", train_images.substr(0, train_images.size() - 3));
  EXPECT_EQ(refused(), where("train-images-idx3-ubyte") +
                           ": byte 37: the file ends after 21 bytes of content, the header "
                           "announces 24 (3 x 2 x 4); copy or fetch the file again");
}

TEST_F(Idx, RefusesTrailingBytes) {
  put("train-images-idx3-ubyte", train_images + "12345");
  EXPECT_EQ(refused(), where("train-images-idx3-ubyte") +
                           ": byte 40: 5 bytes more than the header announces (3 x 2 x 4); copy or "
                           "fetch the file again");
}

TEST_F(Idx, RefusesLabelsThatAreNotAsManyAsTheImages) {
  put("train-labels-idx1-ubyte", idx({2}, std::string{1, 0}));
  EXPECT_EQ(refused(), where("train-labels-idx1-ubyte") +
                           ": byte 4: 2 labels for the 3 images of train-images-idx3-ubyte; take "
                           "both files from the same source");
}

TEST_F(Idx, RefusesALabelOutOfRangeWhereTheRangeIsKnown) {
  EXPECT_EQ(read(Problem{{1, 2, 4}, 4}).class_names.size(), 4u);
  EXPECT_EQ(refused(Problem{{1, 2, 4}, 3}),
            where("t10k-labels-idx1-ubyte") +
                ": byte 8: label 3 is not in 0..2; copy or fetch the file again");
}

TEST_F(Idx, RefusesImagesOfAnotherShapeThanKnown) {
  EXPECT_EQ(refused(Problem{{1, 28, 28}, 10}),
            where("train-images-idx3-ubyte") +
                ": byte 8: images of 2x4 pixels, this dataset has 28x28; take all files from the "
                "same source");
}

TEST_F(Idx, RefusesTestImagesOfAnotherShape) {
  put("t10k-images-idx3-ubyte", idx({2, 4, 2}, ramp(16)));
  EXPECT_EQ(refused(), where("t10k-images-idx3-ubyte") +
                           ": byte 8: images of 4x2 pixels, train-images-idx3-ubyte has 2x4; take "
                           "all files from the same source");
}

TEST_F(Idx, RefusesImpossibleSizesWithoutReservingMemoryForThem) {
  put("train-images-idx3-ubyte", idx({3, 0, 4}, ""));
  EXPECT_EQ(refused(), where("train-images-idx3-ubyte") +
                           ": byte 8: images 0 pixels high, expected 1..4096; copy or fetch the "
                           "file again");
  put("train-images-idx3-ubyte", idx({3, 2, 0xffffffff}, ""));
  EXPECT_THAT(refused(), HasSubstr(": byte 12: images 4294967295 pixels wide"));
  put("train-images-idx3-ubyte", idx({0, 2, 4}, ""));
  EXPECT_THAT(refused(), HasSubstr(": byte 4: the header announces no entries"));
  put("train-images-idx3-ubyte", idx({0xffffffff, 4096, 4096}, "x"));
  put("train-labels-idx1-ubyte", idx({0xffffffff}, "x"));
  EXPECT_THAT(refused(), HasSubstr("the file ends after 1 bytes of content"));
}

TEST_F(Idx, RefusesTruncatedGzip) {
  std::filesystem::remove(folder / "train-images-idx3-ubyte");
  const std::string packed = gzip(train_images);
  put("train-images-idx3-ubyte.gz", packed.substr(0, packed.size() - 4));
  EXPECT_THAT(refused(),
              HasSubstr("train-images-idx3-ubyte.gz: after 40 bytes of content: the gzip "
                        "data are truncated or corrupt"));
}

}  // namespace
}  // namespace minima::data
