// Which activations the hooks of a network see, and that networks compute with the changed values.
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "collector.h"
#include "engine/cpu/batch.h"
#include "engine/cpu/evaluation.h"
#include "engine/initial_weights.h"
#include "engine/network/network.h"
#include "engine/network/parameter_layout.h"
#include "engine/transforms.h"
#include "plain_graph.h"
#include "small_data.h"

namespace minima::engine {
namespace {

// A different grid for every site, so that a call at a wrong site shows.
double rounded(std::size_t layer, int site, double value) {
  const double steps = 3.0 + static_cast<double>(2 * layer) + site;
  return std::nearbyint(value * steps) / steps;
}

class RoundingActivations : public ActivationHook {
 public:
  void apply(const HookedActivations& which, float* values) override {
    for (std::size_t f = 0; f < which.features; ++f) {
      for (std::size_t b = 0; b < which.images; ++b) {
        float& value = values[f * which.stride + b];
        value = static_cast<float>(rounded(which.place.layer, which.place.site, value));
      }
    }
  }
};

/// Changes nothing and records its calls.
class CallRecorder : public ActivationHook {
 public:
  using Call = std::tuple<std::size_t, int, std::size_t>;  // layer, site, features
  void apply(const HookedActivations& which, float*) override {
    calls.emplace_back(which.place.layer, which.place.site, which.features);
  }
  std::vector<Call> calls;
};

/// A network with its initial weights, and one batch.
struct NetworkAndBatch {
  explicit NetworkAndBatch(const std::string& text, const ImageShape& image = kSmallImage,
                           bool hooks = true)
      : dataset(small_dataset(60, 20, image)),
        run(small_run(text, quick_settings())),
        network(run.architecture, dataset.problem(), shape, {hooks}),
        parameters(network.parameter_floats()),
        workspace(network.workspace_floats()),
        batch(dataset.shape, shape, pixel_scaling(study::Scaling::standardised, dataset)) {
    initialise(run, network, parameters.span());
    batch.load(dataset.test, all_indices(20));
  }

  std::vector<float> logits(ActivationHook* activations = nullptr) {
    network.forward(parameters.data(), batch.input(), workspace.data(), {}, nullptr, activations);
    std::vector<float> result;
    for (std::size_t b = 0; b < 20; ++b) {
      for (std::size_t c = 0; c < 4; ++c) {
        result.push_back(network.logits(workspace.data())[c * shape.stride + b]);
      }
    }
    return result;
  }

  [[nodiscard]] std::vector<double> pixels(std::size_t image) const {
    const auto count = static_cast<std::size_t>(dataset.shape.pixels());
    const float* at = batch.input().by_image + image * count;
    return {at, at + count};
  }

