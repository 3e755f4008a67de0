// Resizing of pictures, in double precision and in a fixed order: the same bytes on every machine.
#include <algorithm>
#include <cmath>

#include "data/pictures/picture.h"

namespace minima::data {
namespace {

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

/// `length` scaled by the ratio to / from, at least one pixel.
int scaled(int length, int to, int from) {
  const double exact = static_cast<double>(length) * to / from;
  return std::max(1, static_cast<int>(std::floor(exact + 0.5)));
}

/// The part of a picture with its upper left corner at (top, left).
Picture cut_out(const Picture& picture, int top, int left, int height, int width) {
  Picture out{{picture.shape.channels, height, width}, {}};
  out.pixels.reserve(static_cast<std::size_t>(out.shape.pixels()));
  for (int c = 0; c < out.shape.channels; ++c) {
    for (int y = 0; y < height; ++y) {
      const auto* row =
          picture.pixels.data() +
          (static_cast<std::size_t>(c) * picture.shape.height + top + y) * picture.shape.width +
          left;
      out.pixels.insert(out.pixels.end(), row, row + width);
    }
  }
  return out;
}

/// A black picture of height x width with `picture` in its centre.
Picture padded(const Picture& picture, int height, int width) {
  const ImageShape& in = picture.shape;
  Picture out{{in.channels, height, width}, {}};
  out.pixels.resize(static_cast<std::size_t>(out.shape.pixels()));
  const int top = (height - in.height) / 2;
  const int left = (width - in.width) / 2;
  for (int c = 0; c < in.channels; ++c) {
    for (int y = 0; y < in.height; ++y) {
      const auto* row =
          picture.pixels.data() + (static_cast<std::size_t>(c) * in.height + y) * in.width;
      std::copy(
          row, row + in.width,
          out.pixels.data() + (static_cast<std::size_t>(c) * height + top + y) * width + left);
    }
  }
  return out;
}

/// Whether the picture is wider than height x width, for its height.
bool is_wider(const ImageShape& in, int height, int width) {
  return std::int64_t{in.width} * height > std::int64_t{in.height} * width;
}

}  // namespace

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

Picture fitted(const Picture& picture, int height, int width, Fit fit) {
  const ImageShape& in = picture.shape;
  const bool wider = is_wider(in, height, width);
  if (fit == Fit::pad) {
    const int inner_height = wider ? std::min(height, scaled(in.height, width, in.width)) : height;
    const int inner_width = wider ? width : std::min(width, scaled(in.width, height, in.height));
    return padded(resized(picture, inner_height, inner_width), height, width);
  }
  if (fit == Fit::crop) {
    const int cut_width = wider ? std::min(in.width, scaled(in.height, width, height)) : in.width;
    const int cut_height = wider ? in.height : std::min(in.height, scaled(in.width, height, width));
    return resized(cut_out(picture, (in.height - cut_height) / 2, (in.width - cut_width) / 2,
                           cut_height, cut_width),
                   height, width);
  }
  return resized(picture, height, width);
}

}  // namespace minima::data
