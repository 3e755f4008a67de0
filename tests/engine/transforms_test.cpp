// What every backend guarantees of transformed activations.
#include "engine/transforms.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "backends.h"
#include "compress/quantize/activation_quantizer.h"
#include "engine/initial_weights.h"
#include "network/families/lower.h"
#include "plain_graph.h"
#include "plain_training.h"

namespace minima::engine {
namespace {

using compress::NumberFormat;

/// A network with initial weights, and one definition of it for each image.
struct Subject {
  explicit Subject(const std::string& text)
      : dataset(small_dataset(60, 40, kSmallImage)),
        run(small_run(text, quick_settings())),
        graph(network::graph_of(run.architecture, dataset.problem())),
        parameters(initial_parameters(run, dataset.problem())) {}

  [[nodiscard]] Candidate candidate(ActivationTransform activations) const {
    return {.architecture = run.architecture,
            .parameters = parameters,
            .activations = std::move(activations),
            .wants_logits = true};
  }
  [[nodiscard]] std::vector<double> pixels(std::size_t image) const {
    std::vector<double> values;
    for (std::size_t p = 0; p < 36; ++p) {
      values.push_back(dataset.test.images[image * 36 + p] / 255.0);
    }
    return values;
  }
  [[nodiscard]] PlainGraph definition() const {
    std::vector<std::size_t> offsets;
    for (const network::Tensor& tensor : graph.tensors) offsets.push_back(tensor.begin);
    return {graph, offsets};
  }

