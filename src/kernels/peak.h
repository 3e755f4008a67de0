#pragma once

namespace minima::kernels {

/// The machine's fused multiply-add rate in GFLOP/s (32 bit, two per FMA): independent chains in
/// registers on `threads` threads at once, for about `seconds`.
[[nodiscard]] double measure_peak_gflops(int threads, double seconds);

}  // namespace minima::kernels
