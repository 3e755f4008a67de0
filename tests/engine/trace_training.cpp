// Trains one run for a number of steps and writes everything that another implementation needs to
// repeat it: images, batches, initial weights. Also writes the results: logits and gradients of the
// first batch, the loss of each step, the final weights.
//
//   trace_training OUT_FOLDER DATASET ARCHITECTURE STEPS [STUDY_FILE_TRAIN_SECTION]
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "data/source/source.h"
#include "engine/backend.h"
#include "engine/class_weights.h"
#include "engine/cpu/batch.h"
#include "engine/cpu/evaluation.h"
#include "engine/initial_weights.h"
#include "engine/network/parameter_layout.h"
#include "engine/shuffle.h"
#include "gradient_recorder.h"
#include "record/run_result.h"
#include "study/file/study_file.h"

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
  void on_end(std::size_t, record::RunResult&& result,
              const engine::ReadWeights& weights) override {
    final_weights = weights();
    for (const auto& layer : result.history.back().layers) {
      gradient_norms.push_back(layer.gradient_norm);
    }
  }
};

/// One forward and backward pass at the initial weights.
struct FirstStep {
  std::vector<float> initial;   ///< flat
  std::vector<float> logits;    ///< [images][classes]
  std::vector<float> gradient;  ///< flat
};

FirstStep first_step(const study::Run& run, const engine::Network& network,
                     const data::Dataset& dataset, std::span<const std::uint32_t> indices) {
  AlignedBuffer<float> parameters(network.parameter_floats());
  engine::initialise(run, network, parameters.span());
  engine::Batch batch(dataset.shape, network.batch(),
                      engine::pixel_scaling(run.train.scaling, dataset));
  batch.load(dataset.train, indices);
  AlignedBuffer<float> workspace(network.workspace_floats());
  network.forward(parameters.data(), batch.input(), workspace.data());

  const auto classes = static_cast<std::size_t>(network.classes());
  const std::size_t stride = network.batch().stride;
  const float* logits = network.logits(workspace.data());
  FirstStep result{.initial = engine::gathered(network, parameters.span())};
  for (std::size_t image = 0; image < batch.images(); ++image) {
    for (std::size_t c = 0; c < classes; ++c) {
      result.logits.push_back(logits[c * stride + image]);
    }
  }
  const auto weights =
      engine::class_weights(run.train.class_weights, dataset.train, dataset.problem().classes);
  AlignedBuffer<float> image_weights(stride);
  const std::span<const std::int32_t> labels(batch.labels(), batch.images());
  for (std::size_t i = 0; i < labels.size() && !weights.empty(); ++i) {
    image_weights[i] = static_cast<float>(engine::batch_factor(weights, labels) *
                                          weights[static_cast<std::size_t>(labels[i])]);
  }
  (void)engine::batch_loss(run.train.loss,
                           {.logits = logits,
                            .labels = batch.labels(),
                            .classes = classes,
                            .stride = stride,
                            .count = batch.images(),
                            .gradient = network.logits_gradient(workspace.data()),
                            .weights = weights.empty() ? nullptr : image_weights.data()});
  engine::GradientRecorder recorder(network.parameter_floats());
  network.backward(parameters.data(), batch.input(), workspace.data(), recorder);
  result.gradient = engine::gathered(network, recorder.gradient);
  return result;
}

/// The order of the images in each epoch that the steps reach.
std::vector<std::vector<std::uint32_t>> orders_of(const study::Run& run, std::size_t images,
                                                  std::int64_t steps) {
  const auto batch = static_cast<std::size_t>(run.train.batch);
  const std::size_t per_epoch = (images + batch - 1) / batch;
  std::vector<std::vector<std::uint32_t>> orders;
  for (std::size_t epoch = 0; epoch * per_epoch < static_cast<std::size_t>(steps); ++epoch) {
    orders.push_back(engine::shuffled_indices(images, run.seed, run.dataset, run.replicate,
                                              static_cast<int>(epoch) + 1));
  }
  return orders;
}

nlohmann::json tensors_of(const engine::Network& network) {
  nlohmann::json tensors;
  for (const network::Tensor& tensor : network.graph().tensors) {
    tensors.push_back({{"name", tensor.spec.name}, {"shape", tensor.spec.shape}});
  }
  return tensors;
}

int trace(const std::filesystem::path& out, const std::string& dataset_text,
          const std::string& architecture, std::int64_t steps, const std::string& train_section,
          std::uint64_t seed) {
  const data::Dataset dataset = data::load(data::parse_source(dataset_text), data::search_path({}));
  const study::Study study = study::parse_study(
      "[study]\nname = \"trace\"\n[data]\ndatasets = [\"glyphs\"]\n[train]\n" + train_section +
          "\n[[design]]\narchitectures = [\"" + architecture + "\"]\n",
      "trace");
  const study::Run run = study::make_run(dataset.name, network::Architecture::parse(architecture),
                                         0, seed, study.train);
  const engine::Network network(run.architecture, dataset.problem(),
                                engine::batch_shape(static_cast<std::size_t>(run.train.batch)));
  const engine::PixelScaling scaling = engine::pixel_scaling(run.train.scaling, dataset);
  Tracer tracer;
  engine::make_cpu_backend()->train(
      engine::PreparedDataset(std::make_shared<const data::Dataset>(dataset)), {&run, 1},
      {.evaluate = false, .max_steps = steps, .report_steps = true}, tracer, {});

  std::filesystem::create_directories(out);
  write(out / "images.bin", dataset.train.images);
  write(out / "labels.bin", dataset.train.labels);
  write(out / "final.bin", tracer.final_weights);
  const auto orders = orders_of(run, dataset.train.count(), steps);
  const auto images = std::min(orders[0].size(), static_cast<std::size_t>(run.train.batch));
  const FirstStep first = first_step(run, network, dataset, std::span(orders[0]).first(images));
  write(out / "initial.bin", first.initial);
  write(out / "logits.bin", first.logits);
  write(out / "gradient.bin", first.gradient);
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
    std::fputs("usage: trace_training OUT DATASET ARCHITECTURE STEPS [TRAIN_SECTION [SEED]]\n",
               stderr);
    return 2;
  }
  try {
    return trace(argv[1], argv[2], argv[3], std::stoll(argv[4]), argc > 5 ? argv[5] : "",
                 argc > 6 ? std::stoull(argv[6]) : 1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