  BatchShape shape = batch_shape(20);
  data::Dataset dataset;
  study::Run run;
  Network network;
  AlignedBuffer<float> parameters;
  AlignedBuffer<float> workspace;
  Batch batch;
};

std::vector<CallRecorder::Call> calls_of(const std::string& text,
                                         const ImageShape& image = kSmallImage) {
  CallRecorder recorder;
  (void)NetworkAndBatch(text, image).logits(&recorder);
  return recorder.calls;
}

const char* const kPlain[] = {"dnn linear",        "dnn 7-5",         "cnn 3",
                              "cnn 2-3 pad1 max2", "cnn 2 pad1 avg2", "cnn 2-3 k3 gap"};
const char* const kVits[] = {"vit d8 h2 l2 p3", "vit d8 h2 l1 p3 post relu cls",
                             "vit d4 h2 l1 p6 post relu", "vit d4 h2 l1 p6", "vit paper h4",
                             // Heads whose total width is narrower and wider than the block.
                             "vit d8 h2 l1 p3 a3", "vit d8 h2 l1 p3 a5", "vit d8 h2 l1 p6 a3"};

TEST(ActivationHook, ThatChangesNothingChangesNoLogit) {
  CallRecorder recorder;
  for (const char* text : kPlain) {
    NetworkAndBatch f(text);
    EXPECT_EQ(f.logits(&recorder), f.logits()) << text;
  }
  for (const char* text : kVits) {
    NetworkAndBatch f(text);
    const std::vector<float> logits = f.logits();
    EXPECT_EQ(f.logits(&recorder), logits) << text;
    EXPECT_EQ(NetworkAndBatch(text, kSmallImage, false).logits(), logits) << text;
  }
}

TEST(ActivationHook, SeesThePapersCnnComputedLayerByLayer) {
  for (const char* text : {"cnn 3", "cnn 5 k2", "cnn 2 s2"}) {
    const std::vector<float> fused = NetworkAndBatch(text, kSmallImage, false).logits();
    const std::vector<float> plain = NetworkAndBatch(text).logits();
    for (std::size_t i = 0; i < fused.size(); ++i) EXPECT_NEAR(fused[i], plain[i], 2e-6) << text;
  }
}

TEST(ActivationHook, SeesEveryOutputButTheLastOfDenseAndConvolutionalNetworks) {
  using Calls = std::vector<CallRecorder::Call>;
  EXPECT_EQ(calls_of("dnn linear"), Calls{});
  EXPECT_EQ(calls_of("dnn 7-5"), (Calls{{0, 0, 7}, {1, 0, 5}}));
  EXPECT_EQ(calls_of("cnn 3"), (Calls{{0, 0, 48}}));
  EXPECT_EQ(calls_of("cnn 2-3 pad1 max2"), (Calls{{0, 0, 72}, {1, 0, 18}, {2, 0, 27}, {3, 0, 3}}));
}

TEST(ActivationHook, SeesTheInputsOfAllLinearMapsOfVisionTransformers) {
  using Calls = std::vector<CallRecorder::Call>;
  // Four tokens of 8 features, MLPs of 32 hidden units; patches of 9 pixels.
  EXPECT_EQ(calls_of("vit d8 h2 l2 p3"), (Calls{{0, 0, 36},
                                                {1, 0, 32},
                                                {1, 1, 32},
                                                {1, 2, 32},
                                                {1, 3, 128},
                                                {2, 0, 32},
                                                {2, 1, 32},
                                                {2, 2, 32},
                                                {2, 3, 128},
                                                {4, 0, 8}}));
  // One token, and no layer between the block and the last layer.
  EXPECT_EQ(calls_of("vit d4 h2 l1 p6 post"),
            (Calls{{0, 0, 36}, {1, 0, 4}, {1, 1, 4}, {1, 2, 4}, {1, 3, 16}, {2, 0, 4}}));
  // Heads whose total width is narrower and wider than the block.
  EXPECT_EQ(calls_of("vit d8 h2 l1 p3 a3"),
            (Calls{{0, 0, 36}, {1, 0, 32}, {1, 1, 24}, {1, 2, 32}, {1, 3, 128}, {3, 0, 8}}));
  EXPECT_EQ(calls_of("vit d8 h2 l1 p3 a5"),
            (Calls{{0, 0, 36}, {1, 0, 32}, {1, 1, 40}, {1, 2, 32}, {1, 3, 128}, {3, 0, 8}}));
  EXPECT_EQ(calls_of("vit paper h4"),
            (Calls{{0, 0, 36}, {1, 0, 784}, {1, 1, 784}, {1, 2, 784}, {1, 3, 2048}, {2, 0, 784}}));
  EXPECT_EQ(calls_of("vit paper h4", {1, 28, 28}),
            (Calls{{1, 0, 784}, {1, 1, 784}, {1, 2, 784}, {1, 3, 2048}, {2, 0, 784}}))
      << "the identity is no linear map";
}

TEST(ActivationHook, ThatRoundsMatchesRoundingBetweenReferenceLayers) {
  RoundingActivations rounding;
  for (const char* text : kPlain) {
    NetworkAndBatch f(text);
    PlainGraph plain(f.network.graph(), f.network.offsets());
    plain.between_layers = [](std::size_t layer, double v) { return rounded(layer, 0, v); };
    const std::vector<float> logits = f.logits(&rounding);
    const std::vector<double> parameters(f.parameters.span().begin(), f.parameters.span().end());
    for (std::size_t b = 0; b < 20; ++b) {
      const std::vector<double> expected = plain.logits(parameters, f.pixels(b));
      for (std::size_t c = 0; c < 4; ++c) {
        ASSERT_NEAR(logits[4 * b + c], expected[c], 1e-4) << text << " image " << b;
      }
    }
  }
}

/// The site at which a transform sees the input of a linear map of a vision transformer.
int site_of(const network::Graph& graph, const network::Op& linear) {
  if (linear.part == network::BlockPart::none) return kInputSite;
  if (linear.part == network::BlockPart::mlp) {
    return linear.activation == network::Activation::none ? kHiddenSite : kMlpSite;
  }
  const network::Op& input = graph.ops.at(static_cast<std::size_t>(linear.inputs.at(0)));
  return std::holds_alternative<network::Attention>(input.what) ? kAttendedSite : kProjectionSite;
}

TEST(ActivationHook, RoundsInputsOfLinearMapsInVisionTransformersButNotResiduals) {
  RoundingActivations rounding;
  for (const char* text : kVits) {
    NetworkAndBatch f(text);
    PlainGraph plain(f.network.graph(), f.network.offsets());
    plain.linear_input = [&plain](const network::Op& linear, double value) {
      return rounded(linear.layer, site_of(plain.graph(), linear), value);
    };
    const std::vector<double> parameters(f.parameters.span().begin(), f.parameters.span().end());
    const std::vector<float> logits = f.logits(&rounding);
    // Only the first images: a value near the middle of two steps may be rounded either way.
    const std::size_t images = std::string_view(text) == "vit paper h4" ? 2 : 10;
    for (std::size_t b = 0; b < images; ++b) {
      const std::vector<double> expected = plain.logits(parameters, f.pixels(b));
      for (std::size_t c = 0; c < 4; ++c) {
        ASSERT_NEAR(logits[4 * b + c], expected[c], 1e-4) << text << " image " << b;
      }
    }
  }
}

}  // namespace
}  // namespace minima::engine
