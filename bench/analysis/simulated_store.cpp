// Writes a store as large as paper M's first phase, with made-up results: 480 architectures x 30
// replicates x 20 epochs. Then time the analyses on it:
//
//   build/release/bench/analysis/minima_simulated_store OUT
//   /usr/bin/time -v build/release/minima analyze OUT
#include <cmath>
#include <cstdio>
#include <string>

#include "core/random.h"
#include "store/store.h"
#include "study/plan.h"

namespace {

using namespace minima;

constexpr const char* kStudy = R"(
[study]
name = "simulated"
replicates = 30
[data]
datasets = "glyphs"
[[design]]
family = "dnn"
depth = [1, 2, 3, 4]
width = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000]
shape = "all"
)";
const Problem kProblem{{1, 28, 28}, 10};

// Small networks fail with a probability, the others learn along a curve that ends the higher the
// more parameters they have.
study::RunResult result_of(const study::Run& run) {
  const auto parameters = static_cast<double>(study::parameter_count(run.architecture, kProblem));
  const std::size_t layers = study::layers_of(run.architecture, kProblem).size();
  RandomStream random(1, subject_of(run.id), Purpose::generated_image);
  const bool failed = random.uniform() < std::exp(-parameters / 2000.0);
  const double best = failed ? 0.1 : 0.98 - 20.0 / parameters - 0.004 * std::abs(random.normal());
  study::RunResult result{.status = study::RunStatus::finished, .epochs = run.train.epochs};
  for (int epoch = 1; epoch <= result.epochs; ++epoch) {
    const double accuracy = failed ? 0.1 : best - 0.5 * std::pow(epoch, -1.5);
    study::EpochRecord record{.epoch = epoch,
                              .train_loss = failed ? 2.3 : 2.0 * std::pow(epoch, -0.8),
                              .train_accuracy = accuracy,
                              .test_loss = failed ? 2.3 : 2.1 * std::pow(epoch, -0.7),
                              .test_accuracy = accuracy,
                              .predicted_classes = failed ? 1 : 10,
                              .top_class_share = failed ? 1.0 : 0.12,
                              .layers = {}};
    record.layers.assign(layers, {.gradient_norm = failed ? 0.0 : 0.1, .units = 10});
    result.history.push_back(record);
  }
  result.train_accuracy = result.test_accuracy = result.history.back().test_accuracy;
  result.train_loss = result.history.back().train_loss;
  result.test_loss = result.history.back().test_loss;
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: minima_simulated_store OUT\n");
    return 2;
  }
  const study::Study study = study::parse_study(kStudy, "simulated");
  const std::string glyphs = "glyphs";
  const std::vector<study::Run> plan =
      study::expand(study, {&glyphs, 1}, [](const std::string&) { return kProblem; });
  const store::DatasetRecord dataset{.name = glyphs,
                                     .problem = kProblem,
                                     .train_count = 60'000,
                                     .test_count = 10'000,
                                     .majority_share = 0.1,
                                     .class_names = std::vector<std::string>(10, "class")};
  const auto writer = store::open_writer(argv[1]);
  writer->begin({.name = study.name, .text = kStudy}, {&dataset, 1}, plan);
  for (const study::Run& run : plan) writer->record(run, result_of(run), {});
  std::printf("%zu runs\n", plan.size());
  return 0;
}
