#include "engine/cpu/batch.h"

#include <algorithm>

#include "kernels/vector/images.h"

namespace minima::engine {

Batch::Batch(const ImageShape& image, const BatchShape& shape, PixelScaling scaling)
    : image_(image),
      shape_(shape),
      scaling_(std::move(scaling)),
      by_feature_(static_cast<std::size_t>(image.pixels()) * shape.stride),
      by_image_(static_cast<std::size_t>(image.pixels()) * shape.stride),
      labels_(shape.stride) {}

void Batch::load(const data::Split& split, std::span<const std::uint32_t> indices) {
  const auto pixels = static_cast<std::size_t>(image_.pixels());
  const auto plane = static_cast<std::size_t>(image_.height) * image_.width;
  images_ = indices.size();
  std::fill(labels_.data(), labels_.data() + shape_.stride, -1);
  std::vector<const std::uint8_t*> images;
  for (std::size_t b = 0; b < images_; ++b) {
    labels_[b] = split.labels[indices[b]];
    images.push_back(split.images.data() + indices[b] * pixels);
  }
  kernels::load_images(
      images, plane, scaling_.scale, scaling_.shift,
      {.by_image = by_image_.data(), .by_feature = by_feature_.data(), .stride = shape_.stride});
}

}  // namespace minima::engine
