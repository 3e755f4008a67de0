#include "data/source/preview.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/file.h"

namespace minima::data {
namespace {

// Gaps and empty cells are dark but not black, so that images on black stand out.
constexpr std::uint8_t kBackground = 48;

/// A picture [height][width][channels], the layout of PNG.
struct SheetPicture {
  int width = 0;
  int height = 0;
  int channels = 0;
  std::vector<std::uint8_t> pixels;

  SheetPicture(int width_, int height_, int channels_)
      : width(width_),
        height(height_),
        channels(channels_),
        pixels(static_cast<std::size_t>(width_) * height_ * channels_, kBackground) {}

  [[nodiscard]] std::uint8_t* at(int x, int y) {
    return pixels.data() + (static_cast<std::size_t>(y) * width + x) * channels;
  }
};

/// Copies an image [channels][height][width] to (left, top), enlarged.
void paste(std::span<const std::uint8_t> image, const ImageShape& shape, int scale, int left,
           int top, SheetPicture& sheet) {
  for (int y = 0; y < shape.height * scale; ++y) {
    for (int x = 0; x < shape.width * scale; ++x) {
      std::uint8_t* pixel = sheet.at(left + x, top + y);
      for (int c = 0; c < shape.channels; ++c) {
        const int from = (c * shape.height + y / scale) * shape.width + x / scale;
        pixel[c] = image[static_cast<std::size_t>(from)];
      }
    }
  }
}

std::string encode(const SheetPicture& picture, const std::filesystem::path& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = picture.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string content(bytes, '\0');
  if (png_image_write_to_memory(&image, content.data(), &bytes, 0, picture.pixels.data(), 0,
                                nullptr) == 0) {
    throw work_error({path.string(), ""}, fmt::format("PNG encoder: {}", image.message));
  }
  content.resize(bytes);
  return content;
}

void check(const Dataset& dataset, const Split& split, const std::filesystem::path& path) {
  if (split.count() == 0) {
    throw input_error({path.string(), ""}, "there are no images to show",
                      fmt::format("ask for images of \"{}\"", dataset.name));
  }
  if (dataset.shape.channels != 1 && dataset.shape.channels != 3) {
    throw input_error({path.string(), ""},
                      fmt::format("images of {} channels cannot be shown", dataset.shape.channels),
                      "set channels=1 or channels=3");
  }
}

}  // namespace

void write_contact_sheet(const Dataset& dataset, const std::filesystem::path& png,
                         const ContactSheetOptions& options) {
  const Split& split = options.test_split ? dataset.test : dataset.train;
  check(dataset, split, png);
  const ImageShape& shape = dataset.shape;
  const int small_scale = std::max(shape.width, shape.height) < 64 ? 2 : 1;
  const int scale = options.scale > 0 ? options.scale : small_scale;
  const int rows = std::min(static_cast<int>(dataset.class_names.size()), options.most_classes);
  const int step_x = shape.width * scale + options.gap;
  const int step_y = shape.height * scale + options.gap;
  SheetPicture sheet(options.columns * step_x + options.gap, rows * step_y + options.gap,
                     shape.channels);

  std::vector<int> used(dataset.class_names.size(), 0);
  const auto size = static_cast<std::size_t>(shape.pixels());
  for (std::size_t i = 0; i < split.count(); ++i) {
    const int row = split.labels[i];
    int& column = used[static_cast<std::size_t>(row)];
    if (row >= rows || column >= options.columns) continue;
    paste(std::span(split.images).subspan(i * size, size), shape, scale,
          options.gap + column * step_x, options.gap + row * step_y, sheet);
    ++column;
  }
  write_file_atomically(png, encode(sheet, png));
}

}  // namespace minima::data