  data::Dataset dataset;
  study::Run run;
  network::Graph graph;
  std::vector<float> parameters;
};

TEST_P(BackendTest, MeasuresTheRangesOfActivations) {
  const Subject subject("dnn 7-5");
  compress::Range first;
  compress::Range second;
  const PlainGraph definition = subject.definition();
  const std::vector<double> parameters(subject.parameters.begin(), subject.parameters.end());
  for (std::size_t image = 0; image < 40; ++image) {
    const auto hidden = definition.layer_outputs(0, parameters, subject.pixels(image));
    for (const double v : hidden) first.high = std::max(first.high, static_cast<float>(v));
    for (const double v : definition.layer_outputs(1, parameters, hidden)) {
      second.high = std::max(second.high, static_cast<float>(v));
    }
  }
  const Candidate candidate = subject.candidate(MeasureRanges{});
  const Evaluation result = evaluate(subject.dataset, {&candidate, 1})[0];
  ASSERT_EQ(result.ranges.size(), 2U);
  EXPECT_EQ(result.ranges.at({0, kOutputSite}).low, 0.0F);
  EXPECT_NEAR(result.ranges.at({0, kOutputSite}).high, first.high, 1e-5);
  EXPECT_NEAR(result.ranges.at({1, kOutputSite}).high, second.high, 1e-5);
  EXPECT_GT(first.high, 0.1F);
}

TEST_P(BackendTest, MeasuresEveryLinearMapOfAVisionTransformer) {
  const Subject subject("vit d8 h2 l1 p3");
  const Candidate candidate = subject.candidate(MeasureRanges{
      .clipping = {.rule = compress::Clipping::Rule::percentile, .percentile = 99.0}});
  const Evaluation result = evaluate(subject.dataset, {&candidate, 1})[0];
  std::vector<ActivationPlace> places;
  for (const auto& [place, range] : result.ranges) {
    places.push_back(place);
    EXPECT_GT(range.high, range.low);
  }
  EXPECT_EQ(places, (std::vector<ActivationPlace>{{0, kInputSite},
                                                  {1, kProjectionSite},
                                                  {1, kAttendedSite},
                                                  {1, kMlpSite},
                                                  {1, kHiddenSite},
                                                  {3, kInputSite}}));
}

TEST_P(BackendTest, ChangesNothingWhileItMeasures) {
  for (const char* text : {"dnn 7-5", "cnn 2-3 pad1 max2", "vit d8 h2 l1 p3"}) {
    const Subject subject(text);
    const std::vector<Candidate> both = {subject.candidate({}), subject.candidate(MeasureRanges{})};
    const auto results = evaluate(subject.dataset, both);
    EXPECT_EQ(results[0].logits, results[1].logits) << text;
  }
}

// Coarse codes, so that a wrong place shows.
TEST_P(BackendTest, RoundsActivationsLikeAReferenceNetwork) {
  for (const char* text : {"dnn 7-5", "cnn 2-3 pad1 max2", "cnn 2 pad1 avg2", "cnn 2-3 k3 gap"}) {
    const Subject subject(text);
    RoundActivations rounding{.format = NumberFormat::int4, .ranges = {}};
    for (std::size_t layer = 0; layer + 1 < subject.graph.layers.size(); ++layer) {
      rounding.ranges[{layer, kOutputSite}] = {0.0F, 1.0F + static_cast<float>(layer)};
    }
    PlainGraph definition = subject.definition();
    definition.between_layers = [&](std::size_t layer, double value) {
      std::vector<float> one{static_cast<float>(value)};
      compress::ActivationQuantizer(rounding.format, rounding.ranges.at({layer, kOutputSite}))
          .apply(one);
      return one[0];
    };
    const Candidate candidate = subject.candidate(rounding);
    const Evaluation result = evaluate(subject.dataset, {&candidate, 1})[0];
    const std::vector<double> parameters(subject.parameters.begin(), subject.parameters.end());
    for (std::size_t image = 0; image < 40; ++image) {
      const auto expected = definition.logits(parameters, subject.pixels(image));
      for (std::size_t c = 0; c < 4; ++c) {
        ASSERT_NEAR(result.logits[4 * image + c], expected[c], 1e-4) << text << " image " << image;
      }
    }
  }
}

// Fine codes, so that clamping is what matters.
TEST_P(BackendTest, TrainsLikeAReferenceNetworkThatClampsItsActivations) {
  const data::Dataset dataset = small_dataset();
  study::TrainSettings settings = quick_settings();
  settings.epochs = 2;
  const study::Run run = small_run("dnn 9-6", settings);
  const RoundActivations clamping{
      .format = NumberFormat::int16,
      .ranges = {{{0, kOutputSite}, {0.0F, 0.5F}}, {{1, kOutputSite}, {0.0F, 0.5F}}}};
  const RunConditions conditions{.activations = clamping};
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
  double unlike = 0.0;
  const std::vector<float> unclamped = train(dataset, {run}).weights[0];
  for (std::size_t i = 0; i < plain.w.size(); ++i) {
    ASSERT_NEAR(trained.weights[0][i], plain.w[i], 5e-4) << i;
    unlike = std::max(unlike, std::abs(unclamped[i] - plain.w[i]));
  }
  EXPECT_GT(clamped, 500U);
  EXPECT_GT(unlike, 0.01);
}

TEST_P(BackendTest, LeavesTheRunsOfACohortWithoutATransformUnchanged) {
  const data::Dataset dataset = small_dataset();
  const std::vector<study::Run> runs = {small_run("cnn 3", quick_settings()),
                                        small_run("cnn 3", quick_settings()),
                                        small_run("cnn 2 k2 max2", quick_settings())};
  const RoundToMovingRanges moving{NumberFormat::int4};
  const std::vector<RunConditions> conditions = {
      {.activations = moving}, {}, {.activations = moving}};
  Collector together = train(dataset, runs, {.conditions = conditions});
  for (std::size_t r = 0; r < runs.size(); ++r) {
    Collector alone = train(dataset, {runs[r]}, {.conditions = {&conditions[r], 1}});
    EXPECT_EQ(alone.weights[0], together.weights[r]) << r;
    EXPECT_EQ(alone.results[0].test_loss, together.results[r].test_loss);
  }
  EXPECT_EQ(together.weights[1], train(dataset, {runs[1]}).weights[0]);
  EXPECT_NE(together.weights[0], together.weights[1]);
}

TEST_P(BackendTest, MovesNoRangesInTheEvaluationsOfATraining) {
  const data::Dataset dataset = small_dataset();
  const study::Run run = small_run("dnn 7-5", quick_settings());
  const RunConditions conditions{.activations = RoundToMovingRanges{NumberFormat::int4}};
  TrainOptions options{.conditions = {&conditions, 1}};
  const std::vector<float> evaluated = train(dataset, {run}, options).weights[0];
  options.evaluate = false;
  EXPECT_EQ(train(dataset, {run}, options).weights[0], evaluated);
}

TEST_P(BackendTest, KeepsTheTransformOfACandidateFromTheOthers) {
  const Subject subject("cnn 3");
  const RoundActivations rounding{NumberFormat::int2, {{{0, kOutputSite}, {0.0F, 0.5F}}}};
  const std::vector<Candidate> candidates = {subject.candidate({}), subject.candidate(rounding),
                                             subject.candidate(MeasureRanges{})};
  const auto results = evaluate(subject.dataset, candidates);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto alone = evaluate(subject.dataset, {&candidates[i], 1});
    EXPECT_EQ(alone[0].loss, results[i].loss) << i;
    EXPECT_EQ(alone[0].predictions, results[i].predictions) << i;
  }
  EXPECT_NE(results[0].loss, results[1].loss);
  EXPECT_NEAR(results[0].loss, results[2].loss, 1e-6);
}

TEST_P(BackendTest, RefusesTransformsThatDoNotFit) {
  const Subject subject("vit d4 h2 l1 p3");
  const RunConditions moving{.activations = RoundToMovingRanges{}};
  EXPECT_THROW((void)train(subject.dataset, {subject.run}, {.conditions = {&moving, 1}}),
               std::invalid_argument);
  const RunConditions measuring{.activations = MeasureRanges{}};
  EXPECT_THROW((void)train(subject.dataset, {small_run("dnn 3", quick_settings())},
                           {.conditions = {&measuring, 1}}),
               std::invalid_argument);
  const Candidate candidate = subject.candidate(RoundToMovingRanges{});
  EXPECT_THROW((void)evaluate(subject.dataset, {&candidate, 1}), std::invalid_argument);
}

}  // namespace
}  // namespace minima::engine
