// Writes image files of all kinds for the reader tests, and puts orientations into them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/pictures/picture.h"

namespace minima::data::testing {

/// A picture as a file of this kind, written by Leptonica without loss (not for PNG and JPEG).
[[nodiscard]] std::string encoded(PictureKind kind, const Picture& picture);

/// EXIF data with an orientation, without the leading "Exif\0\0".
[[nodiscard]] std::string exif(int orientation, bool big_endian = false);

/// The file with EXIF data: a segment of a JPEG, a chunk of a PNG before or after the pixels, a
/// chunk of a WebP.
[[nodiscard]] std::string jpeg_with(const std::string& jpeg, std::string_view segment);
[[nodiscard]] std::string jpeg_with_exif(const std::string& jpeg, std::string_view exif);
[[nodiscard]] std::string png_with_exif(const std::string& png, std::string_view exif,
                                        bool before_pixels = true);
[[nodiscard]] std::string webp_with_exif(const std::string& webp, int height, int width,
                                         std::string_view exif);

/// A little-endian TIFF of one page in one strip, without compression.
struct TiffImage {
  int height = 1;
  int width = 1;
  int bits = 8;
  int samples = 1;
  int photometric = 1;  ///< 0: min is white, 1: min is black, 2: RGB
  int format = 1;       ///< of samples; 1: unsigned, 3: floating point
  int extra = -1;       ///< meaning of the last sample; -1: no tag
  int orientation = 1;
  std::string bytes = {};
  bool has_next = false;  ///< the same page follows again
};
[[nodiscard]] std::string tiff(const TiffImage& image);

/// An uncompressed BMP; `pixels` are its bytes as stored, `height` is negative from the top down.
[[nodiscard]] std::string bmp(int height, int width, int bits, std::string_view pixels);

/// A number of `bytes` bytes, the least significant first.
[[nodiscard]] std::string little_endian(std::uint64_t value, int bytes);

}  // namespace minima::data::testing
