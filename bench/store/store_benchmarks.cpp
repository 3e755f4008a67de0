// Times the recording of one run in a large store. The time must not grow with the store.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "store/store.h"

namespace {

using namespace minima;

std::vector<study::Run> plan_of(std::size_t runs) {
  std::vector<study::Run> plan;
  const auto architecture = network::Architecture::parse("dnn 5-5");
  for (std::size_t i = 0; i < runs; ++i) {
    plan.push_back(study::make_run("glyphs", architecture, static_cast<int>(i), 1, {}));
  }
  return plan;
}

record::RunResult three_epochs() {
  record::RunResult result{
      .status = record::RunStatus::finished, .epochs = 3, .test_accuracy = 0.5};
  for (int epoch = 1; epoch <= 3; ++epoch) {
    result.history.push_back({.epoch = epoch, .layers = std::vector<record::LayerSignals>(3)});
  }
  return result;
}

// Argument: number of runs in the store before the first timed run.
void record(benchmark::State& state) {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("minima-store-benchmark-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  const auto before = static_cast<std::size_t>(state.range(0));
  const std::vector<study::Run> plan = plan_of(before + state.max_iterations);
  const record::DatasetRecord glyphs{.name = "glyphs",
                                     .problem = {{1, 28, 28}, 10},
                                     .train_count = 6000,
                                     .test_count = 1000,
                                     .majority_share = 0.1,
                                     .class_names = std::vector<std::string>(10, "class")};
  {
    const auto writer = store::open_writer(folder);
    writer->begin({.name = "benchmark"}, {&glyphs, 1}, plan);
    const record::RunResult result = three_epochs();
    std::size_t next = 0;
    while (next < before) writer->record(plan[next++], result, {});
    for (auto _ : state) writer->record(plan[next++], result, {});
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(record)->Arg(0)->Arg(2'000)->Arg(20'000)->Iterations(2'000)->Unit(
    benchmark::kMicrosecond);

}  // namespace
