// Statistics and settings of the code generated for matrix products at run time. For tests only:
// nothing depends on it.
#pragma once

#include <cstddef>
#include <string>

namespace minima::kernels {

/// Maximum number of idle kernels, which no network uses; more are dropped. Each takes about 8 KB.
inline constexpr std::size_t kMostIdleGemmKernels = 1024;

struct GemmKernelCounts {
  std::size_t made = 0;  ///< since the process started
  std::size_t kept = 0;  ///< currently
};

/// For the whole process; zeros if products are portable.
[[nodiscard]] GemmKernelCounts gemm_kernel_counts();

/// Changes this process's limit from kMostIdleGemmKernels to `most`.
void keep_idle_gemm_kernels(std::size_t most);

/// From now on kernels are generated for this libxsmm target ("hsw"); empty: for the actual
/// processor.
void use_gemm_target(const std::string& name);

}  // namespace minima::kernels
