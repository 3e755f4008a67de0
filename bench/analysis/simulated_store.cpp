// Writes a store with simulated results, as large as paper M's first phase: 480 architectures x 30
// replicates x 20 epochs, with the predictions of each run for 10,000 test images (without
// predictions if "none" is given). Then time the analyses on it:
//
//   build/release/bench/analysis/minima_simulated_store OUT [none]
//   /usr/bin/time -v build/release/minima analyze OUT
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>

#include "core/numbers/random.h"
#include "network/families/lower.h"
#include "store/store.h"
#include "study/file/study_file.h"
#include "study/plan/plan.h"

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
constexpr std::size_t kTestImages = 10'000;

record::DatasetLabels labels() {
  RandomStream random(1, 0, Purpose::generated_image);
  record::DatasetLabels labels{.test = std::vector<std::uint16_t>(kTestImages), .validation = {}};
  for (auto& label : labels.test) label = static_cast<std::uint16_t>(random.below(10));
  return labels;
}

// Errors are random; a failed network always answers 0.
record::RunPredictions predictions_of(const std::vector<std::uint16_t>& labels, double accuracy,
                                      bool failed, RandomStream& random) {
  record::RunPredictions predictions{.test = labels, .validation = {}};
  for (auto& predicted : predictions.test) {
    if (failed) predicted = 0;
    if (failed || random.uniform() < accuracy) continue;
    predicted = static_cast<std::uint16_t>((predicted + 1 + random.below(9)) % 10);
  }
  return predictions;
}

double share_of(const std::vector<std::uint16_t>& predicted,
                const std::vector<std::uint16_t>& labels) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) right += predicted[i] == labels[i] ? 1 : 0;
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

// Small networks fail with some probability. The others follow a learning curve whose final error
// falls with the number of parameters, from 40 to 2 %.
record::RunResult result_of(const study::Run& run, const std::vector<std::uint16_t>& labels) {
  const network::Graph graph = network::graph_of(run.architecture, kProblem);
  const auto parameters = static_cast<double>(graph.parameters());
  const std::size_t layers = graph.layers.size();
  RandomStream random(1, subject_of(run.id), Purpose::generated_image);
  const bool failed = random.uniform() < std::exp(-parameters / 2000.0);
  const double expected = 0.98 - 0.38 * std::sqrt(795.0 / parameters);
  record::RunResult result{.status = record::RunStatus::finished, .epochs = run.train.epochs};
  result.predictions = predictions_of(
      labels, std::max(0.1, expected - 0.004 * std::abs(random.normal())), failed, random);
  const double best = share_of(result.predictions.test, labels);
  for (int epoch = 1; epoch <= result.epochs; ++epoch) {
    const bool is_last = epoch == result.epochs;
    const double accuracy = failed || is_last ? best : best - 0.5 * std::pow(epoch, -1.5);
    record::EpochRecord record{.epoch = epoch,
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
  const bool without = argc == 3 && std::string_view(argv[2]) == "none";
  if (argc != 2 && !without) {
    std::fprintf(stderr, "usage: minima_simulated_store OUT [none]\n");
    return 2;
  }
  const study::Study study = study::parse_study(kStudy, "simulated");
  const std::string glyphs = "glyphs";
  const std::vector<study::Run> plan =
      study::expand(study, {&glyphs, 1}, [](const std::string&) { return kProblem; });
  const record::DatasetLabels truth = labels();
  const record::DatasetRecord dataset{.name = glyphs,
                                      .problem = kProblem,
                                      .train_count = 60'000,
                                      .test_count = kTestImages,
                                      .majority_share = 0.1,
                                      .class_names = std::vector<std::string>(10, "class"),
                                      .checksum = "",
                                      .labels = without ? record::DatasetLabels{} : truth};
  const auto writer = store::open_writer(argv[1]);
  writer->begin({.name = study.name, .text = kStudy}, {&dataset, 1}, plan);
  for (const study::Run& run : plan) {
    record::RunResult result = result_of(run, truth.test);
    if (without) result.predictions = {};
    writer->record(run, result, {});
  }
  std::printf("%zu runs\n", plan.size());
  return 0;
}
