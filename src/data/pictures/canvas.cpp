#include "data/pictures/canvas.h"

#include <fmt/format.h>
#include <png.h>

#include "core/error.h"

namespace minima::data {

Canvas::Canvas(int width, int height, int channels, std::uint8_t background)
    : width_(width),
      height_(height),
      channels_(channels),
      pixels_(static_cast<std::size_t>(width) * height * channels, background) {}

void Canvas::paste(std::span<const std::uint8_t> image, const ImageShape& shape, int scale,
                   int left, int top) {
  for (int y = 0; y < shape.height * scale; ++y) {
    for (int x = 0; x < shape.width * scale; ++x) {
      std::uint8_t* pixel = at(left + x, top + y);
      for (int c = 0; c < shape.channels; ++c) {
        const int from = (c * shape.height + y / scale) * shape.width + x / scale;
        pixel[c] = image[static_cast<std::size_t>(from)];
      }
    }
  }
}

std::string Canvas::png() const {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width_);
  image.height = static_cast<png_uint_32>(height_);
  image.format = channels_ == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string content(bytes, '\0');
  if (png_image_write_to_memory(&image, content.data(), &bytes, 0, pixels_.data(), 0, nullptr) ==
      0) {
    throw work_error({"PNG", ""}, fmt::format("cannot be encoded: {}", image.message));
  }
  content.resize(bytes);
  return content;
}

}  // namespace minima::data
