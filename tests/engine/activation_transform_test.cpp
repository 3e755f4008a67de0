// Transforms of activations: which activations they see, and that networks compute with the
// transformed values.
#include "engine/activation_transform.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <stdexcept>
#include <tuple>

#include "collector.h"
#include "engine/cpu/batch.h"
#include "engine/cpu/evaluation.h"
#include "engine/network/initial_weights.h"
#include "engine/network/network.h"
#include "plain_graph.h"
#include "plain_training.h"
#include "small_data.h"

namespace minima::engine {
namespace {

// A different grid for every site, so that a call at a wrong site shows.
double rounded(std::size_t layer, int site, double value) {
  const double steps = 3.0 + static_cast<double>(2 * layer) + site;
  return std::nearbyint(value * steps) / steps;
}

class RoundingActivations : public ActivationTransform {
 public:
  void apply(std::size_t layer, int site, float* values, std::size_t features, std::size_t stride,
             std::size_t images) const override {
    for (std::size_t f = 0; f < features; ++f) {
      for (std::size_t b = 0; b < images; ++b) {
        float& value = values[f * stride + b];
        value = static_cast<float>(rounded(layer, site, value));
      }
    }
  }
};

/// Changes nothing and records its calls.
class CallRecorder : public ActivationTransform {
 public:
  using Call = std::tuple<std::size_t, int, std::size_t>;  // layer, site, features
  void apply(std::size_t layer, int site, float*, std::size_t features, std::size_t,
             std::size_t images) const override {
    calls.emplace_back(layer, site, features);
    seen += images;
  }
  mutable std::vector<Call> calls;
  mutable std::size_t seen = 0;
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

