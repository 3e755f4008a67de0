// The code that is made for matrix products while the program runs. For tests: nothing depends on
// it.
#pragma once

#include <cstddef>
#include <string>

namespace minima::kernels {

/// Kernels that no network uses are dropped once there are so many; each takes about 8 KB.
inline constexpr std::size_t kMostIdleGemmKernels = 1024;

struct GemmKernelCounts {
  std::size_t made = 0;  ///< since the program began
  std::size_t kept = 0;  ///< now
};

/// Of the whole process; zeros where products are portable.
[[nodiscard]] GemmKernelCounts gemm_kernel_counts();

/// Changes kMostIdleGemmKernels for this process.
void keep_idle_gemm_kernels(std::size_t most);

/// From now on kernels are made for this processor of libxsmm's ("hsw"); empty: for the one at
/// hand.
void use_gemm_target(const std::string& name);

}  // namespace minima::kernels
