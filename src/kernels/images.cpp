#include "kernels/images.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/images.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

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

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(ScalePixels);

void scale_pixels(const std::uint8_t* image, std::size_t pixels_per_channel,
                  std::span<const float> scale, std::span<const float> shift, float* values) {
  for (std::size_t c = 0; c < scale.size(); ++c) {
    const std::size_t begin = c * pixels_per_channel;
    HWY_DYNAMIC_DISPATCH(ScalePixels)
    (image + begin, pixels_per_channel, scale[c], shift[c], values + begin);
  }
}

}  // namespace minima::kernels
#endif
