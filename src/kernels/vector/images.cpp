#include "kernels/vector/images.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/vector/images.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// Include after highway.h.
#include "kernels/vector/transpose_tile-inl.h"

#ifndef MINIMA_KERNELS_IMAGES_PIECE
#define MINIMA_KERNELS_IMAGES_PIECE
namespace minima::kernels {

// Part of a channel: pixels begin..begin+count-1 of every image, with the same scaling.
struct Piece {
  std::size_t begin, count, pixels;  // `pixels` of a whole image
  float scale, shift;
};

}  // namespace minima::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void ScalePixels(const std::uint8_t* image, std::size_t count, float scale, float shift,
                 float* values) {
  const hn::CappedTag<float, 16> d;
  const hn::Rebind<std::int32_t, decltype(d)> whole;
  const hn::Rebind<std::uint8_t, decltype(d)> bytes;
  const std::size_t lanes = hn::Lanes(d);
  const auto factor = hn::Set(d, scale);
  const auto offset = hn::Set(d, shift);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto pixel = hn::ConvertTo(d, hn::PromoteTo(whole, hn::LoadU(bytes, image + i)));
    hn::StoreU(hn::MulAdd(pixel, factor, offset), d, values + i);
  }
  const hn::CappedTag<float, 1> one;
  for (; i < count; ++i) {
    const auto pixel = hn::Set(one, static_cast<float>(image[i]));
    hn::StoreU(hn::MulAdd(pixel, hn::Set(one, scale), hn::Set(one, shift)), one, values + i);
  }
}

// Up to sixteen images: their lanes fill whole cache lines of the transposed layout.
void LoadStrip(const std::uint8_t* const* images, std::size_t count, const Piece& piece,
               float* by_image, float* by_feature, std::size_t stride) {
  // The cache lines that the transposition fills lie far apart: prefetch them while pixels are
  // scaled.
  for (std::size_t c = 0; c < piece.count; ++c) {
    hwy::Prefetch(by_feature + (piece.begin + c) * stride);
  }
  for (std::size_t b = 0; b < count; ++b) {
    ScalePixels(images[b] + piece.begin, piece.count, piece.scale, piece.shift,
                by_image + b * piece.pixels + piece.begin);
  }
  TransposeStrip(by_image + piece.begin, count, piece.count, piece.pixels,
                 by_feature + piece.begin * stride, stride);
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(ScalePixels);
HWY_EXPORT(LoadStrip);

void scale_pixels(const std::uint8_t* image, std::size_t pixels_per_channel,
                  std::span<const float> scale, std::span<const float> shift, float* values) {
  for (std::size_t c = 0; c < scale.size(); ++c) {
    const std::size_t begin = c * pixels_per_channel;
    HWY_DYNAMIC_DISPATCH(ScalePixels)
    (image + begin, pixels_per_channel, scale[c], shift[c], values + begin);
  }
}

void load_images(std::span<const std::uint8_t* const> images, std::size_t pixels_per_channel,
                 std::span<const float> scale, std::span<const float> shift,
                 const LoadedImages& to) {
  constexpr std::size_t kStrip = 16;
  constexpr std::size_t kPixels = 64;  // sixteen images of this many pixels are 4 KB
  const std::size_t pixels = scale.size() * pixels_per_channel;
  for (std::size_t b = 0; b < images.size(); b += kStrip) {
    const std::size_t count = std::min(kStrip, images.size() - b);
    // Images drawn at random are not in the cache: prefetch the next ones during the work on these.
    const std::size_t ahead = std::min(b + 2 * kStrip, images.size());
    for (std::size_t next = b + count; next < ahead; ++next) {
      for (std::size_t p = 0; p < pixels; p += 64) hwy::Prefetch(images[next] + p);
    }
    for (std::size_t c = 0; c < scale.size(); ++c) {
      for (std::size_t p = 0; p < pixels_per_channel; p += kPixels) {
        HWY_DYNAMIC_DISPATCH(LoadStrip)
        (images.data() + b, count,
         {.begin = c * pixels_per_channel + p,
          .count = std::min(kPixels, pixels_per_channel - p),
          .pixels = pixels,
          .scale = scale[c],
          .shift = shift[c]},
         to.by_image + b * pixels, to.by_feature + b, to.stride);
      }
    }
  }
}

}  // namespace minima::kernels
#endif
