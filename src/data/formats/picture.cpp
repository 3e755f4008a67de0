#include "data/formats/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string_view>

#include "core/error.h"
#include "core/files/file.h"
#include "core/text.h"

namespace minima::data {
namespace {

constexpr int kWhite = 255;

bool starts_png(std::string_view start) {
  return start.starts_with(std::string_view("\x89PNG\r\n\x1a\n", 8));
}

bool starts_jpeg(std::string_view start) {
  return start.starts_with("\xff\xd8\xff");
}

void check_start(std::string_view start, const std::filesystem::path& file) {
  if (starts_png(start) || starts_jpeg(start)) return;
  throw input_error({file.string(), "byte 0"},
                    start.empty() ? "the image file is empty" : "is neither PNG nor JPEG",
                    "replace or remove the file");
}

Error too_large(const std::filesystem::path& file) {
  return input_error({file.string(), ""},
                     fmt::format("is larger than {}", human_bytes(kMaxImageFileBytes)),
                     "replace or remove the file");
}

codec::Raster decode(const std::string& bytes, const std::filesystem::path& file,
                     bool header_only) {
  const std::span<const std::uint8_t> content{reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                              bytes.size()};
  check_start(bytes, file);
  const bool is_png = starts_png(bytes);
  codec::Raster raster =
      is_png ? codec::decode_png(content, header_only) : codec::decode_jpeg(content, header_only);
  if (!raster.problem.empty()) {
    throw input_error({file.string(), ""},
                      std::string("damaged ") + (is_png ? "PNG" : "JPEG") + " image (" +
                          printable(raster.problem) + ")",
                      "replace or remove the file");
  }
  return raster;
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

/// Weights of the consecutive input pixels that form one output pixel along an axis.
struct Taps {
  int first = 0;
  std::vector<double> weights;
};

Taps area_taps(int out, double scale, int in_size) {
  const double begin = out * scale;
  const double end = std::min(begin + scale, static_cast<double>(in_size));
  Taps taps{static_cast<int>(begin), {}};
  for (int i = taps.first; i < end; ++i) {
    const double overlap = std::min(end, i + 1.0) - std::max(begin, static_cast<double>(i));
    taps.weights.push_back(overlap / (end - begin));
  }
  return taps;
}

Taps linear_taps(int out, double scale, int in_size) {
  const double centre = std::clamp((out + 0.5) * scale - 0.5, 0.0, in_size - 1.0);
  const int first = std::min(static_cast<int>(centre), std::max(in_size - 2, 0));
  if (in_size == 1) return {0, {1.0}};
  return {first, {1.0 - (centre - first), centre - first}};
}

std::vector<Taps> axis(int in_size, int out_size) {
  const double scale = static_cast<double>(in_size) / out_size;
  std::vector<Taps> taps;
  for (int out = 0; out < out_size; ++out) {
    taps.push_back(scale > 1.0 ? area_taps(out, scale, in_size) : linear_taps(out, scale, in_size));
  }
  return taps;
}

std::uint8_t rounded(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

}  // namespace

std::string read_picture(const std::filesystem::path& file) {
  std::string start(8, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(in.gcount()));
  if (in.is_open()) check_start(start, file);
  std::error_code error;  // for files without a size, which read_file() limits
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (!error && size > kMaxImageFileBytes) throw too_large(file);
  return read_file(file, kMaxImageFileBytes);
}

ImageShape probe_picture(const std::string& bytes, const std::filesystem::path& file) {
  const codec::Raster raster = decode(bytes, file, true);
  return {colour_samples(raster), raster.height, raster.width};
}

Picture decode_picture(const std::string& bytes, const std::filesystem::path& file) {
  const codec::Raster raster = decode(bytes, file, false);
  const int channels = colour_samples(raster);
  const bool has_alpha = raster.samples != channels;
  const std::size_t plane = static_cast<std::size_t>(raster.height) * raster.width;
  Picture picture{{channels, raster.height, raster.width}, {}};
  picture.pixels.resize(plane * channels);
  for (std::size_t i = 0; i < plane; ++i) {
    const std::uint8_t* samples = raster.bytes.data() + i * raster.samples;
    for (int c = 0; c < channels; ++c) {
      picture.pixels[c * plane + i] =
          has_alpha ? over_white(samples[c], samples[channels]) : samples[c];
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

Picture resized(const Picture& picture, int height, int width) {
  const ImageShape& in = picture.shape;
  if (in.height == height && in.width == width) return picture;
  const std::vector<Taps> rows = axis(in.height, height);
  const std::vector<Taps> columns = axis(in.width, width);
  Picture out{{in.channels, height, width}, {}};
  out.pixels.reserve(static_cast<std::size_t>(out.shape.pixels()));
  std::vector<double> row(static_cast<std::size_t>(in.width));
  for (int c = 0; c < in.channels; ++c) {
    for (int y = 0; y < height; ++y) {
      std::fill(row.begin(), row.end(), 0.0);
      for (std::size_t k = 0; k < rows[y].weights.size(); ++k) {
        const std::size_t line = static_cast<std::size_t>(c) * in.height + rows[y].first + k;
        const std::uint8_t* pixels = picture.pixels.data() + line * in.width;
        for (int x = 0; x < in.width; ++x) row[x] += rows[y].weights[k] * pixels[x];
      }
      for (const Taps& column : columns) {
        double value = 0.0;
        for (std::size_t k = 0; k < column.weights.size(); ++k) {
          value += column.weights[k] * row[column.first + k];
        }
        out.pixels.push_back(rounded(value));
      }
    }
  }
  return out;
}

}  // namespace minima::data
