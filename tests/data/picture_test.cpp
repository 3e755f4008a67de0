#include "data/pictures/picture.h"

#include <gmock/gmock.h>

#include "files.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

Picture decoded(const PngImage& image) {
  return decode_picture(png(image), "a.png");
}

std::string picture_refused(const std::string& bytes) {
  return refusal([&] { (void)decode_picture(bytes, "x/a.png"); });
}

TEST(Picture, PngKeepsEveryGreyPixel) {
  const Picture picture = decoded({.height = 2, .width = 2, .bytes = {0, 1, 128, 255}});
  EXPECT_EQ(picture.shape, (ImageShape{1, 2, 2}));
  EXPECT_THAT(picture.pixels, ElementsAre(0, 1, 128, 255));
}

TEST(Picture, PngColoursBecomePlanes) {
  const Picture picture = decoded({.width = 2, .samples = 3, .bytes = {1, 2, 3, 4, 5, 6}});
  EXPECT_EQ(picture.shape, (ImageShape{3, 1, 2}));
  EXPECT_THAT(picture.pixels, ElementsAre(1, 4, 2, 5, 3, 6));
}

TEST(Picture, PngInterlacedIsTheSame) {
  std::vector<std::uint8_t> bytes(9 * 11);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(2 * i);
  EXPECT_THAT(decoded({.height = 9, .width = 11, .bytes = bytes, .interlaced = true}).pixels,
              ElementsAreArray(bytes));
}

TEST(Picture, PngOfSixteenBitsIsScaledToEight) {
  const Picture picture =
      decoded({.width = 3, .bits = 16, .bytes = {0x00, 0x00, 0x80, 0x80, 0xff, 0xff}});
  EXPECT_THAT(picture.pixels, ElementsAre(0, 128, 255));
}

TEST(Picture, PngOfOneBitIsBlackAndWhite) {
  EXPECT_THAT(decoded({.width = 4, .bits = 1, .bytes = {0b01010000}}).pixels,
              ElementsAre(0, 255, 0, 255));
}

TEST(Picture, PngPaletteIsLookedUp) {
  const Picture picture =
      decoded({.width = 2, .bytes = {1, 0}, .palette = {10, 20, 30, 40, 50, 60}});
  EXPECT_EQ(picture.shape.channels, 3);
  EXPECT_THAT(picture.pixels, ElementsAre(40, 10, 50, 20, 60, 30));
}

TEST(Picture, PngPaletteOfGreysIsGrey) {
  const PngImage image{.width = 2, .bytes = {1, 0}, .palette = {9, 9, 9, 200, 200, 200}};
  EXPECT_EQ(probe_picture(png(image), "a.png"), (ImageShape{1, 1, 2}));
  EXPECT_THAT(decoded(image).pixels, ElementsAre(200, 9));
}

TEST(Picture, TransparentPixelsLieOverWhite) {
  EXPECT_THAT(decoded({.width = 3, .samples = 2, .bytes = {0, 255, 0, 0, 100, 51}}).pixels,
              ElementsAre(0, 255, 224));
  EXPECT_THAT(decoded({.samples = 4, .bytes = {0, 10, 20, 0}}).pixels, Each(255));
  EXPECT_THAT(decoded({.width = 2,
                       .bytes = {0, 1},
                       .palette = {10, 20, 30, 40, 50, 60},
                       .palette_alpha = {255, 0}})
                  .pixels,
              ElementsAre(10, 255, 20, 255, 30, 255));
}

TEST(Picture, JpegComesWithinItsRounding) {
  const Picture grey = decode_picture(flat_jpeg(9, 10, {77}), "a.jpg");
  EXPECT_EQ(grey.shape, (ImageShape{1, 9, 10}));
  EXPECT_THAT(grey.pixels, Each(::testing::AllOf(::testing::Ge(76), ::testing::Le(78))));
  const Picture colour = decode_picture(flat_jpeg(8, 8, {200, 100, 50}), "a.jpg");
  EXPECT_EQ(colour.shape, (ImageShape{3, 8, 8}));
  EXPECT_NEAR(colour.pixels[0], 200, 3);
  EXPECT_NEAR(colour.pixels[64], 100, 3);
  EXPECT_NEAR(colour.pixels[128], 50, 3);
}

TEST(Picture, JpegOfPrintersBecomesRgb) {
  const Picture picture = decode_picture(flat_jpeg(8, 8, {255, 128, 0, 128}), "a.jpg");
  EXPECT_EQ(picture.shape, (ImageShape{3, 8, 8}));
  EXPECT_NEAR(picture.pixels[0], 128, 3);
  EXPECT_NEAR(picture.pixels[64], 64, 3);
  EXPECT_NEAR(picture.pixels[128], 0, 3);
}

TEST(Picture, ContentDecidesNotTheName) {
  EXPECT_EQ(decode_picture(flat_jpeg(8, 8, {77}), "a.png").shape, (ImageShape{1, 8, 8}));
}

