// Converts 8-bit images to the network's input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace minima::kernels {

/// values[p] = image[p] * scale[c] + shift[c], where c is the channel of pixel p; one image of
/// channels x pixels_per_channel bytes.
void scale_pixels(const std::uint8_t* image, std::size_t pixels_per_channel,
                  std::span<const float> scale, std::span<const float> shift, float* values);

/// Destination of a batch of images with P pixels each, in both layouts that training needs.
struct LoadedImages {
  float* by_image = nullptr;    ///< [images][P]
  float* by_feature = nullptr;  ///< [P][stride]; lanes beyond the images are left unchanged
  std::size_t stride = 0;
};

/// scale_pixels of every image and its transpose, in one sweep that keeps both in the cache.
void load_images(std::span<const std::uint8_t* const> images, std::size_t pixels_per_channel,
                 std::span<const float> scale, std::span<const float> shift,
                 const LoadedImages& to);

}  // namespace minima::kernels
