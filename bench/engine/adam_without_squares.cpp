#include "adam_without_squares.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "adam_without_squares.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/training/adam-inl.h"

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {

void AdamWithoutSquares(const AdamStep& step, const float* gradient, std::size_t count,
                        float* weights, float* first, float* second) {
  (void)AdamSweep<false>(step, gradient, count, weights, first, second);
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(AdamWithoutSquares);

void adam_without_squares(const AdamStep& step, const float* gradient, std::size_t count,
                          float* weights, float* first_moments, float* second_moments) {
  HWY_DYNAMIC_DISPATCH(AdamWithoutSquares)
  (step, gradient, count, weights, first_moments, second_moments);
}

}  // namespace minima::kernels
#endif