TEST(Picture, RefusesDamagedFilesByName) {
  EXPECT_EQ(picture_refused(""),
            "x/a.png: byte 0: the image file is empty; replace or remove the file");
  EXPECT_EQ(picture_refused("%PDF-1.7"),
            "x/a.png: byte 0: is no PNG, JPEG, BMP, GIF, WebP, TIFF or PNM; replace or remove the "
            "file");
  const std::string whole = flat_png(20, 20, {1, 2, 3});
  EXPECT_EQ(picture_refused(whole.substr(0, whole.size() - 20)),
            "x/a.png: damaged PNG image (the file ends early); replace or remove the file");
  std::string corrupt = whole;
  corrupt[18] ^= 1;  // in the width, so the header's checksum is wrong
  EXPECT_EQ(picture_refused(corrupt),
            "x/a.png: damaged PNG image (IHDR: CRC error); replace or remove the file");
}

TEST(Picture, RefusesAJpegThatLibjpegWouldFillWithGrey) {
  std::string whole = jpeg(64, 64, 1, std::vector<std::uint8_t>(64 * 64, 9));
  EXPECT_EQ(picture_refused(whole.substr(0, whole.size() - 12)),
            "x/a.png: damaged JPEG image (Premature end of JPEG file); replace or remove the file");
  EXPECT_THAT(picture_refused(whole.substr(0, 20)), HasSubstr("damaged JPEG image"));
}

TEST(Picture, GreyIsTheLumaOfRec601) {
  const Picture colour{{3, 1, 4}, {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255}};
  const Picture grey = with_channels(colour, 1);
  EXPECT_EQ(grey.shape, (ImageShape{1, 1, 4}));
  EXPECT_THAT(grey.pixels, ElementsAre(76, 150, 29, 255));
  EXPECT_THAT(with_channels(grey, 3).pixels,
              ElementsAre(76, 150, 29, 255, 76, 150, 29, 255, 76, 150, 29, 255));
}

TEST(Picture, ShrinkingAveragesAreas) {
  const Picture picture{{1, 2, 4}, {0, 100, 10, 30, 20, 40, 50, 70}};
  EXPECT_THAT(resized(picture, 1, 2).pixels, ElementsAre(40, 40));
  EXPECT_THAT(resized({{1, 1, 3}, {0, 90, 240}}, 1, 2).pixels, ElementsAre(30, 190));
}

TEST(Picture, GrowingInterpolatesBetweenPixelCentres) {
  EXPECT_THAT(resized({{1, 1, 2}, {0, 100}}, 1, 4).pixels, ElementsAre(0, 25, 75, 100));
  EXPECT_THAT(resized({{1, 1, 1}, {9}}, 2, 2).pixels, Each(9));
}

TEST(Picture, ResizingAFlatImageChangesNothing) {
  for (const int size : {1, 3, 7, 13, 28, 50}) {
    const Picture flat{{3, 13, 17}, std::vector<std::uint8_t>(3 * 13 * 17, 201)};
    const Picture out = resized(flat, size, 2 * size);
    EXPECT_EQ(out.shape, (ImageShape{3, size, 2 * size}));
    EXPECT_THAT(out.pixels, Each(201)) << size;
  }
}

/// 4 x 2 pixels: 1 2 / 3 4 / 5 6 / 7 8.
const Picture kTall{{1, 4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}};

TEST(Picture, PaddingKeepsTheWholePictureInTheMiddle) {
  EXPECT_THAT(fitted(kTall, 4, 4, Fit::pad).pixels,
              ElementsAre(0, 1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0, 0, 7, 8, 0));
  EXPECT_THAT(fitted({{1, 1, 2}, {5, 6}}, 3, 2, Fit::pad).pixels, ElementsAre(0, 0, 5, 6, 0, 0));
}

TEST(Picture, CroppingTakesTheMiddle) {
  EXPECT_THAT(fitted(kTall, 2, 2, Fit::crop).pixels, ElementsAre(3, 4, 5, 6));
  EXPECT_THAT(fitted({{3, 1, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}}, 1, 1, Fit::crop).pixels,
              ElementsAre(2, 5, 8));
}

TEST(Picture, EveryFitGivesTheSizeAskedFor) {
  for (const Fit fit : {Fit::stretch, Fit::pad, Fit::crop}) {
    for (const auto& [height, width] : {std::pair{1, 1000}, {1000, 1}, {3, 3}, {7, 5}}) {
      const Picture thin{{3, height, width},
                         std::vector<std::uint8_t>(3 * static_cast<std::size_t>(height) * width)};
      for (const auto& [to_height, to_width] : {std::pair{1, 1}, {28, 28}, {1, 50}, {50, 1}}) {
        const Picture out = fitted(thin, to_height, to_width, fit);
        EXPECT_EQ(out.shape, (ImageShape{3, to_height, to_width}));
        EXPECT_EQ(out.pixels.size(), 3u * to_height * to_width);
      }
    }
  }
}

TEST(Picture, FitChangesNothingIfTheRatioIsTheSame) {
  const Picture picture{{1, 2, 2}, {1, 2, 3, 4}};
  for (const Fit fit : {Fit::stretch, Fit::pad, Fit::crop}) {
    EXPECT_EQ(fitted(picture, 4, 4, fit).pixels, resized(picture, 4, 4).pixels);
  }
}

}  // namespace
}  // namespace minima::data
