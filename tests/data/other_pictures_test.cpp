// BMP, GIF, WebP, TIFF and PNM.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <map>

#include "files.h"
#include "pictures.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

constexpr std::array kOthers{PictureKind::bmp, PictureKind::gif, PictureKind::webp,
                             PictureKind::tiff, PictureKind::pnm};

std::string refused_picture(const std::string& bytes) {
  return refusal([&] { (void)decode_picture(bytes, "x/a"); });
}

/// 5 x 7 pixels with few colours, because a GIF has a palette.
Picture sample(int channels) {
  Picture picture{{channels, 5, 7}, {}};
  for (int i = 0; i < channels * 35; ++i) {
    picture.pixels.push_back(static_cast<std::uint8_t>(i % 6 * 50));
  }
  return picture;
}

TEST(OtherPictures, EveryKindKeepsEveryPixel) {
  for (const PictureKind kind : kOthers) {
    for (const int channels : {1, 3}) {
      SCOPED_TRACE(fmt::format("{}, {} channels", name_of(kind), channels));
      const Picture expected = sample(channels);
      const std::string file = encoded(kind, expected);
      const Picture found = with_channels(decode_picture(file, "a"), channels);
      EXPECT_EQ(found.shape, expected.shape);
      EXPECT_THAT(found.pixels, ElementsAreArray(expected.pixels));
    }
  }
}

TEST(OtherPictures, GreyStaysGreyExceptInWebpWhichHasNone) {
  for (const PictureKind kind : kOthers) {
    const std::string file = encoded(kind, sample(1));
    const int channels = kind == PictureKind::webp ? 3 : 1;
    EXPECT_EQ(probe_picture(file, "a").channels, channels) << name_of(kind);
    EXPECT_EQ(decode_picture(file, "a").shape.channels, channels) << name_of(kind);
  }
}

TEST(OtherPictures, ATruncatedFileIsRefusedWhereverItEnds) {
  for (const PictureKind kind : kOthers) {
    const std::string whole = encoded(kind, sample(3));
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
      ASSERT_THAT(refused_picture(whole.substr(0, bytes)), HasSubstr("x/a: "))
          << name_of(kind) << " cut off after " << bytes;
    }
  }
}

TEST(OtherPictures, HugeSidesAreRefusedBeforeAnyPixelIsRead) {
  const std::string sides = little_endian(60'000, 2) + little_endian(60'000, 2);
  const std::vector<std::string> files{
      bmp(60'000, 60'000, 24, "few"),
      "GIF89a" + sides + std::string(3, '\0') + "," + std::string(4, '\0') + sides +
          std::string("\0\x02\x01\x44\0;", 6),
      "RIFF" + little_endian(30, 4) + "WEBPVP8X" + little_endian(10, 4) + little_endian(0, 4) +
          little_endian(16'000, 3) + little_endian(16'000, 3) + "VP8 " + little_endian(0, 4),
      tiff({.height = 60'000, .width = 60'000, .bytes = "few"}),
      "P5\n60000 60000\n255\nfew",
      "P2 60000 60000 255 1 2 3",
  };
  for (const std::string& file : files) {
    EXPECT_THAT(refused_picture(file), HasSubstr("more than 64 megapixels"));
    EXPECT_THAT(refusal([&] { (void)probe_picture(file, "x/a"); }),
                HasSubstr("more than 64 megapixels"));
  }
}

TEST(OtherPictures, BmpOfThirtyTwoBitsKeepsRedAndBlueApart) {
  const std::string pixels("\x01\x02\x03\0\x04\x05\x06\0", 8);  // blue, green, red, unused
  EXPECT_THAT(decode_picture(bmp(1, 2, 32, pixels), "a").pixels, ElementsAre(3, 6, 2, 5, 1, 4));
}

TEST(OtherPictures, BmpFromTheTopDownIsUpright) {
  const std::string rows("\1\1\1\0\2\2\2\0", 8);
  EXPECT_THAT(with_channels(decode_picture(bmp(2, 1, 24, rows), "a"), 1).pixels, ElementsAre(2, 1));
  EXPECT_THAT(with_channels(decode_picture(bmp(-2, 1, 24, rows), "a"), 1).pixels,
              ElementsAre(1, 2));
}

TEST(OtherPictures, BmpMayHaveBytesAfterThePixels) {
  const std::string row("\1\1\1\0", 4);
  EXPECT_THAT(decode_picture(bmp(1, 1, 24, row + "xx"), "a").pixels, Each(1));
}

TEST(OtherPictures, BmpOfSixteenBitsIsRefusedBecauseItWouldBeReadAsGrey) {
  EXPECT_EQ(refused_picture(bmp(1, 2, 16, "abcd")),
            "x/a: BMP image of a variant that is not read (compressed, 16 bits a pixel, or of "
            "OS/2); replace or remove the file");
}

/// Inserts bytes before the first frame of a GIF.
std::string before_frame(const std::string& gif, const std::string& extension) {
  const std::size_t colours = std::size_t{2} << (gif[10] & 7);
  const std::size_t at = 13 + 3 * colours;
  return gif.substr(0, at) + extension + gif.substr(at);
}

TEST(OtherPictures, TransparentPixelsOfAGifLieOverWhite) {
  const std::string whole = encoded(PictureKind::gif, {{1, 1, 2}, {0, 200}});
  std::map<std::vector<std::uint8_t>, int> outcomes;
  for (int index = 0; index < 256; ++index) {
    const std::string control =
        std::string("!\xf9\x04\x01\0\0", 6) + static_cast<char>(index) + '\0';
    ++outcomes[decode_picture(before_frame(whole, control), "a").pixels];
  }
  using ::testing::Pair;
  using ::testing::UnorderedElementsAre;
  EXPECT_THAT(outcomes,
              UnorderedElementsAre(Pair(ElementsAre(0, 200), 254), Pair(ElementsAre(255, 200), 1),
                                   Pair(ElementsAre(0, 255), 1)));
}

