#pragma once

namespace minima::kernels {

/// The machine's peak fused multiply-add rate in GFLOP/s (32 bit, two operations per FMA). Runs
/// independent chains in registers on `threads` threads at once, for about `seconds`.
[[nodiscard]] double measure_peak_gflops(int threads, double seconds);

}  // namespace minima::kernels
