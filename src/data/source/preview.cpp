#include "data/source/preview.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/files/file.h"
#include "data/pictures/canvas.h"

namespace minima::data {
namespace {

// Gaps and empty cells are dark but not black, so that images on black stand out.
constexpr std::uint8_t kBackground = 48;

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

/// The pixels of image i of a split.
std::span<const std::uint8_t> image_of(const Split& split, const ImageShape& shape, std::size_t i) {
  const auto size = static_cast<std::size_t>(shape.pixels());
  return std::span(split.images).subspan(i * size, size);
}

constexpr int kCaptionedSide = 96;  // images are enlarged until the longer side has these pixels
constexpr int kCaptionGap = 6;
constexpr int kCaptionColumns = 8;

/// A text that fits, with ".." where it was cut.
std::string cut_to(std::string text, int width) {
  if (fits_caption(text, width)) return text;
  while (!text.empty() && !fits_caption(text + "..", width)) text.pop_back();
  return text + "..";
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
  Canvas sheet(options.columns * step_x + options.gap, rows * step_y + options.gap, shape.channels,
               kBackground);

  std::vector<int> used(dataset.class_names.size(), 0);
  for (std::size_t i = 0; i < split.count(); ++i) {
    const int row = split.labels[i];
    int& column = used[static_cast<std::size_t>(row)];
    if (row >= rows || column >= options.columns) continue;
    sheet.paste(image_of(split, shape, i), shape, scale, options.gap + column * step_x,
                options.gap + row * step_y);
    ++column;
  }
  write_file_atomically(png, sheet.png());
}

std::string captioned_sheet(const Dataset& dataset, std::span<const CaptionedImage> images) {
  check(dataset, dataset.test, "contact sheet");
  const ImageShape& shape = dataset.shape;
  const int longer = std::max(shape.width, shape.height);
  const int scale = std::max(1, (kCaptionedSide + longer - 1) / longer);
  const int width = std::max(kCaptionedSide, shape.width * scale);
  const int height = shape.height * scale + 2 * kCaptionHeight;
  const int count = static_cast<int>(images.size());
  const int columns = std::clamp(count, 1, kCaptionColumns);
  const int rows = std::max(1, (count + columns - 1) / columns);
  Canvas sheet(columns * (width + kCaptionGap) + kCaptionGap,
               rows * (height + kCaptionGap) + kCaptionGap, shape.channels, kBackground);
  for (int i = 0; i < count; ++i) {
    const CaptionedImage& each = images[static_cast<std::size_t>(i)];
    const int left = kCaptionGap + i % columns * (width + kCaptionGap);
    const int top = kCaptionGap + i / columns * (height + kCaptionGap);
    sheet.paste(image_of(dataset.test, shape, each.image), shape, scale, left, top);
    const int below = top + shape.height * scale;
    sheet.write(cut_to(each.first, width), left, below, width);
    sheet.write(cut_to(each.second, width), left, below + kCaptionHeight, width);
  }
  return sheet.png();
}

std::string image_png(const Dataset& dataset, std::size_t image) {
  check(dataset, dataset.test, "image");
  const ImageShape& shape = dataset.shape;
  Canvas picture(shape.width, shape.height, shape.channels, 0);
  picture.paste(image_of(dataset.test, shape, image), shape, 1, 0, 0);
  return picture.png();
}

}  // namespace minima::data
