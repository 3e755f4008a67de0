// Shapes that all modules use.
#pragma once

#include <cstddef>

namespace minima {

/// Channels x height x width of one image.
struct ImageShape {
  int channels = 1;
  int height = 0;
  int width = 0;

  [[nodiscard]] int pixels() const { return channels * height * width; }
  bool operator==(const ImageShape&) const = default;
};

/// A classification problem: images of one shape, and a number of classes.
struct Problem {
  ImageShape image;
  int classes = 0;

  bool operator==(const Problem&) const = default;
};

}  // namespace minima
