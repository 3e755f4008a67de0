// Orientations of JPEG, PNG, WebP and TIFF. Expected pictures follow the definition of tag 0x0112
// in the EXIF standard: where the first row and the first column of the stored picture lie.
#include "data/pictures/orientation.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "files.h"
#include "pictures.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::ElementsAreArray;

/// The stored picture is 10 20 30 / 40 50 60.
const std::vector<std::uint8_t> kStored{10, 20, 30, 40, 50, 60};

std::vector<std::uint8_t> upright(int orientation) {
  const std::vector<std::vector<std::uint8_t>> pictures{
      {10, 20, 30, 40, 50, 60},  // first row on top, first column on the left
      {30, 20, 10, 60, 50, 40},  // top, right
      {60, 50, 40, 30, 20, 10},  // bottom, right
      {40, 50, 60, 10, 20, 30},  // bottom, left
      {10, 40, 20, 50, 30, 60},  // left, top
      {40, 10, 50, 20, 60, 30},  // right, top
      {60, 30, 50, 20, 40, 10},  // right, bottom
      {30, 60, 20, 50, 10, 40},  // left, bottom
  };
  return pictures.at(static_cast<std::size_t>(orientation) - 1);
}

void expect_upright(const std::string& file, int orientation, const char* kind) {
  SCOPED_TRACE(fmt::format("{}, orientation {}", kind, orientation));
  const ImageShape probed = probe_picture(file, "a");
  Picture picture = decode_picture(file, "a");
  EXPECT_EQ(picture.shape, probed);
  EXPECT_EQ(picture.shape.height, orientation < 5 ? 2 : 3);
  EXPECT_EQ(picture.was_turned, orientation != 1);
  picture = with_channels(picture, 1);
  EXPECT_THAT(picture.pixels, ElementsAreArray(upright(orientation)));
}

TEST(Orientation, TurnsPngUprightWhereverTheChunkLies) {
  const std::string whole = png({.height = 2, .width = 3, .bytes = kStored});
  for (int orientation = 1; orientation <= 8; ++orientation) {
    expect_upright(png_with_exif(whole, exif(orientation), true), orientation, "before");
    expect_upright(png_with_exif(whole, exif(orientation), false), orientation, "after");
  }
}

TEST(Orientation, TurnsWebpUpright) {
  const std::string whole = encoded(PictureKind::webp, {{1, 2, 3}, kStored});
  for (int orientation = 1; orientation <= 8; ++orientation) {
    expect_upright(webp_with_exif(whole, 2, 3, exif(orientation)), orientation, "WebP");
  }
}

TEST(Orientation, TurnsTiffUpright) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::string grey(kStored.begin(), kStored.end());
    expect_upright(tiff({.height = 2, .width = 3, .orientation = orientation, .bytes = grey}),
                   orientation, "grey TIFF");
    std::string colour;
    for (const char value : grey) colour += std::string(3, value);
    expect_upright(tiff({.height = 2,
                         .width = 3,
                         .samples = 3,
                         .photometric = 2,
                         .orientation = orientation,
                         .bytes = colour}),
                   orientation, "colour TIFF");
  }
}

/// A JPEG whose blocks of 8 x 8 pixels have the values of kStored.
std::string jpeg_of_blocks() {
  std::vector<std::uint8_t> bytes;
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 24; ++x) bytes.push_back(kStored[y / 8 * 3 + x / 8]);
  }
  return jpeg(16, 24, 1, bytes);
}

void expect_blocks(const std::string& file, int orientation) {
  SCOPED_TRACE(orientation);
  const Picture picture = decode_picture(file, "a");
  EXPECT_EQ(picture.shape, probe_picture(file, "a"));
  const Picture blocks = resized(picture, picture.shape.height / 8, picture.shape.width / 8);
  const std::vector<std::uint8_t> expected = upright(orientation);
  ASSERT_EQ(blocks.pixels.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(blocks.pixels[i], expected[i], 2) << i;
  }
}

TEST(Orientation, TurnsJpegUprightInBothByteOrders) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    expect_blocks(jpeg_with_exif(jpeg_of_blocks(), exif(orientation, false)), orientation);
    expect_blocks(jpeg_with_exif(jpeg_of_blocks(), exif(orientation, true)), orientation);
  }
}

TEST(Orientation, IsFoundAfterOtherSegments) {
  std::string file = jpeg_with_exif(jpeg_of_blocks(), exif(6));
  file = jpeg_with(file, std::string("http://ns.adobe.com/xap/1.0/\0<x/>", 33));
  expect_blocks(file, 6);
}

TEST(Orientation, OutOfRangeMeansUpright) {
  for (const int orientation : {0, 9, 255, 65535}) {
    expect_blocks(jpeg_with_exif(jpeg_of_blocks(), exif(orientation)), 1);
  }
}

TEST(Orientation, DamagedExifIsIgnored) {
  const std::string whole = exif(6);
  const auto orientation = [](const std::string& bytes) {
    return exif_orientation({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  };
  EXPECT_EQ(orientation(whole), 6);
  EXPECT_EQ(orientation(std::string("Exif\0\0", 6) + whole), 6);
  EXPECT_EQ(orientation(""), 1);
  for (std::size_t bytes = 0; bytes < 20; ++bytes) {
    EXPECT_EQ(orientation(whole.substr(0, bytes)), 1) << bytes;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int value = 0; value < 256; value += 5) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(value);
      EXPECT_THAT(orientation(damaged), ::testing::AllOf(::testing::Ge(1), ::testing::Le(8)));
    }
  }
}

TEST(Orientation, ADamagedChunkDoesNotHideThePicture) {
  const std::string whole = png({.height = 2, .width = 3, .bytes = kStored});
  expect_upright(png_with_exif(whole, ""), 1, "PNG");
  expect_upright(png_with_exif(whole, "II*"), 1, "PNG");
}

}  // namespace
}  // namespace minima::data
