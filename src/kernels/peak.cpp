#include "kernels/peak.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Ten chains hide the latency of a fused multiply-add on every known core with two FMA units.
// Returns the number of operations; `sink` keeps the compiler from removing them.
double MultiplyAdds(int rounds, float* sink) {
  const hn::CappedTag<float, 16> d;
  const auto factor = hn::Set(d, 0.999999F);
  const auto term = hn::Set(d, 0.000001F);
  auto a0 = hn::Set(d, 0.1F), a1 = hn::Set(d, 0.2F), a2 = hn::Set(d, 0.3F), a3 = hn::Set(d, 0.4F);
  auto a4 = hn::Set(d, 0.5F), a5 = hn::Set(d, 0.6F), a6 = hn::Set(d, 0.7F), a7 = hn::Set(d, 0.8F);
  auto a8 = hn::Set(d, 0.9F), a9 = hn::Set(d, 1.0F);
  for (int i = 0; i < rounds; ++i) {
    a0 = hn::MulAdd(a0, factor, term);
    a1 = hn::MulAdd(a1, factor, term);
    a2 = hn::MulAdd(a2, factor, term);
    a3 = hn::MulAdd(a3, factor, term);
    a4 = hn::MulAdd(a4, factor, term);
    a5 = hn::MulAdd(a5, factor, term);
    a6 = hn::MulAdd(a6, factor, term);
    a7 = hn::MulAdd(a7, factor, term);
    a8 = hn::MulAdd(a8, factor, term);
    a9 = hn::MulAdd(a9, factor, term);
  }
  const auto low = hn::Add(hn::Add(hn::Add(a0, a1), hn::Add(a2, a3)), hn::Add(a4, a5));
  const auto high = hn::Add(hn::Add(a6, a7), hn::Add(a8, a9));
  *sink += hn::GetLane(hn::SumOfLanes(d, hn::Add(low, high)));
  return 2.0 * 10.0 * rounds * static_cast<double>(hn::Lanes(d));
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(MultiplyAdds);

namespace {

using Clock = std::chrono::steady_clock;

double rate_of_one_thread(double seconds, std::atomic<float>& sink) {
  float local = 0.0F;
  double operations = 0.0;
  double elapsed = 0.0;
  const auto begin = Clock::now();
  while (elapsed < seconds) {
    operations += HWY_DYNAMIC_DISPATCH(MultiplyAdds)(20000, &local);
    elapsed = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  sink.store(local, std::memory_order_relaxed);
  return operations / elapsed;
}

}  // namespace

double measure_peak_gflops(int threads, double seconds) {
  std::vector<double> rates(static_cast<std::size_t>(threads));
  std::atomic<float> sink{0.0F};
  {
    std::vector<std::jthread> workers;
    for (double& rate : rates) {
      workers.emplace_back([&rate, &sink, seconds] { rate = rate_of_one_thread(seconds, sink); });
    }
  }
  double sum = 0.0;
  for (const double rate : rates) sum += rate;
  return sum / 1e9;
}

}  // namespace minima::kernels
#endif
