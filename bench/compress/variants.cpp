// Times how fast variants of a network are made and evaluated: 20 sparsities x 12 number formats of
// one trained network, on all test images, one core. Prints one JSON document.
//
//   minima_variants_benchmark [--export FOLDER] [ARCHITECTURE]
//
// The default network is "dnn 100-100". It trains for two epochs on MNIST if $MINIMA_DATA is set,
// otherwise on the generated glyphs. Pruning is by magnitude over all weights of the network.
// Quantization is of weights only, per tensor, symmetric, over the whole range. The peak of the
// core is measured just before and just after. --export writes the input for another program:
// parameters.bin (32-bit floats), images.bin and labels.bin (bytes) and meta.json; nothing is timed
// then.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "compress/quantize/parameter_quantizer.h"
#include "compress/quantize/settings.h"
#include "data/source/source.h"
#include "engine/backend.h"
#include "kernels/peak.h"
#include "network/derive/work.h"
#include "network/families/lower.h"
#include "record/run_result.h"

namespace {

using namespace minima;
using Clock = std::chrono::steady_clock;
using Mask = std::vector<std::uint8_t>;

constexpr int kSparsities = 20;  // 0, 5 %, .. 95 %
constexpr double kPeakSeconds = 0.2;

struct Subject {
  std::unique_ptr<engine::Backend> backend = engine::make_cpu_backend();
  std::shared_ptr<const engine::PreparedDataset> dataset;
  network::Architecture architecture;
  network::Graph graph;
  std::vector<float> parameters;
};

struct LastParameters : engine::TrainObserver {
  std::vector<float> values;
  void on_end(std::size_t, record::RunResult&&, const engine::ReadWeights& weights) override {
    values = weights();
  }
};

Subject trained(const std::string& architecture) {
  const bool real = std::getenv("MINIMA_DATA") != nullptr;
  Subject subject{.architecture = network::Architecture::parse(architecture)};
  subject.dataset = subject.backend->prepare(std::make_shared<const data::Dataset>(
      data::load(data::parse_source(real ? "mnist" : "glyphs test=10000"), data::search_path({}))));
  subject.graph = network::graph_of(subject.architecture, subject.dataset->problem());
  study::TrainSettings settings;
  settings.epochs = 2;
  const study::Run run =
      study::make_run(subject.dataset->data().name, subject.architecture, 0, 1, settings);
  LastParameters last;
  subject.backend->train(*subject.dataset, {&run, 1}, {.evaluate = false}, last, {});
  subject.parameters = std::move(last.values);
  return subject;
}

// Those of variants_in_pytorch.py. A new format would change the work that is timed.
std::vector<compress::NumberFormat> formats() {
  using Format = compress::NumberFormat;
  std::vector<Format> result;
  for (const compress::FormatInfo& info : compress::number_formats()) {
    if (info.format != Format::fp8_e5m2 && info.format != Format::fp4_e2m1)
      result.push_back(info.format);
  }
  return result;
}

// Indices of the weights among the parameters.
std::vector<std::size_t> weight_places(const Subject& subject) {
  std::vector<std::size_t> places;
  for (const network::Tensor& tensor : subject.graph.tensors) {
    if (!compress::is_quantized(tensor)) continue;
    for (std::size_t i = 0; i < tensor.count; ++i) places.push_back(tensor.begin + i);
  }
  return places;
}

// One mask per sparsity: prunes the smallest weights; ties prune the earlier weight.
std::vector<Mask> prune(const Subject& subject) {
  std::vector<std::size_t> order = weight_places(subject);
  const auto magnitude = [&](std::size_t i) { return std::abs(subject.parameters[i]); };
  std::vector<Mask> masks;
  Mask mask(subject.parameters.size(), 1);
  auto done = order.begin();
  for (int s = 0; s < kSparsities; ++s) {
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(order.size()) * s / kSparsities;
    std::nth_element(done, end, order.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(magnitude(a), a) < std::pair(magnitude(b), b);
    });
    for (; done != end; ++done) mask[*done] = 0;
    masks.push_back(mask);
  }
  return masks;
}

// Only the values of a quantized network, without its codes.
void round_weights(const Subject& subject, const Mask& mask,
                   const compress::QuantizerSettings& settings, std::span<float> values) {
  std::ranges::copy(subject.parameters, values.begin());
  for (const network::Tensor& tensor : subject.graph.tensors) {
    if (!compress::is_quantized(tensor)) continue;
    compress::fake_quantize({.values = tensor.of(std::span<const float>(subject.parameters)),
                             .channels = tensor.rows(),
                             .mask = tensor.of(std::span<const std::uint8_t>(mask))},
                            settings, tensor.of(values));
  }
}

