// A picture to draw on: pastes images, writes short captions, and encodes PNG.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/shape.h"

namespace minima::data {

/// A picture [height][width][channels], the layout of PNG, with 1 or 3 channels.
class Canvas {
 public:
  Canvas(int width, int height, int channels, std::uint8_t background);

  /// Copies an image [channels][height][width] to (left, top); every pixel becomes scale x scale.
  /// It must fit, and have the channels of the canvas.
  void paste(std::span<const std::uint8_t> image, const ImageShape& shape, int scale, int left,
             int top);

  /// Writes a line of text in white with its upper left corner at (left, top), cut off after
  /// `width` pixels. Characters outside printable ASCII become "?".
  void write(std::string_view text, int left, int top, int width);

  /// The bytes of a PNG file, grey or in colour. Work error if the encoder fails.
  [[nodiscard]] std::string png() const;

 private:
  [[nodiscard]] std::uint8_t* at(int x, int y) {
    return pixels_.data() + (static_cast<std::size_t>(y) * width_ + x) * channels_;
  }

  int width_;
  int height_;
  int channels_;
  std::vector<std::uint8_t> pixels_;
};

/// Height of a line of Canvas::write in pixels.
inline constexpr int kCaptionHeight = 17;

/// Whether Canvas::write writes the whole text into this width.
[[nodiscard]] bool fits_caption(std::string_view text, int width);

}  // namespace minima::data
