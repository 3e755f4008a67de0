// Settings of image folders in the notation of datasets.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "data/source/source.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

void put_images(const TemporaryFolder& folder, const std::string& below, int count) {
  for (int i = 0; i < count; ++i) {
    write(folder / fmt::format("{}/{}.png", below, i),
          png({.height = 1, .width = 4, .bytes = {10, 20, 30, 40}}));
  }
}

TEST(ImageSource, FitAndSkipBadAreCanonical) {
  const auto canonical = [](const char* text) { return parse_source(text).text(); };
  EXPECT_EQ(canonical("d skip_bad=true fit=pad size=8x8"), "d fit=pad size=8x8 skip_bad=true");
  EXPECT_EQ(canonical("d skip_bad=false fit=stretch"), "d");
  for (const char* text : {"d fit=fill", "d fit=", "d skip_bad=yes", "d skip_bad=1"}) {
    EXPECT_THAT(refusal([&] { (void)parse_source(text); }), HasSubstr(" is out of range; "))
        << text;
  }
}

TEST(ImageSource, FitAndSkipBadReachTheReader) {
  const TemporaryFolder folder;
  for (const char* below : {"train/a", "train/b", "test/a"}) put_images(folder, below, 2);
  write(folder / "train/a/1.png", "hello");
  const std::string path = folder.path().string();
  EXPECT_THAT(refusal([&] { (void)load(parse_source(path + " size=2x2"), {}); }),
              HasSubstr("train/a/1.png: byte 0: is no PNG"));
  const Dataset dataset = load(parse_source(path + " size=2x2 fit=pad skip_bad=true"), {});
  EXPECT_EQ(dataset.train.count(), 3u);
  EXPECT_THAT(std::vector<int>(dataset.test.images.begin(), dataset.test.images.begin() + 4),
              ElementsAre(15, 35, 0, 0));
  EXPECT_THAT(dataset.notes, ::testing::Contains(HasSubstr("1 unreadable image file left out")));
}

TEST(ImageSource, AFolderOfValidationImagesExcludesASharedSplit) {
  const TemporaryFolder folder;
  for (const char* below : {"train/a", "train/b", "val/a", "val/b"}) put_images(folder, below, 4);
  const std::string text = folder.path().string() + " validation_share=0.5";
  const Dataset without_test = load(parse_source(text), {});
  EXPECT_EQ(without_test.validation.count(), 4u) << "val is the test set";
  EXPECT_EQ(without_test.test.count(), 8u);
  put_images(folder, "test/a", 1);
  EXPECT_THAT(refusal([&] { (void)load(parse_source(text), {}); }),
              HasSubstr(": has a validation split of its own; leave validation_share out"));
}

}  // namespace
}  // namespace minima::data
