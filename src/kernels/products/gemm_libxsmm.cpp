// The only file that uses libxsmm (1.17).
//
// libxsmm's own dispatch registers every kernel for the life of the process. It returns null once
// 131,072 are registered, so a run's arithmetic would depend on how many architectures came before
// it. Kernels are therefore built outside that registry (as libxsmm's sparse kernels are) and kept
// here as long as a network uses them.
#include <fmt/format.h>
#include <libxsmm.h>
#include <libxsmm/libxsmm_main.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <stdexcept>
#include <unordered_map>

#include "core/error.h"
#include "kernels/products/gemm.h"
#include "kernels/products/gemm_kernels.h"
#include "kernels/products/portable_gemm.h"

namespace minima::kernels {

/// Machine code for one shape.
class GemmKernel {
 public:
  /// Kernels take further (prefetch) arguments, which they never read without prefetching.
  using Call = void (*)(const float*, const float*, float*);

  /// Throws a work error if no code can be generated.
  explicit GemmKernel(const GemmShape& shape);
  ~GemmKernel() { libxsmm_release_kernel(code_); }
  GemmKernel(const GemmKernel&) = delete;
  GemmKernel& operator=(const GemmKernel&) = delete;

  [[nodiscard]] Call call() const { return reinterpret_cast<Call>(code_); }

 private:
  void* code_ = nullptr;
};

namespace {

/// Whether the code is in executable memory. If the system gives libxsmm no memory for code,
/// libxsmm uses the heap and ignores that it cannot make it executable.
bool can_run(const void* code) {
  int flags = LIBXSMM_MALLOC_FLAG_X;  // purpose of the memory
  return libxsmm_get_malloc_xinfo(code, nullptr, &flags, nullptr) == EXIT_SUCCESS &&
         (flags & LIBXSMM_MALLOC_FLAG_MMAP) != 0;
}

}  // namespace

GemmKernel::GemmKernel(const GemmShape& s) {
  libxsmm_descriptor_blob blob{};
  libxsmm_build_request request{};
  request.kind = LIBXSMM_BUILD_KIND_GEMM;
  request.descriptor.gemm = libxsmm_sgemm_descriptor_init(
      &blob, s.m, s.n, s.k, s.lda, s.ldb, s.ldc, 1.0F, s.accumulate ? 1.0F : 0.0F,
      s.transpose_b ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE,
      LIBXSMM_GEMM_PREFETCH_NONE);
  libxsmm_code_pointer code{};
  constexpr unsigned int kNotRegistered = LIBXSMM_CAPACITY_REGISTRY;
  if (request.descriptor.gemm != nullptr) libxsmm_build(&request, kNotRegistered, &code);
  if (code.ptr != nullptr && !can_run(code.ptr)) {
    libxsmm_release_kernel(code.ptr);
    code.ptr = nullptr;
  }
  if (code.ptr == nullptr) {
    // No fallback: another product would differ in the last digits, so results would depend on when
    // this happens.
    throw work_error(
        {}, fmt::format("no code can be made for a matrix product of {} x {} x {}", s.m, s.n, s.k),
        "free some memory, or do without such code for the whole study: "
        "LIBXSMM_TARGET=generic, slower and with other last digits");
  }
  code_ = code.ptr;
}

namespace {

/// The actual processor, or the one named by LIBXSMM_TARGET.
int start_library() {
  libxsmm_init();
  libxsmm_registry_info info;
  // Without memory for its tables libxsmm continues, and crashes when it needs them.
  if (libxsmm_get_registry_info(&info) != EXIT_SUCCESS) throw std::bad_alloc();
  return libxsmm_get_target_archid();
}

/// libxsmm's id of the processor; the first call initializes libxsmm.
int processor() {
  static const int kProcessor = start_library();
  return kProcessor;
}

/// Whether libxsmm generates code for the processor.
bool makes_code() {
  processor();
  return libxsmm_get_target_archid() >= LIBXSMM_X86_SSE3;
}

struct HashShape {
  std::size_t operator()(const GemmShape& s) const {
    std::uint64_t hash = (s.transpose_b ? 1U : 0U) + (s.accumulate ? 2U : 0U);
    for (const int size : {s.m, s.n, s.k, s.lda, s.ldb, s.ldc}) {
      hash = (hash ^ static_cast<std::uint32_t>(size)) * 0x9E3779B97F4A7C15U;
      hash ^= hash >> 32;
    }
    return hash;
  }
};

/// The kernels in use and the most recently used idle ones. Equal layers of networks share them.
class Kernels {
 public:
  std::shared_ptr<const GemmKernel> of(const GemmShape& shape) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = kernels_.find(shape); found != kernels_.end()) return found->second;
    }
    // Outside the lock: generating code takes tens of microseconds.
    auto made = std::make_shared<const GemmKernel>(shape);
    const std::lock_guard lock(mutex_);
    ++made_;
    if (kernels_.size() >= sweep_at_) sweep();
    return kernels_.emplace(shape, std::move(made)).first->second;
  }

  GemmKernelCounts counts() {
    const std::lock_guard lock(mutex_);
    return {.made = made_, .kept = kernels_.size()};
  }

  void keep(std::size_t most) {
    const std::lock_guard lock(mutex_);
    most_ = most;
    sweep();
  }

 private:
  void sweep() {
    std::erase_if(kernels_, [](const auto& entry) { return entry.second.use_count() == 1; });
    sweep_at_ = std::max(most_, 2 * kernels_.size());  // keeps the total cost of sweeping low
  }

  std::mutex mutex_;
  std::unordered_map<GemmShape, std::shared_ptr<const GemmKernel>, HashShape> kernels_;
  std::size_t most_ = kMostIdleGemmKernels;
  std::size_t sweep_at_ = kMostIdleGemmKernels;
  std::size_t made_ = 0;
};

// One per process, as libxsmm's own tables are; no result depends on its contents. Never destroyed,
// because libxsmm may shut down earlier.
Kernels& all_kernels() {
  static Kernels& kernels = *new Kernels;
  return kernels;
}

}  // namespace

Gemm::Gemm(const GemmShape& shape) : shape_(shape) {
  check_gemm_shape(shape);
  if (!makes_code()) return;
  kernel_ = all_kernels().of(shape);
  call_ = kernel_->call();
}

void Gemm::operator()(const float* a, const float* b, float* c) const {
  if (call_ != nullptr) {
    call_(a, b, c);
    return;
  }
  if (shape_.m == 0) throw std::logic_error("a matrix product that was not prepared");
  portable_gemm(shape_, a, b, c);
}

std::string gemm_library() {
  makes_code();
  return fmt::format("libxsmm {} ({})", LIBXSMM_VERSION, libxsmm_get_target_arch());
}

GemmKernelCounts gemm_kernel_counts() {
  return all_kernels().counts();
}

void keep_idle_gemm_kernels(std::size_t most) {
  all_kernels().keep(most);
}

void use_gemm_target(const std::string& name) {
  const int best = processor();
  if (name.empty()) {
    libxsmm_set_target_archid(best);
  } else {
    libxsmm_set_target_arch(name.c_str());
  }
  all_kernels().keep(0);  // drops kernels of the previous target
  all_kernels().keep(kMostIdleGemmKernels);
}

}  // namespace minima::kernels