  std::vector<float> logits(const ActivationTransform* activations = nullptr) {
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

TEST(ActivationTransform, ThatChangesNothingChangesNoLogit) {
  const CallRecorder recorder;
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

TEST(ActivationTransform, ThatChangesNothingChangesNoTraining) {
  const data::Dataset dataset = small_dataset(330, 75, kSmallImage);
  const CallRecorder recorder;
  const RunConditions conditions{.activations = &recorder};
  for (const char* text : {"dnn 7-5", "cnn 2-3 pad1 max2", "cnn 2-3 k3 gap"}) {
    const study::Run run = small_run(text, quick_settings());
    EXPECT_EQ(train(dataset, {run}, {.conditions = {&conditions, 1}}).weights[0],
              train(dataset, {run}).weights[0])
        << text;
  }
}

TEST(ActivationTransform, SeesThePapersCnnComputedLayerByLayer) {
  for (const char* text : {"cnn 3", "cnn 5 k2", "cnn 2 s2"}) {
    const std::vector<float> fused = NetworkAndBatch(text, kSmallImage, false).logits();
    const std::vector<float> plain = NetworkAndBatch(text).logits();
    for (std::size_t i = 0; i < fused.size(); ++i) EXPECT_NEAR(fused[i], plain[i], 2e-6) << text;
  }
}

TEST(ActivationTransform, SeesEveryOutputButTheLastOfDenseAndConvolutionalNetworks) {
  using Calls = std::vector<CallRecorder::Call>;
  EXPECT_EQ(calls_of("dnn linear"), Calls{});
  EXPECT_EQ(calls_of("dnn 7-5"), (Calls{{0, 0, 7}, {1, 0, 5}}));
  EXPECT_EQ(calls_of("cnn 3"), (Calls{{0, 0, 48}}));
  EXPECT_EQ(calls_of("cnn 2-3 pad1 max2"), (Calls{{0, 0, 72}, {1, 0, 18}, {2, 0, 27}, {3, 0, 3}}));
}

TEST(ActivationTransform, SeesTheInputsOfAllLinearMapsOfVisionTransformers) {
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

TEST(ActivationTransform, ThatRoundsMatchesRoundingBetweenReferenceLayers) {
  const RoundingActivations rounding;
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

TEST(ActivationTransform, RoundsInputsOfLinearMapsInVisionTransformersButNotResiduals) {
  const RoundingActivations rounding;
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

/// Clamps at one half; passes no gradient above.
class Clamping : public ActivationTransform {
 public:
  void apply(std::size_t, int, float* values, std::size_t features, std::size_t stride,
             std::size_t) const override {
    for (std::size_t i = 0; i < features * stride; ++i) values[i] = std::min(values[i], 0.5F);
  }
  void backward(std::size_t, int, const float* original, float* gradient, std::size_t features,
                std::size_t stride, std::size_t) const override {
    for (std::size_t i = 0; i < features * stride; ++i) {
      if (original[i] > 0.5F) gradient[i] = 0.0F;
    }
  }
};

TEST(ActivationTransform, TrainsLikeAReferenceNetworkThatClampsItsActivations) {
  const data::Dataset dataset = small_dataset();
  study::TrainSettings settings = quick_settings();
  settings.epochs = 2;
  const study::Run run = small_run("dnn 9-6", settings);
  const Clamping clamping;
  const RunConditions conditions{.activations = &clamping};
  Collector trained = train(dataset, {run}, {.conditions = {&conditions, 1}});
  PlainTraining plain(run, dataset, initial_parameters(run, dataset.problem()), {});
  std::size_t clamped = 0;
  plain.output = [&](std::size_t, std::vector<double>& values) {
    for (double& value : values) {
      clamped += value > 0.5 ? 1 : 0;
      value = std::min(value, 0.5);
    }
  };
  plain.passes = [](std::size_t, double value) { return value <= 0.5; };
  plain.epoch(1);
  plain.epoch(2);
  for (std::size_t i = 0; i < plain.w.size(); ++i) {
    ASSERT_NEAR(trained.weights[0][i], plain.w[i], 2e-5) << i;
  }
  EXPECT_GT(clamped, 500U);
  EXPECT_NE(trained.weights[0], train(dataset, {run}).weights[0]);
}

TEST(ActivationTransform, LeavesTheOtherRunsOfACohortUnchanged) {
  const data::Dataset dataset = small_dataset();
  const Clamping clamping;
  const std::vector<study::Run> runs = {small_run("cnn 3", quick_settings()),
                                        small_run("cnn 3", quick_settings()),
                                        small_run("cnn 2 k2 max2", quick_settings())};
  const std::vector<RunConditions> conditions = {
      {.activations = &clamping}, {}, {.activations = &clamping}};
  Collector together = train(dataset, runs, {.conditions = conditions});
  for (std::size_t r = 0; r < runs.size(); ++r) {
    Collector alone = train(dataset, {runs[r]}, {.conditions = {&conditions[r], 1}});
    EXPECT_EQ(alone.weights[0], together.weights[r]) << r;
    EXPECT_EQ(alone.results[0].test_loss, together.results[r].test_loss);
  }
  EXPECT_EQ(together.weights[1], train(dataset, {runs[1]}).weights[0]);
  EXPECT_NE(together.weights[0], together.weights[1]);
}

TEST(ActivationTransform, OfAVisionTransformerInTrainingIsRefused) {
  const data::Dataset dataset = small_dataset(60, 20, kSmallImage);
  const Clamping clamping;
  const RunConditions conditions{.activations = &clamping};
  EXPECT_THROW(train(dataset, {small_run("vit d4 h2 l1 p3", quick_settings())},
                     {.conditions = {&conditions, 1}}),
               std::invalid_argument);
}

TEST(ActivationTransform, OfOneCandidateDoesNotAffectAnother) {
  const data::Dataset dataset = small_dataset();
  const study::Run run = small_run("cnn 3", quick_settings());
  const std::vector<float> parameters = initial_parameters(run, dataset.problem());
  const Clamping clamping;
  const CallRecorder recorder;
  const Candidate plain{.architecture = run.architecture, .parameters = parameters};
  std::vector<Candidate> candidates(3, plain);
  candidates[1].activations = &clamping;
  candidates[2].activations = &recorder;
  const auto backend = make_cpu_backend();
  const auto results = backend->evaluate(*prepared(dataset), SplitName::test, candidates);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto alone = backend->evaluate(*prepared(dataset), SplitName::test, {&candidates[i], 1});
    EXPECT_EQ(alone[0].loss, results[i].loss) << i;
    EXPECT_EQ(alone[0].predictions, results[i].predictions) << i;
  }
  EXPECT_NE(results[0].loss, results[1].loss);
  EXPECT_NEAR(results[0].loss, results[2].loss, 1e-6);
  EXPECT_EQ(recorder.seen, 2 * dataset.test.count());
}

TEST(Evaluation, OfSomeImagesMatchesThatOfTheWholeSplit) {
  const data::Dataset dataset = small_dataset();
  const study::Run run = small_run("dnn 5", quick_settings());
  const std::vector<float> parameters = initial_parameters(run, dataset.problem());
  const Candidate candidate{.architecture = run.architecture, .parameters = parameters};
  const auto backend = make_cpu_backend();
  const auto all = backend->evaluate(*prepared(dataset), SplitName::test, {&candidate, 1});
  const std::vector<std::uint32_t> images = {70, 3, 3, 12};
  const auto some = backend->evaluate(*prepared(dataset), SplitName::test, {&candidate, 1}, images);
  ASSERT_EQ(some[0].predictions.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(some[0].predictions[i], all[0].predictions[images[i]]);
  }
  const std::vector<std::uint32_t> none = {75};
  EXPECT_THROW((void)backend->evaluate(*prepared(dataset), SplitName::test, {&candidate, 1}, none),
               std::invalid_argument);
}

}  // namespace
}  // namespace minima::engine
