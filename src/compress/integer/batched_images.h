// Images in the memory layout of IntegerBatchNetwork.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/shape.h"
#include "kernels/products/integer_products.h"

namespace minima::compress {

/// The images of a split, transposed once for any number of networks. Refers to the images.
class BatchedImages {
 public:
  enum class Layout {
    channels,           ///< pairs of channels, for convolutions
    pixels_as_channels  ///< pairs of pixels, for dense layers: uses both halves of every pair
  };
  static constexpr std::size_t kImages = kernels::kIntegerLanes;  ///< of a batch

  /// `images`: [images][channels][height][width].
  BatchedImages(std::span<const std::uint8_t> images, const ImageShape& shape);

  [[nodiscard]] std::size_t batches() const { return (count_ + kImages - 1) / kImages; }
  /// Less than kImages for the last batch.
  [[nodiscard]] std::size_t images_in(std::size_t batch) const;
  /// Pixels [channel pairs][height][width][kImages][2]; the padding is zero.
  /// The first call for a layout transposes all images.
  [[nodiscard]] std::span<const std::uint8_t> batch(Layout layout, std::size_t number);

  /// Memory for `images` images in all layouts.
  [[nodiscard]] static std::uint64_t bytes(std::uint64_t images, const ImageShape& shape);

 private:
  struct Transposed {
    std::size_t batch_bytes = 0;
    std::vector<std::uint8_t> pixels;  // empty until it is needed
  };
  [[nodiscard]] Transposed transposed(const ImageShape& shape) const;

  std::span<const std::uint8_t> images_;
  ImageShape shape_;
  std::size_t count_;
  Transposed by_channels_;
  Transposed by_pixels_;
};

}  // namespace minima::compress