TEST(OtherPictures, TheFirstFrameOfAnAnimatedGifIsReadAndReported) {
  const std::string first = encoded(PictureKind::gif, sample(1));
  const std::size_t frame = first.find(',', 13 + 3 * (std::size_t{2} << (first[10] & 7)));
  std::string animated = first.substr(0, first.size() - 1) + first.substr(frame);
  const Picture picture = decode_picture(animated, "a");
  EXPECT_TRUE(picture.is_first);
  EXPECT_THAT(picture.pixels, ElementsAreArray(sample(1).pixels));
  EXPECT_FALSE(decode_picture(first, "a").is_first);
}

TEST(OtherPictures, AnAnimatedWebpIsRefused) {
  std::string file = webp_with_exif(encoded(PictureKind::webp, sample(3)), 5, 7, exif(1));
  file[20] = static_cast<char>(file[20] | 2);
  EXPECT_THAT(refused_picture(file),
              HasSubstr("WebP image of a variant that is not read (an anim"));
}

TEST(OtherPictures, PnmOfSixteenBitsIsScaledToEight) {
  const std::string grey("\x00\x00\x80\x80\xff\xff", 6);
  EXPECT_THAT(decode_picture("P5\n3 1\n65535\n" + grey, "a").pixels, ElementsAre(0, 128, 255));
  EXPECT_THAT(decode_picture("P2\n3 1\n65535\n0 32896 65535\n", "a").pixels,
              ElementsAre(0, 128, 255));
  EXPECT_THAT(decode_picture("P6\n1 1\n65535\n" + grey, "a").pixels, ElementsAre(0, 128, 255));
}

TEST(OtherPictures, PnmBitmapsAreBlackWhereTheyAreOne) {
  EXPECT_THAT(decode_picture("P4\n3 1\n\xa0", "a").pixels, ElementsAre(0, 255, 0));
  EXPECT_THAT(decode_picture("P1\n3 1\n1 0 1\n", "a").pixels, ElementsAre(0, 255, 0));
}

TEST(OtherPictures, PnmOfAnotherScaleIsRefused) {
  EXPECT_EQ(refused_picture("P5\n1 1\n4095\n\x01\x02"),
            "x/a: PNM image of a variant that is not read (its header is wrong, or its largest "
            "value is not 1, 3, 15, 255 or 65535); replace or remove the file");
  EXPECT_THAT(refused_picture("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 65535\nENDHDR\n\x01\x02"),
              HasSubstr("a PAM of other than 8 bits a sample"));
}

TEST(OtherPictures, TiffIsWhiteWhereItSaysSo) {
  const std::string bytes("\x00\x00\xff\xff", 4);
  EXPECT_THAT(
      decode_picture(tiff({.width = 2, .bits = 16, .photometric = 0, .bytes = bytes}), "a").pixels,
      ElementsAre(255, 0));
  EXPECT_THAT(decode_picture(tiff({.width = 4, .photometric = 0, .bytes = bytes}), "a").pixels,
              ElementsAre(255, 255, 0, 0));
}

TEST(OtherPictures, TransparentPixelsOfATiffLieOverWhite) {
  constexpr int kUnassociated = 2;
  const std::string grey("\x64\x00\x64\x33\x64\xff", 6);
  EXPECT_THAT(
      decode_picture(tiff({.width = 3, .samples = 2, .extra = kUnassociated, .bytes = grey}), "a")
          .pixels,
      ElementsAre(255, 224, 100));
  const std::string colour("\x64\x64\x64\x00\x64\x64\x64\x33", 8);
  EXPECT_THAT(decode_picture(tiff({.width = 2,
                                   .samples = 4,
                                   .photometric = 2,
                                   .extra = kUnassociated,
                                   .bytes = colour}),
                             "a")
                  .pixels,
              ElementsAre(255, 224, 255, 224, 255, 224));
}

TEST(OtherPictures, TheFirstPageOfATiffIsReadAndReported) {
  EXPECT_TRUE(decode_picture(tiff({.bytes = "x", .has_next = true}), "a").is_first);
  EXPECT_FALSE(decode_picture(tiff({.bytes = "x"}), "a").is_first);
}

TEST(OtherPictures, TiffOfFloatingPointIsRefused) {
  EXPECT_EQ(refused_picture(tiff({.bits = 32, .format = 3, .bytes = "abcd"})),
            "x/a: TIFF image of a variant that is not read (its samples are no unsigned integers); "
            "replace or remove the file");
}

TEST(OtherPictures, ATiffWithoutAllItsStripsIsRefused) {
  std::string file = tiff({.height = 2, .width = 3, .bytes = "abcdef"});
  const std::size_t height = file.find(little_endian(257, 2) + little_endian(4, 2));
  file[height + 8] = 9;  // four and a half strips of two rows, of which there is one
  const std::size_t rows = file.find(little_endian(278, 2) + little_endian(4, 2));
  ASSERT_EQ(file[rows + 8], 2);
  EXPECT_EQ(refused_picture(file),
            "x/a: damaged TIFF image (strips or tiles are missing); replace or remove the file");
}

TEST(OtherPictures, ATiffWithADamagedStripIsRefused) {
  std::string file = encoded(PictureKind::tiff, sample(3));
  file.replace(8, 6, 6, '\xff');  // the first codes of LZW
  EXPECT_EQ(refused_picture(file),
            "x/a: damaged TIFF image (the file is truncated or corrupt); replace or remove the "
            "file");
}

}  // namespace
}  // namespace minima::data
