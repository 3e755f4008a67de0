// What is suspicious in a dataset is said in its notes, and nothing is said of sound data.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "data/inspect/inspect.h"
#include "data/source/source.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Images of noise: all differ, have contrast and, if coloured, colour.
class Inspection : public ::testing::Test {
 protected:
  void fill(Split& split, int per_class) {
    for (int i = 0; i < per_class * dataset.problem().classes; ++i) {
      add(split, i % dataset.problem().classes);
    }
  }

  void add(Split& split, int label, int low = 0, int high = 255) {
    for (int i = 0; i < dataset.shape.pixels(); ++i) {
      split.images.push_back(static_cast<std::uint8_t>(low + draw_() % (high - low + 1)));
    }
    split.labels.push_back(static_cast<std::uint16_t>(label));
  }

  [[nodiscard]] std::span<std::uint8_t> image(Split& split, std::size_t i) const {
    const auto pixels = static_cast<std::size_t>(dataset.shape.pixels());
    return std::span(split.images).subspan(i * pixels, pixels);
  }

  void copy(std::span<const std::uint8_t> from, std::span<std::uint8_t> to) {
    std::ranges::copy(from, to.begin());
  }

  [[nodiscard]] std::vector<std::string> notes() {
    inspect(dataset);
    return dataset.notes;
  }

  Dataset dataset{.name = {},
                  .origin = {},
                  .shape = {1, 6, 5},
                  .class_names = {"cat", "dog"},
                  .train = {},
                  .validation = {},
                  .test = {},
                  .notes = {},
                  .checksum = {}};

 private:
  std::minstd_rand draw_{1};
};

TEST_F(Inspection, SoundDataHaveNoNotes) {
  fill(dataset.train, 50);
  fill(dataset.validation, 10);
  fill(dataset.test, 10);
  EXPECT_THAT(notes(), IsEmpty());
}

TEST_F(Inspection, AllImagesEqual) {
  fill(dataset.train, 50);
  fill(dataset.test, 10);
  for (std::size_t i = 1; i < 100; ++i) copy(image(dataset.train, 0), image(dataset.train, i));
  EXPECT_THAT(notes(), Contains("all 100 training images are one and the same picture"));
}

TEST_F(Inspection, APlaceholderForManyImages) {
  fill(dataset.train, 50);
  fill(dataset.test, 10);
  for (std::size_t i = 2; i < 24; i += 2) copy(image(dataset.train, 0), image(dataset.train, i));
  EXPECT_THAT(notes(), ElementsAre("12 of 100 training images are one and the same picture"));
}

TEST_F(Inspection, BlankImages) {
  fill(dataset.train, 50);
  fill(dataset.test, 10);
  std::ranges::fill(image(dataset.train, 7), std::uint8_t{0});
  std::ranges::fill(image(dataset.train, 8), std::uint8_t{255});
  EXPECT_THAT(notes(),
              ElementsAre("2 of 100 training images are blank: all their pixels are equal"));
}

TEST_F(Inspection, AllBlack) {
  fill(dataset.train, 50);
  fill(dataset.test, 10);
  std::ranges::fill(dataset.train.images, std::uint8_t{0});
  EXPECT_THAT(notes(), Contains("all 100 training images are blank: every pixel is black"));
}

TEST_F(Inspection, MasksOfZeroAndOne) {
  for (int i = 0; i < 100; ++i) add(dataset.train, i % 2, 0, 1);
  for (int i = 0; i < 20; ++i) add(dataset.test, i % 2, 0, 1);
  EXPECT_THAT(
      notes(),
      ElementsAre("the pixels of all 100 training images use only 0 to 1 of 255; a mask of "
                  "0 and 1 must be multiplied by 255",
                  "the pixels of all 20 test images use only 0 to 1 of 255; a mask of 0 and "
                  "1 must be multiplied by 255"));
}

TEST_F(Inspection, TwelveBitsInSixteen) {
  for (int i = 0; i < 100; ++i) add(dataset.train, i % 2, 0, 16);
  fill(dataset.test, 10);
  image(dataset.train, 5)[3] = 255;  // a defect of the sensor
  EXPECT_THAT(notes(), ElementsAre("the pixels of 99 of 100 training images use only 0 to 16 of "
                                   "255; 12 bits stored in 16 must be multiplied by 16"));
}

TEST_F(Inspection, HardlyAnyContrast) {
  for (int i = 0; i < 100; ++i) add(dataset.train, i % 2, i, i + 40);
  fill(dataset.test, 10);
  EXPECT_THAT(notes(), ElementsAre("all 100 training images have hardly any contrast: their pixels "
                                   "differ by less than 64 of 255"));
}

TEST_F(Inspection, AFewImagesOfLowContrastAreNormal) {
  for (int i = 0; i < 80; ++i) add(dataset.train, i % 2, i, i + 40);
  for (int i = 0; i < 20; ++i) add(dataset.train, i % 2);
  fill(dataset.test, 10);
  EXPECT_THAT(notes(), IsEmpty());
}

