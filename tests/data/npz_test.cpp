#include "data/formats/npz.h"

#include <gmock/gmock.h>

#include "data/source/source.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// 64-bit labels as NumPy writes them.
std::string long_labels(const std::vector<int>& labels) {
  std::string bytes;
  for (const int label : labels) {
    bytes += static_cast<char>(label);
    bytes += std::string(7, '\0');
  }
  return bytes;
}

/// Two training images of 2 x 3 pixels and one test image, as Keras names them.
class Npz : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder / "digits.npz"; }
  [[nodiscard]] Dataset read() const {
    write(file(), zip(arrays));
    return read_npz(file());
  }
  [[nodiscard]] std::string refused() const {
    return refusal([&] { (void)read(); });
  }

  TemporaryFolder folder;
  Entries arrays{{"x_train.npy", npy("|u1", "2, 2, 3", ramp(12))},
                 {"y_train.npy", npy("<i8", "2,", long_labels({1, 0}))},
                 {"x_test.npy", npy("|u1", "1, 2, 3", ramp(6, 2))},
                 {"y_test.npy", npy("|u1", "1,", std::string{2})}};
};

TEST_F(Npz, ReadsImagesAndLabelsOfBothSplits) {
  const Dataset dataset = read();
  EXPECT_EQ(dataset.shape, (ImageShape{1, 2, 3}));
  EXPECT_THAT(dataset.class_names, ElementsAre("0", "1", "2"));
  EXPECT_THAT(dataset.train.labels, ElementsAre(1, 0));
  EXPECT_THAT(dataset.train.images, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
  EXPECT_THAT(dataset.test.labels, ElementsAre(2));
  EXPECT_THAT(dataset.test.images, ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(dataset.validation.labels, IsEmpty());
}

TEST_F(Npz, ReadsTheValidationSplitAndLabelsInColumnsOfMedMnist) {
  arrays = {{"train_images.npy", npy("|u1", "2, 1, 1", "ab")},
            {"train_labels.npy", npy("|u1", "2, 1", std::string{0, 1})},
            {"val_images.npy", npy("|u1", "1, 1, 1", "c")},
            {"val_labels.npy", npy("|u1", "1, 1", std::string{1})},
            {"test_images.npy", npy("|u1", "1, 1, 1", "d")},
            {"test_labels.npy", npy("|u1", "1, 1", std::string{0})}};
  const Dataset dataset = read();
  EXPECT_THAT(dataset.validation.images, ElementsAre('c'));
  EXPECT_THAT(dataset.validation.labels, ElementsAre(1));
  EXPECT_THAT(
      refusal([&] { (void)load(parse_source(file().string() + " validation_share=0.5"), {}); }),
      HasSubstr("has a validation split of its own; leave validation_share out"));
}

TEST_F(Npz, PutsTheChannelsOfColourImagesFirst) {
  arrays[0].second = npy("|u1", "2, 1, 2, 3", "RGBrgbUVWuvw");
  arrays[2].second = npy("|u1", "1, 1, 2, 3", "XYZxyz");
  const Dataset dataset = read();
  EXPECT_EQ(dataset.shape, (ImageShape{3, 1, 2}));
  EXPECT_EQ(std::string(dataset.train.images.begin(), dataset.train.images.end()), "RrGgBbUuVvWw");
}

TEST_F(Npz, IsLoadedByItsPath) {
  write(file(), zip(arrays));
  const Dataset dataset = load(parse_source(file().string()), {});
  EXPECT_EQ(dataset.train.count(), 2U);
  EXPECT_EQ(load(parse_source(file().string() + " size=4x4"), {}).shape, (ImageShape{1, 4, 4}));
}

TEST_F(Npz, ReadsOtherSpellingsOfTheNames) {
  const Dataset keras = read();
  const Entries all = arrays;
  arrays = {{"X_Train.npy", all[0].second},
            {"Y_train.npy", all[1].second},
            {"x_valid.npy", all[2].second},
            {"y_valid.npy", all[3].second}};
  EXPECT_EQ(read().train.images, keras.train.images);
  EXPECT_EQ(read().validation.images, keras.test.images);
  arrays = {{"images.npy", all[0].second}, {"labels.npy", all[1].second}};
  EXPECT_EQ(read().train.labels, keras.train.labels);
}

TEST_F(Npz, RefusesLabelsOfAnEmptyOrShortType) {
  for (const char* type : {"<", "|b1", "?", "<f8", "O"}) {
    arrays[1].second = npy(type, "2,", std::string(16, '\0'));
    EXPECT_THAT(refused(), HasSubstr("array y_train: holds (2) of type")) << type;
  }
  arrays[1].second = npy("", "2,", std::string(16, '\0'));
  EXPECT_THAT(refused(), HasSubstr("array y_train: has no type or no shape"));
}

TEST_F(Npz, LeavesNoArrayOutSilently) {
  arrays.emplace_back("extra.npy", npy("|u1", "1,", "a"));
  EXPECT_THAT(refused(), HasSubstr("digits.npz: array extra: is an array of an unknown name; name "
                                   "them x_train"));
}

TEST_F(Npz, RefusesMissingAndRepeatedArrays) {
  const Entries all = arrays;
  arrays.pop_back();
  EXPECT_THAT(refused(), HasSubstr("has images without labels, or labels without images"));
  arrays.pop_back();
  EXPECT_EQ(read().test.count(), 0u);
  arrays.erase(arrays.begin(), arrays.begin() + 2);
  EXPECT_THAT(refused(), HasSubstr("has no training images"));
  arrays = all;
  arrays.push_back(all[0]);
  EXPECT_THAT(refused(), HasSubstr("array x_train: is given twice"));
}

TEST_F(Npz, RefusesOtherTypesAndShapes) {
  const Entries all = arrays;
  arrays[0].second = npy("<f4", "2, 2, 3", std::string(48, '\0'));
  EXPECT_THAT(refused(),
              HasSubstr("array x_train: holds (2, 2, 3) of type <f4; images are unsigned "
                        "bytes"));
  arrays[0].second = npy("|u1", "2, 2, 3, 4", std::string(48, '\0'));
  EXPECT_THAT(refused(), HasSubstr("holds (2, 2, 3, 4) of type |u1"));
  arrays = all;
  arrays[1].second = npy("|u1", "2, 3", std::string(6, '\0'));
  EXPECT_THAT(refused(), HasSubstr("one class for each image"));
  arrays = all;
  arrays[2].second = npy("|u1", "1, 3, 2", ramp(6));
  EXPECT_THAT(refused(), HasSubstr("images of another shape"));
}

TEST_F(Npz, RefusesCountsThatDisagreeAndLabelsOutOfRange) {
  const Entries all = arrays;
  arrays[3].second = npy("|u1", "2,", std::string{0, 1});
  EXPECT_THAT(refused(), HasSubstr("has 1 images and 2 labels in one split"));
  arrays = all;
  arrays[1].second = npy("<i8", "2,", std::string(8, '\0') + std::string(8, '\xff'));
  EXPECT_THAT(refused(), HasSubstr("array y_train: label -1 of image 1 is out of range"));
  arrays[1].second = npy("|i1", "2,", std::string{0, '\xff'});
  EXPECT_THAT(refused(), HasSubstr("label -1 of image 1 is out of range"));
  arrays[1].second = npy("<i2", "2,", std::string{0, 0, '\x9c', '\xff'});
  EXPECT_THAT(refused(), HasSubstr("label -100 of image 1 is out of range"));
  arrays[1].second = npy("<u8", "2,", std::string(8, '\xff') + std::string(8, '\0'));
  EXPECT_THAT(refused(), HasSubstr("of image 0 is out of range"));
}

TEST_F(Npz, ReadsLabelsOfEveryIntegerType) {
  for (const int bytes : {1, 2, 4, 8}) {
    for (const char sign : {'i', 'u'}) {
      std::string labels(2 * static_cast<std::size_t>(bytes), '\0');
      labels.front() = 100;
      const std::string type = (bytes == 1 ? "|" : "<") + (sign + std::to_string(bytes));
      arrays[1].second = npy(type, "2,", labels);
      EXPECT_THAT(read().train.labels, ElementsAre(100, 0)) << type;
    }
  }
}

TEST_F(Npz, RefusesWhatEndsEarlyOrLate) {
  const Entries all = arrays;
  arrays[0].second = npy("|u1", "2, 2, 3", ramp(11));
  EXPECT_THAT(refused(), HasSubstr("array x_train: ends before its shape is filled"));
  arrays[0].second = npy("|u1", "2, 2, 3", ramp(13));
  EXPECT_THAT(refused(), HasSubstr("has more bytes than its shape"));
  arrays = all;
  const std::string whole = zip(arrays);
  for (const std::size_t bytes : {std::size_t{5}, whole.size() / 3, whole.size() / 2}) {
    write(file(), whole.substr(0, bytes));
    EXPECT_THAT(refusal([&] { (void)read_npz(file()); }), HasSubstr("digits.npz: "));
  }
}

TEST_F(Npz, TakesNoMemoryForWhatItsHeaderClaims) {
  arrays[0].second = npy("|u1", "1000000000, 2, 3", ramp(12));
  write(file(), zip(arrays));
  EXPECT_THAT(refusal([&] { (void)read_npz(file(), DataMemory(1'000'000)); }),
              HasSubstr("memory that data may take"));
}

}  // namespace
}  // namespace minima::data
