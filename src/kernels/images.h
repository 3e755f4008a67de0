// From 8-bit images to the network's input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace minima::kernels {

/// values[p] = image[p] * scale[c] + shift[c], c the channel of pixel p: one image of
/// channels x (pixels_per_channel) bytes.
void scale_pixels(const std::uint8_t* image, std::size_t pixels_per_channel,
                  std::span<const float> scale, std::span<const float> shift, float* values);

}  // namespace minima::kernels
