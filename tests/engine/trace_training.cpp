// Trains one run for a number of steps and writes all that another implementation needs to repeat
// it: images, batches, initial weights; and what came out: the loss of each step, the final
// weights.
//
//   trace_training OUT_FOLDER DATASET ARCHITECTURE STEPS [STUDY_FILE_TRAIN_SECTION]
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "data/source.h"
#include "engine/backend.h"
#include "engine/batch.h"
#include "engine/initial_weights.h"
#include "study/study_file.h"

namespace {

using namespace minima;

template <typename T>
void write(const std::filesystem::path& path, const std::vector<T>& values) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(T)));
}

struct Tracer : engine::TrainObserver {
  std::vector<double> losses;
  std::vector<float> final_weights;
  nlohmann::json gradient_norms;

  void on_step(std::size_t, std::int64_t, double loss) override { losses.push_back(loss); }
  void on_end(std::size_t, study::RunResult&& result,
              std::span<const engine::ParameterView> parameters) override {
    for (const auto& tensor : parameters) {
      final_weights.insert(final_weights.end(), tensor.values.begin(), tensor.values.end());
    }
    for (const auto& layer : result.history.back().layers) {
      gradient_norms.push_back(layer.gradient_norm);
    }
  }
};

std::vector<float> initial_weights(const study::Run& run, const engine::Network& network) {
  std::vector<float> padded(network.parameter_floats());
  engine::initialise(run, network, padded);
  std::vector<float> result;
  for (const auto& tensor : network.parameters()) {
    const auto begin = padded.begin() + static_cast<std::ptrdiff_t>(tensor.offset);
    result.insert(result.end(), begin, begin + tensor.spec.count());
  }
  return result;
}

nlohmann::json tensors_of(const engine::Network& network) {
  nlohmann::json tensors;
  for (const auto& tensor : network.parameters()) {
    tensors.push_back({{"name", tensor.spec.name}, {"shape", tensor.spec.shape}});
  }
  return tensors;
}

int trace(const std::filesystem::path& out, const std::string& dataset_text,
          const std::string& architecture, std::int64_t steps, const std::string& train_section) {
  const data::Dataset dataset = data::load(data::parse_source(dataset_text), data::search_path({}));
  const study::Study study = study::parse_study(
      "[study]\nname = \"trace\"\n[data]\ndatasets = [\"glyphs\"]\n[train]\n" + train_section +
          "\n[[design]]\narchitectures = [\"" + architecture + "\"]\n",
      "trace");
  const study::Run run =
      study::make_run(dataset.name, study::Architecture::parse(architecture), 0, 1, study.train);
  const engine::Network network(run.architecture, dataset.problem(),
                                engine::batch_shape(static_cast<std::size_t>(run.train.batch)));
  const engine::PixelScaling scaling = engine::pixel_scaling(run.train.scaling, dataset);
  Tracer tracer;
  engine::make_cpu_backend()->train(dataset, {&run, 1},
                                    {.evaluate = false, .max_steps = steps, .report_steps = true},
                                    tracer, {});

  std::filesystem::create_directories(out);
  write(out / "images.bin", dataset.train.images);
  write(out / "labels.bin", dataset.train.labels);
  write(out / "initial.bin", initial_weights(run, network));
  write(out / "final.bin", tracer.final_weights);
  std::vector<std::vector<std::uint32_t>> orders;
  const std::size_t per_epoch = (dataset.train.count() + run.train.batch - 1) / run.train.batch;
  for (std::size_t epoch = 0; epoch * per_epoch < static_cast<std::size_t>(steps); ++epoch) {
    orders.push_back(engine::shuffled_indices(dataset.train.count(), run.seed, run.dataset,
                                              run.replicate, static_cast<int>(epoch) + 1));
  }
  const nlohmann::json meta = {
      {"shape", {dataset.shape.channels, dataset.shape.height, dataset.shape.width}},
      {"classes", dataset.class_names.size()},
      {"batch", run.train.batch},
      {"scale", scaling.scale},
      {"shift", scaling.shift},
      {"orders", orders},
      {"tensors", tensors_of(network)},
      {"losses", tracer.losses},
      {"gradient_norms", tracer.gradient_norms}};
  std::ofstream(out / "meta.json") << meta;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("usage: trace_training OUT DATASET ARCHITECTURE STEPS [TRAIN_SECTION]\n", stderr);
    return 2;
  }
  try {
    return trace(argv[1], argv[2], argv[3], std::stoll(argv[4]), argc > 5 ? argv[5] : "");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
