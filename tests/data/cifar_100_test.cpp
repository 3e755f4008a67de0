// The binary version of CIFAR-100.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "data/formats/cifar.h"
#include "data/source/source.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Records of (coarse, fine) labels; all pixels of a record are its fine label.
std::string records(const std::vector<std::pair<int, int>>& labels) {
  std::string bytes;
  for (const auto& [coarse, fine] : labels) {
    bytes += static_cast<char>(coarse);
    bytes += static_cast<char>(fine);
    bytes += std::string(3072, static_cast<char>(fine));
  }
  return bytes;
}

std::string names(const std::string& word, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("{}{}\n", word, i);
  return text;
}

Entries entries() {
  return {{"cifar-100-binary/fine_label_names.txt", names("fine", 100)},
          {"cifar-100-binary/coarse_label_names.txt", names("coarse", 20)},
          {"cifar-100-binary/train.bin", records({{11, 19}, {15, 29}, {19, 99}})},
          {"cifar-100-binary/test.bin", records({{0, 1}})}};
}

class Cifar100 : public ::testing::Test {
 protected:
  Cifar100() {
    for (const auto& [path, content] : entries()) write(folder / path, content);
  }
  /// The class of each image, by name: classes without images get no output.
  static std::vector<std::string> classes(const Dataset& dataset, const Split& split) {
    std::vector<std::string> names;
    for (const std::uint16_t label : split.labels) names.push_back(dataset.class_names[label]);
    return names;
  }
  Dataset load_it(const std::string& settings = "") const {
    return load(parse_source(folder.path().string() + settings), {});
  }

  TemporaryFolder folder;
};

TEST_F(Cifar100, HasFineLabels) {
  const Dataset dataset = load_it();
  EXPECT_EQ(dataset.shape, (ImageShape{3, 32, 32}));
  EXPECT_THAT(classes(dataset, dataset.train), ElementsAre("fine19", "fine29", "fine99"));
  EXPECT_THAT(classes(dataset, dataset.test), ElementsAre("fine1"));
  EXPECT_EQ(dataset.train.images.size(), 3u * 3072);
  EXPECT_EQ(dataset.train.images[3072], 29);
  EXPECT_THAT(dataset.class_names, ElementsAre("fine1", "fine19", "fine29", "fine99"));
}

TEST_F(Cifar100, HasCoarseLabelsBySetting) {
  const Dataset dataset = load_it(" labels=coarse");
  EXPECT_THAT(classes(dataset, dataset.train), ElementsAre("coarse11", "coarse15", "coarse19"));
  EXPECT_EQ(dataset.class_names[0], "coarse0");
  EXPECT_EQ(load_it(" labels=fine").name, folder.path().string()) << "the default";
}

TEST_F(Cifar100, IsFoundByNameAndInArchives) {
  const TemporaryFolder other;
  write(other / "cifar-100/cifar-100-binary.tar.gz", gzip(tar(entries())));
  const Dataset named = load(parse_source("cifar-100 labels=coarse"), {other.path()});
  EXPECT_THAT(classes(named, named.train), ElementsAre("coarse11", "coarse15", "coarse19"));
  const std::string archive = (other / "cifar-100/cifar-100-binary.tar.gz").string();
  EXPECT_EQ(load(parse_source(archive), {}).train.images, load_it().train.images);
}

TEST_F(Cifar100, WithoutNamesOrTestImagesSaysSo) {
  const std::filesystem::path below = folder / "cifar-100-binary";
  std::filesystem::remove(below / "fine_label_names.txt");
  EXPECT_THAT(
      load_it().notes,
      ::testing::Contains("there is no fine_label_names.txt, so the classes are named by their "
                          "numbers"));
  EXPECT_THAT(load_it().class_names, ElementsAre("1", "19", "29", "99"));
  std::filesystem::remove(below / "test.bin");
  EXPECT_THAT(refusal([&] { (void)load_it(); }),
              HasSubstr("has no test images; add test_share=0.2"));
}

TEST_F(Cifar100, RefusesLabelsOutOfRangeAndRecordsOfTheWrongSize) {
  const std::filesystem::path train = folder / "cifar-100-binary/train.bin";
  write(train, records({{1, 2}, {20, 3}}));
  EXPECT_EQ(
      refusal([&] { (void)load_it(" labels=coarse"); }),
      train.string() + ": record 1: label 20 is not in 0..19; copy or fetch the dataset again");
  write(train, records({{1, 2}}) + "x");
  EXPECT_EQ(refusal([&] { (void)load_it(); }),
            train.string() +
                ": record 1: has 1 bytes where a record of CIFAR-100 has 3074; copy or fetch the "
                "dataset again");
}

TEST_F(Cifar100, OnlyItHasTheSettingLabels) {
  const TemporaryFolder other;
  for (const auto& [path, content] : cifar_entries()) write(other / path, content);
  const std::string text = other.path().string() + " labels=coarse";
  EXPECT_EQ(refusal([&] { (void)load(parse_source(text), {}); }),
            text + ": labels=coarse is a setting of CIFAR-100 only; leave labels out");
}

}  // namespace
}  // namespace minima::data
