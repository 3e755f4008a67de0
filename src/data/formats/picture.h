// One picture from a PNG or JPEG file, as 8-bit grey or colour.
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
};

/// The bytes of an image file. Throws an input error naming it when it cannot be read, does not
/// begin as PNG or JPEG do, or is larger than kMaxImageFileBytes; no more is read of it then.
[[nodiscard]] std::string read_picture(const std::filesystem::path& file);

/// Shape a file would decode to, from its header alone: 3 channels when it can hold colour (a PNG
/// palette of greys alone counts as grey). `file` is named in errors.
[[nodiscard]] ImageShape probe_picture(const std::string& bytes, const std::filesystem::path& file);

/// Decodes PNG or JPEG, told by content. 16 bits are scaled to 8, palettes looked up, transparent
/// pixels laid over white, CMYK turned into RGB; gamma, colour profiles and EXIF rotation are not
/// applied. Throws an input error naming `file` when it is neither, damaged, above 64
/// megapixels, or a JPEG of more than kMaxJpegScans scans.
[[nodiscard]] Picture decode_picture(const std::string& bytes, const std::filesystem::path& file);

/// Grey from colour by ITU-R Rec. 601 luma, colour from grey by repeating it.
[[nodiscard]] Picture with_channels(Picture picture, int channels);

/// Stretches to height x width: per axis by area averaging where it shrinks, by linear
/// interpolation between pixel centres where it grows. The same bytes on every machine.
[[nodiscard]] Picture resized(const Picture& picture, int height, int width);

namespace codec {

/// What a decoder delivers before the common steps: interleaved samples [height][width][samples]
/// with 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha) samples. Only the sizes when probing.
struct Raster {
  int height = 0;
  int width = 0;
  int samples = 0;
  std::vector<std::uint8_t> bytes;
  std::string problem;  ///< why it failed; empty when it did not
};

[[nodiscard]] Raster decode_png(std::span<const std::uint8_t> file, bool header_only);
[[nodiscard]] Raster decode_jpeg(std::span<const std::uint8_t> file, bool header_only);

}  // namespace codec
}  // namespace minima::data
