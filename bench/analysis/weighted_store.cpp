// Writes a store of runs of `dnn 200-200` with simulated weights, to time their analyses:
//
//   build/release/bench/analysis/minima_weighted_store OUT 1000 keep
//   /usr/bin/time -v build/release/minima analyze OUT --only weights
//   /usr/bin/time -v build/release/minima analyze OUT --only projection
//
// Without `keep` it stores weight summaries, as `weights = "representative"` would, instead of the
// weights. Every second run succeeds and has smaller weights.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/numbers/random.h"
#include "measure/tensor_summary.h"
#include "network/families/lower.h"
#include "store/store.h"
#include "study/file/study_file.h"
#include "study/plan/plan.h"

namespace {

using namespace minima;

const Problem kProblem{{1, 28, 28}, 10};
const std::string kGlyphs = "glyphs";

std::string study_text(int runs) {
  return "[study]\nname = \"weighted\"\nreplicates = " + std::to_string(runs) +
         "\n[data]\ndatasets = \"glyphs\"\n[[design]]\narchitectures = \"dnn 200-200\"\n";
}

bool succeeds(const study::Run& run) {
  return run.replicate % 2 == 0;
}

struct Tensor {
  network::Tensor of;
  std::vector<float> values;
};

std::vector<Tensor> weights_of(const study::Run& run) {
  std::vector<Tensor> tensors;
  for (const network::Tensor& of : network::graph_of(run.architecture, kProblem).tensors) {
    Tensor& tensor = tensors.emplace_back(Tensor{of, std::vector<float>(of.count)});
    RandomStream random(1, subject_of(run.id), Purpose::initial_weights,
                        static_cast<std::uint32_t>(tensors.size()));
    const double sd = (succeeds(run) ? 0.05 : 0.08) * (1.0 + 0.2 * random.uniform());
    for (float& value : tensor.values) value = static_cast<float>(sd * random.normal());
  }
  return tensors;
}

record::RunResult result_of(const study::Run& run, const std::vector<Tensor>& tensors) {
  const double accuracy = succeeds(run) ? 0.95 : 0.3;
  record::RunResult result{.status = record::RunStatus::finished,
                           .epochs = 1,
                           .train_loss = 0.1,
                           .train_accuracy = accuracy,
                           .test_loss = 0.1,
                           .test_accuracy = accuracy};
  result.history.push_back({.epoch = 1,
                            .train_accuracy = accuracy,
                            .test_accuracy = accuracy,
                            .predicted_classes = 10,
                            .layers = {}});
  for (const auto stage : {record::WeightStage::start, record::WeightStage::end}) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      auto summary = measure::summary_of(tensors[i].of, tensors[i].values);
      summary.stage = stage;
      summary.epoch = stage == record::WeightStage::end ? 1 : 0;
      summary.tensor = static_cast<int>(i);
      result.weights.push_back(std::move(summary));
    }
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: minima_weighted_store OUT RUNS [keep]\n");
    return 2;
  }
  const bool keeps = argc > 3 && std::string_view(argv[3]) == "keep";
  const study::Study study = study::parse_study(study_text(std::atoi(argv[2])), "weighted");
  const std::vector<study::Run> plan =
      study::expand(study, {&kGlyphs, 1}, [](const std::string&) { return kProblem; });
  const record::DatasetRecord dataset{.name = kGlyphs,
                                      .problem = kProblem,
                                      .train_count = 60'000,
                                      .test_count = 10'000,
                                      .majority_share = 0.1,
                                      .class_names = std::vector<std::string>(10, "class")};
  const auto writer = store::open_writer(argv[1]);
  writer->begin({.name = study.name,
                 .text = study.text,
                 .keep_weights = keeps ? study::KeepWeights::all : study::KeepWeights::none},
                {&dataset, 1}, plan);
  for (const study::Run& run : plan) {
    const std::vector<Tensor> tensors = weights_of(run);
    std::vector<store::NamedTensor> named;
    for (const Tensor& tensor : tensors) named.push_back({tensor.of.spec, tensor.values});
    writer->record(run, result_of(run, tensors), named);
  }
  std::printf("%zu runs\n", plan.size());
  return 0;
}
