// Decodes a picture from an image file as 8-bit grey or colour, turns it upright and resizes it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/enum_words.h"
#include "core/error.h"
#include "core/shape.h"
#include "data/limits.h"
#include "data/pictures/picture_kind.h"

namespace minima::data {

/// Pixels [channels][height][width]; 1 channel is grey, 3 are red, green, blue.
struct Picture {
  ImageShape shape;
  std::vector<std::uint8_t> pixels;
  bool was_turned = false;  ///< the file's orientation is not upright; the pixels here are
  bool is_first = false;    ///< of several frames or pages in the file
  bool vanishes = false;  ///< has transparent pixels, and is white everywhere when drawn over white
};

/// An image file that is damaged or of no known kind: "FILE: WHERE: REASON; replace or remove ...".
class BadPicture : public Error {
 public:
  BadPicture(const std::filesystem::path& file, std::string where, std::string reason);
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  std::string where_;
  std::string reason_;
};

/// The bytes of an image file. Throws BadPicture if it cannot be read, does not start like a
/// picture of a known kind, or is larger than kMaxImageFileBytes. A refused file is not read
/// further.
[[nodiscard]] std::string read_picture(const std::filesystem::path& file);

/// The shape a file would decode to, from its header alone: 3 channels if it can hold colour. A
/// palette with only greys counts as grey. Throws BadPicture with the name `file`.
[[nodiscard]] ImageShape probe_picture(const std::string& bytes, const std::filesystem::path& file);

/// Decodes a picture; its content determines the kind. Scales 16 bits to 8, resolves palettes,
/// draws transparent pixels over white, converts CMYK to RGB, and turns the picture upright by its
/// EXIF or TIFF orientation. Of several frames or pages it takes the first. Does not apply gamma or
/// colour profiles. Throws BadPicture if the file is of no known kind, damaged, above 64
/// megapixels, or a JPEG of more than kMaxJpegScans scans.
[[nodiscard]] Picture decode_picture(const std::string& bytes, const std::filesystem::path& file);

/// Converts colour to grey by ITU-R Rec. 601 luma, and grey to colour by repeating the channel.
[[nodiscard]] Picture with_channels(Picture picture, int channels);

/// Resizes to height x width. Per axis: area averaging to shrink, linear interpolation between
/// pixel centres to enlarge. The same bytes on every machine.
[[nodiscard]] Picture resized(const Picture& picture, int height, int width);

/// How a picture becomes height x width when its sides have another ratio.
enum class Fit {
  stretch,  ///< changes the ratio: each axis is scaled by itself
  pad,      ///< keeps the ratio and the whole picture; black bars fill the rest
  crop,     ///< keeps the ratio and fills the size; cuts equal parts off the two longer ends
};
constexpr auto words_of(Fit /*any*/) {
  return std::to_array<EnumWord<Fit>>(
      {{Fit::stretch, "stretch"}, {Fit::pad, "pad"}, {Fit::crop, "crop"}});
}

/// `resized` after the rule of `fit`.
[[nodiscard]] Picture fitted(const Picture& picture, int height, int width, Fit fit);

namespace codec {

/// The output of a decoder before the common steps: interleaved samples [height][width][samples]
/// with 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha) samples. When probing, only `bytes`
/// stays empty.
struct Raster {
  int height = 0;
  int width = 0;
  int samples = 0;
  int orientation = 1;    ///< as in EXIF; see orientation.h
  bool has_more = false;  ///< there are more frames or pages; set when decoding
  std::vector<std::uint8_t> bytes;
  std::string problem;      ///< why decoding failed; empty on success
  bool is_variant = false;  ///< the problem: an intact file of a variant that is not read
};

[[nodiscard]] Raster decode_png(std::span<const std::uint8_t> file, bool header_only);
[[nodiscard]] Raster decode_jpeg(std::span<const std::uint8_t> file, bool header_only);
[[nodiscard]] Raster decode_bmp(std::span<const std::uint8_t> file, bool header_only);
[[nodiscard]] Raster decode_gif(std::span<const std::uint8_t> file, bool header_only);
[[nodiscard]] Raster decode_webp(std::span<const std::uint8_t> file, bool header_only);
[[nodiscard]] Raster decode_tiff(std::span<const std::uint8_t> file, bool header_only);
[[nodiscard]] Raster decode_pnm(std::span<const std::uint8_t> file, bool header_only);

}  // namespace codec
}  // namespace minima::data
