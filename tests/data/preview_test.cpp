#include "data/source/preview.h"

#include <gtest/gtest.h>
#include <png.h>

#include "core/error.h"
#include "data/pictures/canvas.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data::testing {
namespace {

namespace fs = std::filesystem;

class Preview : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

struct Decoded {
  unsigned width = 0, height = 0;
  bool colour = false;
  std::vector<std::uint8_t> pixels;

  [[nodiscard]] int at(unsigned x, unsigned y, unsigned c = 0) const {
    return pixels[(y * width + x) * (colour ? 3 : 1) + c];
  }
};

Decoded decode(const fs::path& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_file(&image, path.c_str()), 0) << image.message;
  Decoded decoded{image.width, image.height, (image.format & PNG_FORMAT_FLAG_COLOR) != 0, {}};
  image.format = decoded.colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  decoded.pixels.resize(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, decoded.pixels.data(), 0, nullptr), 0);
  return decoded;
}

/// Images with a single pixel value each.
Dataset flat(int channels, const std::vector<std::uint16_t>& labels) {
  Dataset dataset;
  dataset.name = "flat";
  dataset.shape = {channels, 4, 3};
  dataset.class_names = {"a", "b"};
  dataset.train.labels = labels;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (int c = 0; c < channels; ++c) {
      dataset.train.images.insert(dataset.train.images.end(), 12,
                                  static_cast<std::uint8_t>(100 + 10 * i + c));
    }
  }
  return dataset;
}

TEST_F(Preview, ShowsOneRowPerClassInTheOrderOfTheImages) {
  write_contact_sheet(flat(1, {1, 0, 1}), folder_ / "sheet.png",
                      {.columns = 3, .gap = 1, .scale = 2});
  const Decoded sheet = decode(folder_ / "sheet.png");
  EXPECT_EQ(sheet.width, 3U * 7 + 1);
  EXPECT_EQ(sheet.height, 2U * 9 + 1);
  EXPECT_FALSE(sheet.colour);
  EXPECT_EQ(sheet.at(1, 1), 110);   // class a, first image
  EXPECT_EQ(sheet.at(6, 8), 110);   // the same pixel, enlarged
  EXPECT_EQ(sheet.at(1, 10), 100);  // class b
  EXPECT_EQ(sheet.at(8, 10), 120);
  EXPECT_EQ(sheet.at(0, 0), sheet.at(15, 12));  // a gap and an empty cell
}

TEST_F(Preview, KeepsColoursInTheirChannels) {
  write_contact_sheet(flat(3, {0}), folder_ / "sheet.png", {.columns = 1, .gap = 0, .scale = 1});
  const Decoded sheet = decode(folder_ / "sheet.png");
  ASSERT_TRUE(sheet.colour);
  EXPECT_EQ(sheet.at(2, 3, 0), 100);
  EXPECT_EQ(sheet.at(2, 3, 1), 101);
  EXPECT_EQ(sheet.at(2, 3, 2), 102);
}

TEST_F(Preview, EnlargesSmallImagesAndCutsLongListsOfClasses) {
  write_contact_sheet(flat(1, {0, 1}), folder_ / "sheet.png",
                      {.columns = 1, .most_classes = 1, .gap = 0});
  const Decoded sheet = decode(folder_ / "sheet.png");
  EXPECT_EQ(sheet.width, 6U);
  EXPECT_EQ(sheet.height, 8U);
}

TEST_F(Preview, RefusesWhatItCannotShow) {
  EXPECT_THROW(write_contact_sheet(flat(2, {0}), folder_ / "sheet.png"), Error);
  EXPECT_THROW(write_contact_sheet(flat(1, {}), folder_ / "sheet.png"), Error);
  EXPECT_THROW(write_contact_sheet(flat(1, {0}), folder_ / "none/sheet.png"), Error);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

/// The test split has the images of the training split.
Dataset flat_test(int channels, const std::vector<std::uint16_t>& labels) {
  Dataset dataset = flat(channels, labels);
  dataset.test = dataset.train;
  return dataset;
}

TEST_F(Preview, CaptionsStandBelowTheirImages) {
  const std::vector<CaptionedImage> images{{.image = 1, .first = "cat", .second = "as dog"},
                                           {.image = 0, .first = "", .second = ""}};
  write(folder_ / "sheet.png", captioned_sheet(flat_test(1, {0, 1}), images));
  const Decoded sheet = decode(folder_ / "sheet.png");
  // 4 x 3 pixels become 96 x 72, in cells of 96 x (96 + 2 lines), 6 pixels apart.
  EXPECT_EQ(sheet.width, 2U * (96 + 6) + 6);
  EXPECT_EQ(sheet.height, 96U + 2 * kCaptionHeight + 12);
  EXPECT_EQ(sheet.at(6, 6), 110);    // image 1
  EXPECT_EQ(sheet.at(108, 6), 100);  // image 0
  const auto is_written = [&](unsigned left, unsigned top) {
    for (unsigned y = top; y < top + kCaptionHeight; ++y) {
      for (unsigned x = left; x < left + 96; ++x) {
        if (sheet.at(x, y) == 255) return true;
      }
    }
    return false;
  };
  EXPECT_TRUE(is_written(6, 102));
  EXPECT_TRUE(is_written(6, 102 + kCaptionHeight));
  EXPECT_FALSE(is_written(108, 102));
}

TEST_F(Preview, ALongCaptionStaysInItsCell) {
  const std::string name(200, 'm');
  const std::vector<CaptionedImage> images{{.image = 0, .first = name, .second = name},
                                           {.image = 0, .first = "", .second = ""}};
  write(folder_ / "sheet.png", captioned_sheet(flat_test(3, {0}), images));
  const Decoded sheet = decode(folder_ / "sheet.png");
  for (unsigned y = 102; y < 102 + 2 * kCaptionHeight; ++y) {
    for (unsigned x = 102; x < 204; ++x) ASSERT_EQ(sheet.at(x, y), sheet.at(0, 0));
  }
}

TEST_F(Preview, OneImageIsAPictureOfItsOwnSize) {
  write(folder_ / "image.png", image_png(flat_test(3, {0, 1}), 1));
  const Decoded picture = decode(folder_ / "image.png");
  EXPECT_EQ(picture.width, 3U);
  EXPECT_EQ(picture.height, 4U);
  EXPECT_EQ(picture.at(2, 3, 2), 112);
}

}  // namespace
}  // namespace minima::data::testing
