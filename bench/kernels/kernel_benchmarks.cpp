// Speed of each kernel on the shapes used in training. "GFLOP/s" or "GB/s" (bytes read and written)
// is printed beside the time. The first line is the machine's own peak. Compare ratios rather than
// single figures.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "core/aligned.h"
#include "kernels/layers/elementwise.h"
#include "kernels/peak.h"
#include "kernels/products/gemm.h"
#include "kernels/products/portable_gemm.h"
#include "kernels/training/loss.h"
#include "kernels/training/optimizer.h"
#include "kernels/vector/images.h"

namespace {

using namespace minima;

AlignedBuffer<float> filled(std::size_t count, float value = 0.1F) {
  AlignedBuffer<float> buffer(count);
  std::fill(buffer.span().begin(), buffer.span().end(), value);
  return buffer;
}

void set_rate(benchmark::State& state, const char* name, double per_iteration) {
  state.counters[name] =
      benchmark::Counter(per_iteration * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

void peak(benchmark::State& state) {
  double rate = 0.0;
  for (auto _ : state) rate = std::max(rate, kernels::measure_peak_gflops(1, 0.05));
  state.counters["GFLOP/s"] = rate;
}
BENCHMARK(peak)->Iterations(5)->Unit(benchmark::kMillisecond);

// The three matrix products of a dense layer: inputs x outputs, batch 100 in lanes of 112.
kernels::GemmShape forward_shape(int inputs, int outputs) {
  return {.m = 112, .n = outputs, .k = inputs, .lda = 112, .ldb = inputs, .ldc = 112};
}
kernels::GemmShape unpadded_forward_shape(int inputs, int outputs) {
  return {.m = 100, .n = outputs, .k = inputs, .lda = 100, .ldb = inputs, .ldc = 100};
}
kernels::GemmShape weight_gradient_shape(int inputs, int outputs) {
  return {.m = inputs, .n = outputs, .k = 100, .lda = inputs, .ldb = 112, .ldc = inputs};
}
kernels::GemmShape input_gradient_shape(int inputs, int outputs) {
  return {.m = 112,
          .n = inputs,
          .k = outputs,
          .lda = 112,
          .ldb = inputs,
          .ldc = 112,
          .transpose_b = true};
}

template <kernels::GemmShape (*kShape)(int, int), bool kPortable>
void product(benchmark::State& state) {
  const auto inputs = static_cast<int>(state.range(0));
  const auto outputs = static_cast<int>(state.range(1));
  const kernels::GemmShape shape = kShape(inputs, outputs);
  const auto a = filled(static_cast<std::size_t>(shape.lda) * shape.k);
  const auto b = filled(static_cast<std::size_t>(shape.ldb) * std::max(shape.n, shape.k));
  auto c = filled(static_cast<std::size_t>(shape.ldc) * shape.n);
  const kernels::Gemm gemm(shape);
  for (auto _ : state) {
    if (kPortable) {
      kernels::portable_gemm(shape, a.data(), b.data(), c.data());
    } else {
      gemm(a.data(), b.data(), c.data());
    }
    benchmark::ClobberMemory();
  }
  set_rate(state, "GFLOP/s", 2.0 * 100 * inputs * outputs);
}

void layer_shapes(benchmark::internal::Benchmark* benchmark) {
  for (const auto& [inputs, outputs] :
       {std::pair{784, 5}, {784, 32}, {784, 200}, {3072, 32}, {5, 5}, {32, 32}, {200, 200}}) {
    benchmark->Args({inputs, outputs});
  }
}
BENCHMARK(product<forward_shape, false>)->Apply(layer_shapes)->Name("forward");
BENCHMARK(product<unpadded_forward_shape, false>)->Apply(layer_shapes)->Name("forward_unpadded");
BENCHMARK(product<weight_gradient_shape, false>)->Apply(layer_shapes)->Name("weight_gradient");
BENCHMARK(product<input_gradient_shape, false>)->Apply(layer_shapes)->Name("input_gradient");
BENCHMARK(product<forward_shape, true>)->Apply(layer_shapes)->Name("forward_portable");
BENCHMARK(product<weight_gradient_shape, true>)
    ->Apply(layer_shapes)
    ->Name("weight_gradient_portable");

void adam(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto gradient = filled(count, 0.01F);
  auto weights = filled(count);
  auto first = filled(count, 0.0F);
  auto second = filled(count, 0.0F);
  for (auto _ : state) {
    benchmark::DoNotOptimize(kernels::adam({.step_size = 1e-3F}, gradient.data(), count,
                                           weights.data(), first.data(), second.data()));
  }
  set_rate(state, "GB/s", 28.0 * static_cast<double>(count));
}
BENCHMARK(adam)->Arg(4'000)->Arg(26'000)->Arg(200'000);

void cross_entropy(benchmark::State& state) {
  const auto logits = filled(10 * 112);
  auto gradient = filled(10 * 112);
  AlignedBuffer<std::int32_t> labels(112);
  for (std::size_t b = 0; b < 112; ++b) labels[b] = b < 100 ? static_cast<int>(b % 10) : -1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(kernels::softmax_cross_entropy({.logits = logits.data(),
                                                             .labels = labels.data(),
                                                             .classes = 10,
                                                             .stride = 112,
                                                             .count = 100,
                                                             .gradient = gradient.data()}));
  }
}
BENCHMARK(cross_entropy);

void add_bias(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  auto y = filled(rows * 112);
  const auto bias = filled(rows, 0.0F);
  for (auto _ : state) kernels::add_bias(y.data(), bias.data(), rows, 112, true);
  set_rate(state, "GB/s", 8.0 * 112 * static_cast<double>(rows));
}
BENCHMARK(add_bias)->Arg(5)->Arg(200);

// A batch of 100 MNIST images: converts bytes to floats, then transposes to [pixel][image].
void load_batch(benchmark::State& state) {
  const std::vector<std::uint8_t> images(std::size_t{100} * 784, 100);
  const std::vector<float> scale = {1.0F / 255.0F};
  const std::vector<float> shift = {0.0F};
  auto by_image = filled(112 * 784);
  auto by_feature = filled(784 * 112);
  std::vector<const std::uint8_t*> rows;
  for (std::size_t b = 0; b < 100; ++b) rows.push_back(images.data() + b * 784);
  for (auto _ : state) {
    kernels::load_images(rows, 784, scale, shift, {by_image.data(), by_feature.data(), 112});
    benchmark::ClobberMemory();
  }
}
BENCHMARK(load_batch);

}  // namespace
