// The published names of IDX files: EMNIST with its transposed images and labels from 1, QMNIST
// with its table of labels, and folders with several sets.
#include <gmock/gmock.h>

#include "data/formats/idx.h"
#include "data/source/source.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Two training images of 2x3 pixels with labels `first` and `first` + 1, and one for testing.
void write_set(const std::filesystem::path& folder, const std::string& prefix, char first) {
  const std::string test = prefix.empty() ? "t10k" : "test";
  write(folder / (prefix + "train-images-idx3-ubyte"), idx({2, 2, 3}, ramp(12)));
  write(folder / (prefix + "train-labels-idx1-ubyte"),
        idx({2}, std::string{first, static_cast<char>(first + 1)}));
  write(folder / (prefix + test + "-images-idx3-ubyte.gz"), gzip(idx({1, 2, 3}, ramp(6))));
  write(folder / (prefix + test + "-labels-idx1-ubyte.gz"), gzip(idx({1}, std::string{first})));
}

Dataset load_path(const std::filesystem::path& path, const std::string& settings = "") {
  return load(parse_source(path.string() + settings), {});
}
std::string path_refused(const std::filesystem::path& path) {
  return refusal([&] { (void)load_path(path); });
}

TEST(Emnist, ImagesAreTurnedUpright) {
  const TemporaryFolder folder;
  write_set(folder.path(), "emnist-digits-", 0);
  const Dataset dataset = load_path(folder.path());
  EXPECT_EQ(dataset.shape, (ImageShape{1, 3, 2}));
  EXPECT_THAT(std::vector(dataset.train.images.begin(), dataset.train.images.begin() + 6),
              ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(dataset.test.images, ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(dataset.notes,
              Contains("EMNIST stores its images transposed; they were turned upright"));
}

TEST(Emnist, LettersBeginAtA) {
  const TemporaryFolder folder;
  write_set(folder.path(), "emnist-letters-", 1);
  const Dataset dataset = load_path(folder.path());
  EXPECT_THAT(dataset.train.labels, ElementsAre(0, 1));
  EXPECT_THAT(dataset.test.labels, ElementsAre(0));
  EXPECT_THAT(dataset.class_names, ElementsAre("A", "B"));
  EXPECT_THAT(dataset.notes, Contains("the published labels 1 to 2 of the letters became 0 to 1"));
}

TEST(Emnist, TheMappingFileNamesTheClasses) {
  const TemporaryFolder folder;
  write_set(folder.path(), "emnist-letters-", 1);
  const auto mapping = folder / "emnist-letters-mapping.txt";
  write(mapping, "1 65 97\r\n2 66 98\r\n");
  EXPECT_THAT(load_path(folder.path()).class_names, ElementsAre("A/a", "B/b"));
  write(mapping, "1 65 97\n");
  EXPECT_EQ(path_refused(folder.path()),
            mapping.string() + ": has no line for label 2; copy or fetch the file again");
  write(mapping, "1 65 97\n2 x\n");
  EXPECT_THAT(path_refused(folder.path()), HasSubstr("mapping.txt: line 2: is not a label"));
}

TEST(Emnist, MergedSetsNameOnlySmallLettersUnlikeTheirCapitals) {
  const TemporaryFolder folder;
  write_set(folder.path(), "emnist-balanced-", 45);
  EXPECT_THAT(load_path(folder.path()).class_names, ElementsAre("r", "t"));
  write_set(folder.path(), "emnist-balanced-", 35);
  EXPECT_THAT(load_path(folder.path()).class_names, ElementsAre("Z", "a"));
}

TEST(IdxSets, SeveralInOneFolderAreNamed) {
  const TemporaryFolder folder;
  write_set(folder / "raw", "emnist-letters-", 1);
  write_set(folder / "raw", "emnist-digits-", 0);
  write_set(folder / "raw", "", 0);
  const std::string raw = (folder / "raw").string();
  EXPECT_EQ(path_refused(folder.path()),
            folder.path().string() + ": holds 3 sets of IDX files; name one of them: " + raw +
                "/train-images-idx3-ubyte, " + raw + "/emnist-digits, " + raw + "/emnist-letters");
  EXPECT_THAT(load_path(folder / "raw/emnist-letters").class_names, ElementsAre("A", "B"));
  EXPECT_THAT(load_path(folder / "raw/emnist-digits").notes, Contains(HasSubstr("transposed")));
  EXPECT_THAT(load_path(folder / "raw/train-images-idx3-ubyte").notes,
              ::testing::Not(Contains(HasSubstr("transposed"))));
  EXPECT_THAT(path_refused(folder / "raw/emnist"), HasSubstr("no such dataset"));
}

TEST(IdxSets, AreFoundByTheirNameInTheSearchPath) {
  const TemporaryFolder folder;
  const std::string images(2 * 784, '\x07');
  for (const char* part : {"train", "test"}) {
    const std::string start = std::string("EMNIST/raw/emnist-letters-") + part;
    write(folder / (start + "-images-idx3-ubyte.gz"), gzip(idx({2, 28, 28}, images)));
    write(folder / (start + "-labels-idx1-ubyte.gz"), gzip(idx({2}, std::string{26, 24})));
  }
  const Dataset dataset = load(parse_source("emnist-letters"), {folder.path()});
  EXPECT_THAT(dataset.train.labels, ElementsAre(1, 0));
  EXPECT_THAT(dataset.class_names, ElementsAre("X", "Z"));
  EXPECT_THAT(
      refusal([&] { (void)load(parse_source("emnist-digits"), {folder.path()}); }),
      HasSubstr(
          "run `minima data fetch emnist`, or name the folder that contains the folder emnist"));
  EXPECT_THAT(refusal([&] { (void)load(parse_source("emnist"), {folder.path()}); }),
              HasSubstr("choose one of emnist-letters, emnist-balanced"));
}

TEST(Qmnist, TheFirstOfItsLabelColumnsIsTheClass) {
  const TemporaryFolder folder;
  const std::string table = std::string("\0\0\x0c\x02\0\0\0\x02\0\0\0\x02", 12);
  const std::string rows = std::string("\0\0\0\x07\0\0\x01\0\0\0\0\x03\xff\xff\xff\xff", 16);
  for (const char* part : {"qmnist-train", "qmnist-test"}) {
    write(folder / (std::string(part) + "-images-idx3-ubyte"), idx({2, 1, 1}, ramp(2)));
    write(folder / (std::string(part) + "-labels-idx2-int.gz"), gzip(table + rows));
  }
  const Dataset dataset = load_path(folder.path());
  EXPECT_THAT(dataset.train.labels, ElementsAre(1, 0));
  EXPECT_THAT(dataset.class_names, ElementsAre("3", "7"));
  EXPECT_THAT(dataset.notes,
              Contains("of the 2 columns of the label files, the first one is the class; the "
                       "others are left out"));
  write(folder / "qmnist-test-labels-idx2-int.gz",
        gzip(table + std::string("\0\0\0\x07\0\0\0\0\0\0\x01\0\0\0\0\0", 16)));
  EXPECT_THAT(path_refused(folder.path()),
              HasSubstr("qmnist-test-labels-idx2-int.gz: byte 20: label 256 is not in 0..255"));
}

TEST(IdxSets, WithoutTestFilesHoldOutAFraction) {
  const TemporaryFolder folder;
  std::string labels;
  for (int i = 0; i < 40; ++i) labels += static_cast<char>(i % 2);
  write(folder / "train-images-idx3-ubyte", idx({40, 1, 1}, ramp(40)));
  write(folder / "train-labels-idx1-ubyte", idx({40}, labels));
  EXPECT_EQ(path_refused(folder.path()),
            folder.path().string() +
                ": has no test images; add test_share=0.2 to hold out a fifth of the training "
                "images for testing");
  const Dataset dataset = load_path(folder.path(), " test_share=0.25");
  EXPECT_THAT(class_counts(dataset.test, 2), ElementsAre(5, 5));
  EXPECT_THAT(class_counts(dataset.train, 2), ElementsAre(15, 15));
  const Dataset both = load_path(folder.path(), " test_share=0.25 validation_share=0.2");
  EXPECT_EQ(both.test.images, dataset.test.images) << "whatever else is held out";
  EXPECT_THAT(class_counts(both.validation, 2), ElementsAre(3, 3));
  EXPECT_EQ(load_path(folder.path(), " test_share=0.2").name,
            folder.path().string() + " test_share=0.2")
      << "it is no default here";
}

}  // namespace
}  // namespace minima::data
