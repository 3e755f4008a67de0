// The orientation that cameras write beside the pixels (EXIF tag 0x0112): how to turn a stored
// picture upright. libexif parses EXIF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace minima::data {

/// The orientation 1..8 in EXIF data, with or without the leading "Exif\0\0". 1 (upright) if there
/// is none, if it is out of range, or if the data are damaged.
[[nodiscard]] int exif_orientation(std::span<const std::uint8_t> exif);

/// The same for whole files: a PNG (chunk eXIf), a WebP (chunk EXIF).
[[nodiscard]] int orientation_of_png(std::span<const std::uint8_t> file);
[[nodiscard]] int orientation_of_webp(std::span<const std::uint8_t> file);

/// The content of the first chunk of this name; empty if the PNG has none.
[[nodiscard]] std::span<const std::uint8_t> png_chunk(std::span<const std::uint8_t> file,
                                                      std::string_view name);

/// Whether the PNG has further frames (APNG), which are not read.
[[nodiscard]] bool is_animated_png(std::span<const std::uint8_t> file);

/// Whether turning a picture of this orientation upright exchanges its height and width.
[[nodiscard]] constexpr bool exchanges_sides(int orientation) {
  return orientation >= 5;
}

/// Index in the stored picture (height x width, row by row) of the pixel at row y and column x of
/// the upright one.
[[nodiscard]] constexpr std::size_t stored_index(int orientation, int height, int width, int y,
                                                 int x) {
  const int row = exchanges_sides(orientation) ? x : y;
  const int column = exchanges_sides(orientation) ? y : x;
  const bool from_below =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  return static_cast<std::size_t>(from_below ? height - 1 - row : row) *
             static_cast<std::size_t>(width) +
         static_cast<std::size_t>(from_right ? width - 1 - column : column);
}

}  // namespace minima::data
