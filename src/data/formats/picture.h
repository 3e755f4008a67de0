// Decodes a picture from a PNG or JPEG file as 8-bit grey or colour.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/shape.h"
#include "data/formats/limits.h"

namespace minima::data {

/// Pixels [channels][height][width]; 1 channel is grey, 3 are red, green, blue.
struct Picture {
  ImageShape shape;
  std::vector<std::uint8_t> pixels;
  bool vanishes = false;  ///< has transparent pixels, and is white everywhere when drawn over white
};

/// The bytes of an image file. Throws an input error naming it if it cannot be read, does not start
/// like a PNG or JPEG, or is larger than kMaxImageFileBytes. A refused file is not read further.
[[nodiscard]] std::string read_picture(const std::filesystem::path& file);

/// The shape a file would decode to, from its header alone: 3 channels if it can hold colour. A PNG
/// palette with only greys counts as grey. Errors name `file`.
[[nodiscard]] ImageShape probe_picture(const std::string& bytes, const std::filesystem::path& file);

/// Decodes PNG or JPEG, recognized by content. Scales 16 bits to 8, resolves palettes, draws
/// transparent pixels over white and converts CMYK to RGB. Does not apply gamma, colour profiles or
/// EXIF rotation. Throws an input error naming `file` if it is neither format, damaged, above 64
/// megapixels, or a JPEG of more than kMaxJpegScans scans.
[[nodiscard]] Picture decode_picture(const std::string& bytes, const std::filesystem::path& file);

/// Converts colour to grey by ITU-R Rec. 601 luma, and grey to colour by repeating the channel.
[[nodiscard]] Picture with_channels(Picture picture, int channels);

/// Resizes to height x width. Per axis: area averaging to shrink, linear interpolation between
/// pixel centres to enlarge. The same bytes on every machine.
[[nodiscard]] Picture resized(const Picture& picture, int height, int width);

namespace codec {

/// The output of a decoder before the common steps: interleaved samples [height][width][samples]
/// with 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha) samples. Only sizes are set when
/// probing.
struct Raster {
  int height = 0;
  int width = 0;
  int samples = 0;
  std::vector<std::uint8_t> bytes;
  std::string problem;  ///< why decoding failed; empty on success
};

[[nodiscard]] Raster decode_png(std::span<const std::uint8_t> file, bool header_only);
[[nodiscard]] Raster decode_jpeg(std::span<const std::uint8_t> file, bool header_only);

}  // namespace codec
}  // namespace minima::data
