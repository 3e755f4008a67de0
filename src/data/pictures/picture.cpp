#include "data/pictures/picture.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

#include "core/files/file.h"
#include "core/text.h"
#include "data/pictures/orientation.h"

namespace minima::data {
namespace {

constexpr int kWhite = 255;

PictureKind kind_of(std::string_view start, const std::filesystem::path& file) {
  if (const auto kind = picture_kind(start)) return *kind;
  throw BadPicture(
      file, "byte 0",
      start.empty() ? "the image file is empty" : fmt::format("is no {}", kPictureKinds));
}

codec::Raster decode(PictureKind kind, std::span<const std::uint8_t> content, bool header_only) {
  switch (kind) {
    case PictureKind::png:
      return codec::decode_png(content, header_only);
    case PictureKind::jpeg:
      return codec::decode_jpeg(content, header_only);
    case PictureKind::bmp:
      return codec::decode_bmp(content, header_only);
    case PictureKind::gif:
      return codec::decode_gif(content, header_only);
    case PictureKind::webp:
      return codec::decode_webp(content, header_only);
    case PictureKind::tiff:
      return codec::decode_tiff(content, header_only);
    case PictureKind::pnm:
      break;
  }
  return codec::decode_pnm(content, header_only);
}

codec::Raster decode(const std::string& bytes, const std::filesystem::path& file,
                     bool header_only) {
  const PictureKind kind = kind_of(bytes, file);
  codec::Raster raster = decode(
      kind, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, header_only);
  if (raster.problem.empty()) return raster;
  const std::string problem = printable(raster.problem);
  throw BadPicture(
      file, "",
      raster.is_variant
          ? fmt::format("{} image of a variant that is not read ({})", name_of(kind), problem)
          : fmt::format("damaged {} image ({})", name_of(kind), problem));
}

int colour_samples(const codec::Raster& raster) {
  return raster.samples >= 3 ? 3 : 1;
}

std::uint8_t over_white(int sample, int alpha) {
  return static_cast<std::uint8_t>((sample * alpha + kWhite * (255 - alpha) + 127) / 255);
}

/// Nothing that is this light can be told from white.
bool is_nearly_white(std::span<const std::uint8_t> pixels) {
  constexpr std::uint8_t kNearlyWhite = 240;
  return std::ranges::all_of(pixels, [](std::uint8_t pixel) { return pixel >= kNearlyWhite; });
}

/// Of a raster with alpha, which is the last sample of a pixel.
bool has_transparency(const codec::Raster& raster) {
  const auto samples = static_cast<std::size_t>(raster.samples);
  for (std::size_t i = samples - 1; i < raster.bytes.size(); i += samples) {
    if (raster.bytes[i] < 255) return true;
  }
  return false;
}

}  // namespace

BadPicture::BadPicture(const std::filesystem::path& file, std::string where, std::string reason)
    : Error(input_error({file.string(), where}, reason, "replace or remove the file")),
      where_(std::move(where)),
      reason_(std::move(reason)) {}

std::string read_picture(const std::filesystem::path& file) {
  std::string start(kPictureStart, '\0');
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) throw BadPicture(file, "", fmt::format("cannot be read: {}", std::strerror(errno)));
  in.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(in.gcount()));
  (void)kind_of(start, file);
  std::error_code error;  // for files without a size, which read_file() limits
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (!error && size > kMaxImageFileBytes) {
    throw BadPicture(file, "", fmt::format("is larger than {}", human_bytes(kMaxImageFileBytes)));
  }
  return read_file(file, kMaxImageFileBytes);
}

ImageShape probe_picture(const std::string& bytes, const std::filesystem::path& file) {
  const codec::Raster raster = decode(bytes, file, true);
  const bool exchanged = exchanges_sides(raster.orientation);
  return {colour_samples(raster), exchanged ? raster.width : raster.height,
          exchanged ? raster.height : raster.width};
}

Picture decode_picture(const std::string& bytes, const std::filesystem::path& file) {
  const codec::Raster raster = decode(bytes, file, false);
  const int channels = colour_samples(raster);
  const bool has_alpha = raster.samples != channels;
  const bool exchanged = exchanges_sides(raster.orientation);
  const int height = exchanged ? raster.width : raster.height;
  const int width = exchanged ? raster.height : raster.width;
  const std::size_t plane = static_cast<std::size_t>(height) * width;
  Picture picture{{channels, height, width}, {}, raster.orientation != 1, raster.has_more};
  picture.pixels.resize(plane * channels);
  std::size_t i = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, ++i) {
      const std::uint8_t* samples =
          raster.bytes.data() +
          stored_index(raster.orientation, raster.height, raster.width, y, x) * raster.samples;
      for (int c = 0; c < channels; ++c) {
        picture.pixels[c * plane + i] =
            has_alpha ? over_white(samples[c], samples[channels]) : samples[c];
      }
    }
  }
  picture.vanishes = has_alpha && is_nearly_white(picture.pixels) && has_transparency(raster);
  return picture;
}

Picture with_channels(Picture picture, int channels) {
  if (picture.shape.channels == channels) return picture;
  const std::size_t plane = static_cast<std::size_t>(picture.shape.height) * picture.shape.width;
  Picture out{{channels, picture.shape.height, picture.shape.width}, {}};
  out.pixels.resize(plane * channels);
  for (std::size_t i = 0; i < plane; ++i) {
    if (channels == 1) {
      const int luma = 299 * picture.pixels[i] + 587 * picture.pixels[plane + i] +
                       114 * picture.pixels[2 * plane + i];
      out.pixels[i] = static_cast<std::uint8_t>((luma + 500) / 1000);
    } else {
      for (int c = 0; c < channels; ++c) out.pixels[c * plane + i] = picture.pixels[i];
    }
  }
  return out;
}

}  // namespace minima::data