TEST_F(Inspection, GreyStoredAsColour) {
  dataset.shape.channels = 3;
  fill(dataset.train, 50);
  fill(dataset.test, 10);
  EXPECT_THAT(notes(), IsEmpty());
  for (Split* split : {&dataset.train, &dataset.test}) {
    for (std::size_t i = 0; i < split->count(); ++i) {
      const auto pixels = image(*split, i);
      for (std::size_t p = 0; p < 30; ++p) {
        const int grey = std::max<int>(pixels[p], 4);
        pixels[30 + p] = static_cast<std::uint8_t>(grey - 2);  // errors of a JPEG
        pixels[60 + p] = pixels[p] = static_cast<std::uint8_t>(grey);
      }
    }
  }
  EXPECT_THAT(notes(), ElementsAre("all images are grey but stored as colour: channels=1 would "
                                   "make the first layer a third"));
}

TEST_F(Inspection, OneColouredImageIsAReasonForColour) {
  dataset.shape.channels = 3;
  fill(dataset.train, 50);
  fill(dataset.test, 10);
  for (std::size_t i = 0; i + 1 < dataset.train.count(); ++i) {
    const auto pixels = image(dataset.train, i);
    copy(pixels.first(30), pixels.subspan(30, 30));
    copy(pixels.first(30), pixels.subspan(60, 30));
  }
  EXPECT_THAT(notes(), IsEmpty());
}

TEST_F(Inspection, TheSamePictureInTrainingAndTest) {
  fill(dataset.train, 50);
  fill(dataset.validation, 10);
  fill(dataset.test, 10);
  copy(image(dataset.train, 4), image(dataset.test, 0));
  copy(image(dataset.train, 7), image(dataset.test, 3));
  copy(image(dataset.train, 9), image(dataset.validation, 1));
  EXPECT_THAT(notes(), ElementsAre("1 of 20 validation images (5 %) are also training images, so "
                                   "accuracy on them measures memory",
                                   "2 of 20 test images (10 %) are also training images, so "
                                   "accuracy on them measures memory"));
}

TEST_F(Inspection, TheTrainingImagesGivenAsTestImages) {
  fill(dataset.train, 50);
  dataset.test = dataset.train;
  EXPECT_THAT(notes(), ElementsAre(HasSubstr("all 100 test images (100 %) are also training")));
}

TEST_F(Inspection, FewCopiesAmongThousandsAreNotWorthANote) {
  dataset.shape = {1, 2, 8};
  fill(dataset.train, 1500);
  fill(dataset.test, 1500);
  for (std::size_t i = 0; i < 2; ++i) copy(image(dataset.train, i), image(dataset.test, i));
  EXPECT_THAT(notes(), IsEmpty());
  copy(image(dataset.train, 2), image(dataset.test, 2));
  EXPECT_THAT(notes(), ElementsAre(HasSubstr("3 of 3,000 test images (0.1 %)")));
}

TEST_F(Inspection, OnePictureWithTwoLabels) {
  fill(dataset.train, 50);
  fill(dataset.test, 10);
  copy(image(dataset.train, 4), image(dataset.train, 5));
  EXPECT_THAT(notes(), ElementsAre("1 picture occurs with more than one label (2 images): at most "
                                   "one of the labels is right"));
}

TEST_F(Inspection, AClassThatASplitLacks) {
  dataset.class_names = {"cat", "dog", "cow"};
  for (int i = 0; i < 60; ++i) add(dataset.train, i % 2);
  for (int i = 0; i < 20; ++i) add(dataset.test, 1 + i % 2);
  EXPECT_THAT(notes(),
              ElementsAre("class \"cow\" has no training images, so no network can learn to "
                          "recognize it",
                          "class \"cat\" has no test images, so no accuracy says how well it is "
                          "recognized"));
}

TEST_F(Inspection, VeryUnequalClasses) {
  for (int i = 0; i < 99; ++i) add(dataset.train, i % 11 == 0 ? 1 : 0);
  fill(dataset.test, 10);
  EXPECT_THAT(notes(), ElementsAre(AllOf(HasSubstr("class \"cat\" (90 training images) is 10 times "
                                                   "as large as \"dog\" (9 training images)"),
                                         HasSubstr("balanced accurac"))));
}

TEST_F(Inspection, NumbersThatAreNotThoseOfTheOutputs) {
  dataset.class_names = {"1", "10", "2"};
  fill(dataset.train, 50);
  fill(dataset.test, 10);
  EXPECT_THAT(notes(),
              ElementsAre("all class names are numbers, but not those of the outputs: "
                          "output 0 is class \"1\" (the order is \"1\", \"10\" and \"2\")"));
}

TEST_F(Inspection, NumbersOfTheOutputsAreGoodNames) {
  dataset.class_names = {"0", "1", "2"};
  fill(dataset.train, 50);
  fill(dataset.test, 10);
  EXPECT_THAT(notes(), IsEmpty());
}

