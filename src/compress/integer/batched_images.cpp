#include "compress/integer/batched_images.h"

#include <algorithm>

namespace minima::compress {
namespace {

ImageShape flat(const ImageShape& shape) {
  return {.channels = static_cast<int>(shape.pixels()), .height = 1, .width = 1};
}

std::size_t plane_of(const ImageShape& shape) {
  return static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
}

std::size_t bytes_of_batch(const ImageShape& shape) {
  const std::size_t pairs = (static_cast<std::size_t>(shape.channels) + 1) / 2;
  return pairs * plane_of(shape) * BatchedImages::kImages * 2;
}

}  // namespace

BatchedImages::BatchedImages(std::span<const std::uint8_t> images, const ImageShape& shape)
    : images_(images),
      shape_(shape),
      count_(images.size() / static_cast<std::size_t>(shape.pixels())) {}

std::size_t BatchedImages::images_in(std::size_t batch) const {
  return std::min(kImages, count_ - batch * kImages);
}

std::span<const std::uint8_t> BatchedImages::batch(Layout layout, std::size_t number) {
  const bool by_channels = layout == Layout::channels;
  Transposed& all = by_channels ? by_channels_ : by_pixels_;
  if (all.pixels.empty()) all = transposed(by_channels ? shape_ : flat(shape_));
  return std::span<const std::uint8_t>(all.pixels)
      .subspan(number * all.batch_bytes, all.batch_bytes);
}

BatchedImages::Transposed BatchedImages::transposed(const ImageShape& shape) const {
  Transposed all{.batch_bytes = bytes_of_batch(shape)};
  all.pixels.resize(batches() * all.batch_bytes);
  const std::size_t plane = plane_of(shape);
  const auto channels = static_cast<std::size_t>(shape.channels);
  const std::uint8_t* from = images_.data();
  for (std::size_t image = 0; image < count_; ++image) {
    std::uint8_t* batch = all.pixels.data() + image / kImages * all.batch_bytes;
    for (std::size_t channel = 0; channel < channels; ++channel) {
      std::uint8_t* to =
          batch + (channel / 2 * plane * kImages + image % kImages) * 2 + channel % 2;
      for (std::size_t i = 0; i < plane; ++i) to[i * kImages * 2] = *from++;
    }
  }
  return all;
}

std::uint64_t BatchedImages::bytes(std::uint64_t images, const ImageShape& shape) {
  const std::uint64_t batches = (images + kImages - 1) / kImages;
  return batches * (bytes_of_batch(shape) + bytes_of_batch(flat(shape)));
}

}  // namespace minima::compress
