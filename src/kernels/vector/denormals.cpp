#include "kernels/vector/denormals.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace minima::kernels {

#if defined(__x86_64__)

FlushDenormals::FlushDenormals() : before_(_mm_getcsr()) {
  constexpr unsigned kFlushToZero = 0x8000;
  constexpr unsigned kDenormalsAreZero = 0x0040;
  _mm_setcsr(static_cast<unsigned>(before_) | kFlushToZero | kDenormalsAreZero);
}

FlushDenormals::~FlushDenormals() {
  _mm_setcsr(static_cast<unsigned>(before_));
}

#elif defined(__aarch64__)

FlushDenormals::FlushDenormals() {
  asm volatile("mrs %0, fpcr" : "=r"(before_));
  constexpr std::uint64_t kFlushToZero = 1ULL << 24;
  asm volatile("msr fpcr, %0" : : "r"(before_ | kFlushToZero));
}

FlushDenormals::~FlushDenormals() {
  asm volatile("msr fpcr, %0" : : "r"(before_));
}

#else

FlushDenormals::FlushDenormals() = default;
FlushDenormals::~FlushDenormals() = default;

#endif

}  // namespace minima::kernels
