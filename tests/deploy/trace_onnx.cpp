// Writes ONNX models of random networks into a folder, with images and minima's logits for them;
// onnx_test.py runs the models in ONNX Runtime and compares.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "compress/example_network.h"
#include "compress/integer/integer_inference.h"
#include "core/aligned.h"
#include "deploy/onnx/onnx_export.h"
#include "engine/cpu/batch.h"
#include "engine/network/network.h"

namespace minima::deploy {
namespace {

namespace fs = std::filesystem;
using compress::NumberFormat;

constexpr std::size_t kImages = 16;
constexpr ImageShape kColour{.channels = 3, .height = 16, .width = 12};
constexpr ImageShape kGrey{.channels = 1, .height = 28, .width = 28};

Provenance provenance_of(const compress::TrainedNetwork& trained) {
  Provenance provenance{.program_version = "test", .study = "random", .problem = trained.problem};
  provenance.scaling = {{trained.pixel_scale.begin(), trained.pixel_scale.end()},
                        {trained.pixel_shift.begin(), trained.pixel_shift.end()}};
  return provenance;
}

/// Logits [image][class] from the engine.
std::vector<float> engine_logits(const compress::TrainedNetwork& trained,
                                 std::span<const std::uint8_t> images) {
  const engine::BatchShape shape = engine::batch_shape(kImages);
  const engine::Network network(trained.architecture, trained.problem, shape);
  AlignedBuffer<float> parameters(network.parameter_floats());
  for (std::size_t i = 0; i < network.offsets().size(); ++i) {
    std::ranges::copy(network.graph().tensors[i].of(trained.parameters),
                      parameters.data() + network.offsets()[i]);
  }
  data::Split split;
  split.images.assign(images.begin(), images.end());
  split.labels.assign(kImages, 0);
  std::vector<std::uint32_t> indices;
  for (std::uint32_t i = 0; i < kImages; ++i) indices.push_back(i);
  engine::Batch batch(trained.problem.image, shape, provenance_of(trained).scaling);
  batch.load(split, indices);
  AlignedBuffer<float> workspace(network.workspace_floats());
  network.forward(parameters.data(), batch.input(), workspace.data());
  std::vector<float> logits;
  for (std::size_t i = 0; i < kImages; ++i) {
    for (int c = 0; c < trained.problem.classes; ++c) {
      logits.push_back(
          network.logits(workspace.data())[static_cast<std::size_t>(c) * shape.stride + i]);
    }
  }
  return logits;
}

class Traces {
 public:
  explicit Traces(fs::path folder) : folder_(std::move(folder)) {}

  void add_floats(const std::string& architecture, const ImageShape& image,
                  compress::Pixels pixels) {
    compress::ExampleNetwork example(architecture, image, pixels, kImages);
    // Makes biases, norms and positions differ from each other.
    RandomStream random(5, 1, Purpose::initial_weights);
    for (float& value : example.parameters()) value += 0.02F * static_cast<float>(random.normal());
    const compress::TrainedNetwork trained = example.trained();
    const std::vector<float> logits = engine_logits(trained, example.images());
    write(architecture, "fp32",
          onnx_of_floats(trained.architecture, trained.parameters, provenance_of(trained)), image,
          example.images(), {logits.begin(), logits.end()}, 0.0);
  }

  void add_integers(const std::string& architecture, const compress::IntegerSettings& settings) {
    const compress::ExampleNetwork example(architecture, kColour, compress::Pixels::unit, kImages);
    const compress::IntegerBuild built = example.build(settings);
    const double scale = built.network->layers.back().reals.output_scale;
    std::vector<double> logits;
    for (std::size_t i = 0; i < kImages; ++i) {
      for (const std::int32_t logit : compress::integer_logits(*built.network, example.image(i))) {
        logits.push_back(logit * scale);
      }
    }
    const compress::IntegerLayer& last = built.network->layers.back();
    // One step of one activation, multiplied by the largest weight.
    const double step =
        last.reals.input_scale * *std::ranges::max_element(last.reals.weight_scales) * 127.0;
    write(architecture, settings.weights.text(),
          onnx_of_integers(*built.network, provenance_of(example.trained())), kColour,
          example.images(), logits, step);
  }

  void end() const { std::ofstream(folder_ / "cases.json") << cases_.dump(); }

 private:
  void write(const std::string& architecture, const std::string& what, const std::string& model,
             const ImageShape& image, std::span<const std::uint8_t> images,
             const std::vector<double>& logits, double step) {
    const std::string name = std::to_string(cases_.size());
    std::ofstream(folder_ / (name + ".onnx"), std::ios::binary) << model;
    std::ofstream(folder_ / (name + ".raw"), std::ios::binary)
        << std::string(images.begin(), images.end());
    cases_.push_back({{"name", architecture + " " + what},
                      {"shape", {kImages, image.channels, image.height, image.width}},
                      {"logits", logits},
                      {"step", step}});
  }

  fs::path folder_;
  nlohmann::json cases_ = nlohmann::json::array();
};

void write_all(const fs::path& folder) {
  using compress::Pixels;
  Traces traces(folder);
  for (const std::string& architecture : compress::example_architectures()) {
    traces.add_floats(architecture, kColour, Pixels::unit);
    traces.add_floats(architecture, kColour, Pixels::standardised);
  }
  for (const char* gelu : {"dnn 16-12 gelu", "cnn 4-6 gelu avg2"}) {
    traces.add_floats(gelu, kColour, Pixels::standardised);
  }
  for (const char* vit : {"vit d8 h2 l2 p4", "vit d8 h2 l1 p4 post relu", "vit d12 h3 l1 p4 cls",
                          "vit d8 h2 l1 p4 a6 m2"}) {
    traces.add_floats(vit, kColour, Pixels::standardised);
  }
  traces.add_floats("vit paper h4", kGrey, Pixels::unit);
  traces.add_floats("vit paper h4", kColour, Pixels::unit);
  for (const std::string& architecture : compress::example_architectures()) {
    traces.add_integers(architecture, {});
    traces.add_integers(architecture, {.weights = {.format = NumberFormat::int4},
                                       .activations = NumberFormat::int6});
    traces.add_integers(architecture, {.weights = {.format = NumberFormat::int8,
                                                   .scheme = compress::Scheme::affine}});
  }
  traces.end();
}

}  // namespace
}  // namespace minima::deploy

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  minima::deploy::write_all(argv[1]);
  return 0;
}