TEST_F(Inspection, NotesAreOneLineEach) {
  dataset.class_names = {"a\nb", "c\x1b[2J"};
  for (int i = 0; i < 60; ++i) add(dataset.train, 0);
  for (int i = 0; i < 60; ++i) add(dataset.test, 1);
  dataset.notes = {"left out: \x1b\n"};
  EXPECT_THAT(notes(), Each(::testing::Not(::testing::ContainsRegex("[\n\x1b]"))));
}

TEST(EmptyClasses, HaveNoOutputAndTheOthersKeepTheirOrder) {
  Dataset dataset{.shape = {1, 1, 1},
                  .class_names = {"n", "a", "b", "c", "d"},
                  .train = {.images = {1, 2, 3}, .labels = {1, 3, 3}},
                  .test = {.images = {1, 2}, .labels = {4, 1}}};
  drop_empty_classes(dataset);
  EXPECT_THAT(dataset.class_names, ElementsAre("a", "c", "d"));
  EXPECT_THAT(dataset.train.labels, ElementsAre(0, 1, 1));
  EXPECT_THAT(dataset.test.labels, ElementsAre(2, 0));
  EXPECT_THAT(dataset.notes,
              ElementsAre("classes \"n\" and \"b\" have no image in any split and get no "
                          "output; the other 3 keep their order"));
}

/// IDX files of 4x4 images of noise, with these labels in both splits.
void write_idx(const std::filesystem::path& folder, const std::string& labels) {
  std::minstd_rand draw(1);
  const auto count = static_cast<std::uint32_t>(labels.size());
  for (const std::string split : {"train", "t10k"}) {
    std::string images(count * 16, '\0');
    for (char& pixel : images) pixel = static_cast<char>(draw() % 256);
    write(folder / (split + "-images-idx3-ubyte"), idx({count, 4, 4}, images));
    write(folder / (split + "-labels-idx1-ubyte"), idx({count}, labels));
  }
}

TEST(Load, GivesALabelThatNeverOccursNoOutput) {
  TemporaryFolder folder;
  write_idx(folder / "letters", std::string("\1\2\3\1\2\3", 6));
  const Dataset dataset = load(parse_source((folder / "letters").string()), {});
  EXPECT_THAT(dataset.class_names, ElementsAre("1", "2", "3"));
  EXPECT_THAT(dataset.train.labels, ElementsAre(0, 1, 2, 0, 1, 2));
  EXPECT_THAT(dataset.notes,
              ElementsAre("class \"0\" has no image in any split and gets no output; the other 3 "
                          "keep their order",
                          HasSubstr("output 0 is class \"1\"")));
}

TEST(Load, APartOfASetHasTheClassesOfTheWhole) {
  TemporaryFolder folder;
  write_idx(folder / "digits", std::string("\0\1\2\0\1\2", 6));
  const Dataset dataset = load(parse_source((folder / "digits").string() + " train=2 test=2"), {});
  EXPECT_THAT(dataset.class_names, ElementsAre("0", "1", "2"));
  EXPECT_THAT(dataset.notes, Contains(HasSubstr("class \"2\" has no training images")));
}

/// A square of this grey on a transparent ground.
std::string transparent_png(std::uint8_t grey, int seed) {
  PngImage image{.height = 8, .width = 8, .samples = 2};
  for (int i = 0; i < 64; ++i) {
    const bool is_ink = i % 8 >= 2 + seed % 3 && i >= 16 + 8 * (seed / 3);
    image.bytes.push_back(grey);
    image.bytes.push_back(is_ink ? 255 : 0);
  }
  return png(image);
}

TEST(Load, SaysThatWhiteInkOnATransparentGroundVanishes) {
  TemporaryFolder folder;
  for (int i = 0; i < 6; ++i) {
    write(folder / fmt::format("white/a/{}.png", i), transparent_png(250, i));
    write(folder / fmt::format("white/b/{}.png", i), transparent_png(0, i));
  }
  const std::string path = (folder / "white").string();
  EXPECT_THAT(load(parse_source(path), {}).notes,
              Contains(AllOf(HasSubstr("nothing is left of 6 of 12 images (such as a/"),
                             HasSubstr("-background black"))));
}

TEST(Load, DarkInkOnATransparentGroundIsFine) {
  TemporaryFolder folder;
  for (int i = 0; i < 6; ++i) {
    write(folder / fmt::format("black/a/{}.png", i), transparent_png(30, i));
    write(folder / fmt::format("black/b/{}.png", i), transparent_png(0, i));
  }
  EXPECT_THAT(load(parse_source((folder / "black").string()), {}).notes, IsEmpty());
}

TEST(Load, GeneratedSetsAreNotInspected) {
  EXPECT_THAT(load(parse_source("glyphs train=20 test=3"), {}).notes, IsEmpty());
}

}  // namespace
}  // namespace minima::data
