#include "pictures.h"

#include <leptonica/allheaders.h>
#include <zlib.h>

#include <cstdlib>
#include <stdexcept>

namespace minima::data::testing {
namespace {

PIX* pix_of(const Picture& picture) {
  const auto [channels, height, width] = picture.shape;
  PIX* pix = pixCreate(width, height, channels == 1 ? 8 : 32);
  const std::size_t plane = static_cast<std::size_t>(height) * width;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * width + x;
      l_uint32 value = picture.pixels[i];
      if (channels == 3) {
        composeRGBPixel(picture.pixels[i], picture.pixels[plane + i], picture.pixels[2 * plane + i],
                        &value);
      }
      pixSetPixel(pix, x, y, value);
    }
  }
  return pix;
}

std::string big_endian(std::uint64_t value, int bytes) {
  const std::string little = little_endian(value, bytes);
  return {little.rbegin(), little.rend()};
}

}  // namespace

std::string little_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i, value >>= 8) out += static_cast<char>(value & 0xff);
  return out;
}

std::string encoded(PictureKind kind, const Picture& picture) {
  PIX* pix = pix_of(picture);
  l_uint8* bytes = nullptr;
  std::size_t size = 0;
  l_ok failed = 1;
  if (kind == PictureKind::webp) {
    PIX* colour = pixConvertTo32(pix);
    failed = pixWriteMemWebP(&bytes, &size, colour, 100, 1);
    pixDestroy(&colour);
  } else if (kind != PictureKind::png && kind != PictureKind::jpeg) {
    failed = pixWriteMem(&bytes, &size, pix,
                         kind == PictureKind::bmp    ? IFF_BMP
                         : kind == PictureKind::gif  ? IFF_GIF
                         : kind == PictureKind::tiff ? IFF_TIFF_LZW
                                                     : IFF_PNM);
  }
  pixDestroy(&pix);
  if (failed != 0) throw std::runtime_error("Leptonica did not write a picture");
  std::string out(reinterpret_cast<const char*>(bytes), size);
  lept_free(bytes);
  return out;
}

std::string exif(int orientation, bool big) {
  const auto number = [&](std::uint64_t value, int bytes) {
    return big ? big_endian(value, bytes) : little_endian(value, bytes);
  };
  return (big ? "MM" : "II") + number(42, 2) + number(8, 4) + number(1, 2) + number(0x112, 2) +
         number(3, 2) + number(1, 4) + number(static_cast<std::uint64_t>(orientation), 2) +
         number(0, 2) + number(0, 4);
}

std::string jpeg_with(const std::string& jpeg, std::string_view segment) {
  return jpeg.substr(0, 2) + "\xff\xe1" + big_endian(segment.size() + 2, 2) + std::string(segment) +
         jpeg.substr(2);
}

std::string jpeg_with_exif(const std::string& jpeg, std::string_view exif) {
  return jpeg_with(jpeg, std::string("Exif\0\0", 6) + std::string(exif));
}

std::string png_with_exif(const std::string& png, std::string_view exif, bool before_pixels) {
  const std::string content = "eXIf" + std::string(exif);
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
  const std::string chunk = big_endian(exif.size(), 4) + content + big_endian(sum, 4);
  constexpr std::size_t kHeader = 8 + 25;
  constexpr std::size_t kEnd = 12;
  const std::size_t at = before_pixels ? kHeader : png.size() - kEnd;
  return png.substr(0, at) + chunk + png.substr(at);
}

std::string webp_with_exif(const std::string& webp, int height, int width, std::string_view exif) {
  std::string chunks = "VP8X" + little_endian(10, 4) + little_endian(8, 4) +
                       little_endian(static_cast<std::uint64_t>(width) - 1, 3) +
                       little_endian(static_cast<std::uint64_t>(height) - 1, 3) + webp.substr(12);
  chunks += "EXIF" + little_endian(exif.size(), 4) + std::string(exif);
  if (exif.size() % 2 != 0) chunks += '\0';
  return "RIFF" + little_endian(chunks.size() + 4, 4) + "WEBP" + chunks;
}

std::string tiff(const TiffImage& image) {
  std::vector<std::array<std::uint64_t, 2>> tags{
      {256, static_cast<std::uint64_t>(image.width)},
      {257, static_cast<std::uint64_t>(image.height)},
      {258, static_cast<std::uint64_t>(image.bits)},
      {259, 1},
      {262, static_cast<std::uint64_t>(image.photometric)},
      {273, 0},
      {274, static_cast<std::uint64_t>(image.orientation)},
      {277, static_cast<std::uint64_t>(image.samples)},
      {278, static_cast<std::uint64_t>(image.height)},
      {279, image.bytes.size()}};
  if (image.extra >= 0) tags.push_back({338, static_cast<std::uint64_t>(image.extra)});
  tags.push_back({339, static_cast<std::uint64_t>(image.format)});
  const std::size_t directory = 2 + 12 * tags.size() + 4;
  // BitsPerSample and SampleFormat need a value for each sample; libtiff takes one for all.
  const std::size_t pages = image.has_next ? 2 : 1;
  std::string out = std::string("II*\0", 4) + little_endian(8, 4);
  for (std::size_t page = 0; page < pages; ++page) {
    out += little_endian(tags.size(), 2);
    for (auto [tag, value] : tags) {
      if (tag == 273) value = 8 + pages * directory;
      out += little_endian(tag, 2) + little_endian(4, 2) + little_endian(1, 4) +
             little_endian(value, 4);
    }
    out += little_endian(page + 1 < pages ? 8 + directory : 0, 4);
  }
  return out + image.bytes;
}

std::string bmp(int height, int width, int bits, std::string_view pixels) {
  constexpr std::uint64_t kHeaders = 54;
  return "BM" + little_endian(kHeaders + pixels.size(), 4) + little_endian(0, 4) +
         little_endian(kHeaders, 4) + little_endian(40, 4) +
         little_endian(static_cast<std::uint32_t>(width), 4) +
         little_endian(static_cast<std::uint32_t>(height), 4) + little_endian(1, 2) +
         little_endian(static_cast<std::uint64_t>(bits), 2) + little_endian(0, 24) +
         std::string(pixels);
}

}  // namespace minima::data::testing
