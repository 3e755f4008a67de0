// No layer writes beyond the memory that it asks for. The buffers here end exactly after that many
// floats, and canaries follow.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/aligned.h"
#include "core/numbers/random.h"
#include "engine/layers/row_convolution_layer.h"
#include "engine/network/make_layer.h"
#include "engine/network/network.h"
#include "gradient_recorder.h"
#include "network/families/lower.h"

namespace minima::engine {
namespace {

constexpr float kCanary = -123456.75F;  // no layer computes this value
constexpr std::size_t kCanaries = 64;

/// `floats` floats, then canaries.
class GuardedFloats {
 public:
  explicit GuardedFloats(std::size_t floats) : floats_(floats), buffer_(floats + kCanaries) {
    std::fill_n(buffer_.data() + floats, kCanaries, kCanary);
  }

  [[nodiscard]] float* data() { return buffer_.data(); }
  [[nodiscard]] std::span<float> values() { return buffer_.span().first(floats_); }
  [[nodiscard]] bool is_intact() const {
    const std::span<const float> canaries = buffer_.span().subspan(floats_);
    return std::all_of(canaries.begin(), canaries.end(), [](float v) { return v == kCanary; });
  }

 private:
  std::size_t floats_;
  AlignedBuffer<float> buffer_;
};

struct UnchangedActivations final : ActivationHook {
  void apply(const HookedActivations&, float*) override {}
};

/// A layer with memory of exactly the sizes that it asks for.
struct GuardedLayer {
  GuardedLayer(Layer& under_test, const ParameterPlaces& places, std::size_t inputs,
               std::size_t batch)
      : layer(under_test),
        stride(batch_shape(batch).stride),
        parameters(places.floats),
        input(inputs * stride),
        output(layer.outputs() * stride),
        output_gradient(layer.outputs() * stride),
        input_gradient(inputs * stride),
        saved(layer.saved_floats()),
        scratch(layer.scratch_floats()) {
    RandomStream stream(5, 0, Purpose::bootstrap);
    for (GuardedFloats* values : {&parameters, &input}) {
      for (float& value : values->values()) value = 0.5F * static_cast<float>(stream.normal());
    }
  }

  void forward(std::size_t images, const DropoutKey* dropout, ActivationHook* hook,
               const std::string& what) {
    layer.forward({.parameters = parameters.data(),
                   .input = {.by_feature = input.data(), .by_image = nullptr, .images = images},
                   .output = output.data(),
                   .saved = saved.data(),
                   .scratch = scratch.data(),
                   .dropout = dropout,
                   .activations = hook});
    expect_intact(what + ", forward");
  }

  void backward(std::size_t images, const DropoutKey* dropout, float* to, const std::string& what) {
    for (std::size_t i = 0; i < output_gradient.values().size(); ++i) {
      output_gradient.values()[i] = i % stride < images ? 0.25F : 0.0F;
    }
    GradientRecorder sink;
    layer.backward({.parameters = parameters.data(),
                    .input = {.by_feature = input.data(), .by_image = nullptr, .images = images},
                    .output = output.data(),
                    .saved = saved.data(),
                    .output_gradient = output_gradient.data(),
                    .input_gradient = to,
                    .scratch = scratch.data(),
                    .dropout = dropout},
                   sink);
    expect_intact(what + ", backward");
  }

  void expect_intact(const std::string& what) const {
    EXPECT_TRUE(saved.is_intact()) << what << ": saved memory";
    EXPECT_TRUE(scratch.is_intact()) << what << ": scratch memory";
    EXPECT_TRUE(output.is_intact()) << what << ": output";
    EXPECT_TRUE(output_gradient.is_intact()) << what << ": output gradient";
    EXPECT_TRUE(input_gradient.is_intact()) << what << ": input gradient";
  }

  /// Training and evaluation of a batch, with everything that takes memory.
  void run(std::size_t images, bool wants_input, const std::string& what) {
    const DropoutKey key{.seed = 2, .subject = 3, .step = 4};
    UnchangedActivations unchanged;
    forward(images, nullptr, &unchanged, what);
    forward(images, &key, nullptr, what);
    backward(images, &key, wants_input ? input_gradient.data() : nullptr, what);
  }