// [mask][format][parameters]
std::vector<float> quantize(const Subject& subject, const std::vector<Mask>& masks,
                            const std::vector<compress::NumberFormat>& formats) {
  const std::size_t count = subject.parameters.size();
  std::vector<float> values(masks.size() * formats.size() * count);
  std::size_t variant = 0;
  for (const Mask& mask : masks) {
    for (const compress::NumberFormat format : formats) {
      round_weights(subject, mask, {.format = format},
                    std::span(values).subspan(variant++ * count, count));
    }
  }
  return values;
}

double seconds_of(const std::function<void()>& work) {
  const auto begin = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

nlohmann::json measure(const Subject& subject) {
  std::vector<Mask> masks;
  std::vector<float> values;
  std::vector<engine::Evaluation> results;
  const double peak_before = kernels::measure_peak_gflops(1, kPeakSeconds);
  const double pruning = seconds_of([&] { masks = prune(subject); });
  const double quantizing = seconds_of([&] { values = quantize(subject, masks, formats()); });
  const std::size_t count = subject.parameters.size();
  const std::size_t variants = values.size() / count;
  const double evaluating = seconds_of([&] {
    std::vector<engine::Candidate> candidates;
    for (std::size_t v = 0; v < variants; ++v) {
      candidates.push_back({.architecture = subject.architecture,
                            .parameters = std::span(values).subspan(v * count, count)});
    }
    results = subject.backend->evaluate(*subject.dataset, engine::SplitName::test, candidates);
  });
  const double peak_after = kernels::measure_peak_gflops(1, kPeakSeconds);
  const double peak = (peak_before + peak_after) / 2.0;
  const double flop = static_cast<double>(network::inference_flop(subject.graph)) *
                      static_cast<double>(variants * subject.dataset->data().test.count());
  const double total = pruning + quantizing + evaluating;
  std::vector<double> accuracies;
  std::vector<double> losses;
  for (const engine::Evaluation& result : results) {
    accuracies.push_back(result.accuracy);
    losses.push_back(result.loss);
  }
  const engine::BackendInfo info = subject.backend->info();
  return {{"dataset", subject.dataset->data().name},
          {"architecture", subject.architecture.text()},
          {"images", subject.dataset->data().test.count()},
          {"variants", variants},
          {"instruction_set", info.instruction_set},
          {"matrix_products", info.matrix_products},
          {"pruning_seconds", pruning},
          {"quantizing_seconds", quantizing},
          {"evaluating_seconds", evaluating},
          {"seconds", total},
          {"peak_before_gflops", peak_before},
          {"peak_after_gflops", peak_after},
          {"peak_gflops", peak},
          {"evaluating_gflops", flop * 1e-9 / evaluating},
          {"evaluating_share", flop * 1e-9 / evaluating / peak},
          {"gflops", flop * 1e-9 / total},
          {"share", flop * 1e-9 / total / peak},
          {"losses", losses},
          {"accuracies", accuracies}};
}

template <typename T>
void write(const std::filesystem::path& path, const std::vector<T>& values) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(T)));
  if (!file) throw std::runtime_error(fmt::format("{}: cannot be written", path.string()));
}

void export_to(const std::filesystem::path& folder, const Subject& subject) {
  std::filesystem::create_directories(folder);
  const data::Split& test = subject.dataset->data().test;
  write(folder / "parameters.bin", subject.parameters);
  write(folder / "images.bin", test.images);
  write(folder / "labels.bin", std::vector<std::uint8_t>(test.labels.begin(), test.labels.end()));
  nlohmann::json tensors;
  for (const network::Tensor& tensor : subject.graph.tensors) tensors.push_back(tensor.spec.shape);
  nlohmann::json names;
  for (const compress::NumberFormat format : formats()) {
    names.push_back(compress::info(format).name);
  }
  const nlohmann::json meta = {{"tensors", tensors},
                               {"formats", names},
                               {"sparsities", kSparsities},
                               {"images", test.count()},
                               {"pixels", subject.dataset->data().shape.pixels()}};
  std::ofstream(folder / "meta.json") << meta;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    std::string folder;
    if (arguments.size() >= 2 && arguments[0] == "--export") {
      folder = arguments[1];
      arguments.erase(arguments.begin(), arguments.begin() + 2);
    }
    const Subject subject = trained(arguments.empty() ? "dnn 100-100" : arguments[0]);
    if (!folder.empty()) {
      export_to(folder, subject);
    } else {
      fmt::print("{}\n", measure(subject).dump());
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