  Layer& layer;
  std::size_t stride;
  GuardedFloats parameters;
  GuardedFloats input;
  GuardedFloats output;
  GuardedFloats output_gradient;
  GuardedFloats input_gradient;
  GuardedFloats saved;
  GuardedFloats scratch;
};

constexpr std::size_t kGuardedBatches[] = {16, 20};

struct LayerExample {
  const char* text;
  ImageShape image;
};

/// Every kind of layer, with every option that changes its memory.
const LayerExample kLayerExamples[] = {
    {"dnn linear", {1, 3, 6}},
    {"dnn 7-5", {1, 3, 6}},
    {"dnn 7-5 gelu", {1, 3, 6}},
    {"dnn 200-200", {1, 3, 6}},  // weight gradients in several blocks
    {"cnn 3", {1, 6, 6}},
    {"cnn 2-3 pad1 max2", {2, 6, 6}},
    {"cnn 2 pad1 avg2 gelu", {2, 6, 6}},
    {"cnn 2-3 k3 gap", {1, 7, 7}},
    {"cnn 2-3 s2", {1, 9, 9}},
    {"vit d8 h2 l1 p3", {1, 3, 6}},
    {"vit d8 h2 l1 p6", {1, 6, 6}},  // one token
    {"vit d8 h2 l1 p6 drop0.2", {1, 6, 6}},
    {"vit d8 h2 l1 p3 drop0.2", {1, 6, 6}},
    {"vit d8 h2 l1 p3 post relu cls", {1, 6, 6}},
    {"vit d8 h2 l1 p3 a5 drop0.2 cls", {1, 6, 6}},
    {"vit d12 h3 l1 p1 f70", {1, 8, 8}},   // a linear map in chunks of tokens
    {"vit d64 h2 l1 p3 f300", {1, 6, 6}},  // a linear map in blocks of rows
    {"vit paper h4", {1, 28, 28}},
};

std::size_t layer_inputs(const network::Graph& graph, std::size_t layer, const ImageShape& image) {
  return layer == 0 ? static_cast<std::size_t>(image.pixels())
                    : static_cast<std::size_t>(graph.outputs_of(graph.layers[layer - 1]));
}

TEST(Workspace, NoLayerWritesBeyondTheMemoryItAsksFor) {
  for (const LayerExample& example : kLayerExamples) {
    const network::Graph graph = network::graph_of(network::Architecture::parse(example.text),
                                                   {.image = example.image, .classes = 3});
    const ParameterPlaces places(graph);
    for (const std::size_t batch : kGuardedBatches) {
      for (std::size_t i = 0; i < graph.layers.size(); ++i) {
        const auto layer = make_layer(graph, graph.layers[i], batch_shape(batch), places);
        layer->prepare();
        for (const std::size_t images : {batch, std::size_t{3}}) {
          for (const bool wants_input : {true, false}) {
            GuardedLayer(*layer, places, layer_inputs(graph, i, example.image), batch)
                .run(images, wants_input, std::string(example.text) + ", " + graph.layers[i].name);
          }
        }
      }
    }
  }
}

TEST(Workspace, NeitherDoesTheConvolutionThatConsumesItsRows) {
  // The first keeps its rows of activations, the second computes them again.
  for (const LayerExample& example :
       {LayerExample{"cnn 3", {1, 6, 6}}, LayerExample{"cnn 30", {1, 28, 28}}}) {
    const network::Graph graph = network::graph_of(network::Architecture::parse(example.text),
                                                   {.image = example.image, .classes = 3});
    ASSERT_TRUE(RowConvolutionLayer::fits(graph)) << example.text;
    const ParameterPlaces places(graph);
    for (const std::size_t batch : kGuardedBatches) {
      RowConvolutionLayer layer(graph.ops[0], graph.ops[1], batch_shape(batch), places);
      layer.prepare();
      for (const std::size_t images : {batch, std::size_t{3}}) {
        GuardedLayer(layer, places, static_cast<std::size_t>(example.image.pixels()), batch)
            .run(images, false, example.text);
      }
    }
  }
}

}  // namespace
}  // namespace minima::engine
