// What every backend guarantees of training under conditions: from given parameters, with masks,
// with quantized weights, from a later epoch.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "backends.h"
#include "compress/quantize/parameter_quantizer.h"
#include "engine/initial_weights.h"
#include "network/families/lower.h"
#include "plain_training.h"

namespace minima::engine {
namespace {

using OptimizerKind = study::Optimizer::Kind;

std::vector<std::uint8_t> random_mask(std::size_t count, std::uint64_t seed = 5) {
  RandomStream random(seed, 0, Purpose::generated_image);
  std::vector<std::uint8_t> mask(count);
  for (std::uint8_t& bit : mask) bit = random.below(2) == 0 ? 0 : 1;
  return mask;
}

std::vector<study::Optimizer> optimizers() {
  return {{.kind = OptimizerKind::adam},
          {.kind = OptimizerKind::adam, .weight_decay = 0.1},
          {.kind = OptimizerKind::adamw, .weight_decay = 0.1},
          {.kind = OptimizerKind::sgd, .momentum = 0.9, .weight_decay = 0.1}};
}

QuantizeWeights to_int4() {
  return {.settings = {.format = compress::NumberFormat::int4}, .keep = {}};
}

std::vector<float> quantized(const study::Run& run, const data::Dataset& dataset,
                             const std::vector<float>& parameters) {
  return compress::quantize_parameters(network::graph_of(run.architecture, dataset.problem()),
                                       parameters, {}, to_int4().settings)
      .values;
}

TEST_P(BackendTest, HoldsAMaskAfterEveryStepOfEveryOptimizerAndFamily) {
  const data::Dataset dataset = small_dataset(100, 20, kSmallImage);
  for (const study::Optimizer& optimizer : optimizers()) {
    study::TrainSettings settings = quick_settings();
    settings.optimizer = optimizer;
    settings.batch = 100;  // an epoch is one step
    for (const char* text : {"dnn 8-5", "cnn 3", "cnn 2-3 pad1 max2", "vit d8 h2 l1 p3",
                             "vit d4 h2 l1 p6 drop0.2 cls"}) {
      const study::Run run = small_run(text, settings);
      const std::vector<float> start = initial_parameters(run, dataset.problem());
      const std::vector<std::uint8_t> mask = random_mask(start.size());
      const RunConditions conditions{.mask = mask};
      Collector masked = train(dataset, {run}, {.evaluate = false, .conditions = {&conditions, 1}});
      ASSERT_EQ(masked.weights_by_epoch[0].size(), 3U);
      std::size_t moved = 0;
      for (const std::vector<float>& weights : masked.weights_by_epoch[0]) {
        ASSERT_EQ(weights.size(), mask.size());
        for (std::size_t i = 0; i < mask.size(); ++i) {
          if (mask[i] == 0) {
            ASSERT_EQ(weights[i], 0.0F) << text << " parameter " << i;
          } else {
            moved += weights[i] == start[i] ? 0 : 1;
          }
        }
      }
      EXPECT_GT(moved, mask.size() / 8) << text;
    }
  }
}

TEST_P(BackendTest, ChangesNoBitUnderAMaskOfOnes) {
  const data::Dataset dataset = small_dataset();
  // More weights than are masked at a time.
  const study::Run run = small_run("dnn 150-31", quick_settings());
  const std::vector<std::uint8_t> ones(initial_parameters(run, dataset.problem()).size(), 1);
  const RunConditions conditions{.mask = ones};
  Collector masked = train(dataset, {run}, {.conditions = {&conditions, 1}});
  Collector plain = train(dataset, {run});
  EXPECT_EQ(masked.weights[0], plain.weights[0]);
  EXPECT_EQ(masked.results[0].history[2].layers[0].gradient_norm,
            plain.results[0].history[2].layers[0].gradient_norm);
}

TEST_P(BackendTest, TrainsUnderAMaskLikeAReferenceNetwork) {
  const data::Dataset dataset = small_dataset();
  for (const study::Optimizer& optimizer : optimizers()) {
    study::TrainSettings settings = quick_settings();
    settings.epochs = 2;
    settings.optimizer = optimizer;
    const study::Run run = small_run("dnn 9-6", settings);
    const std::vector<float> start = initial_parameters(run, dataset.problem());
    const std::vector<std::uint8_t> mask = random_mask(start.size());
    const RunConditions conditions{.mask = mask};
    Collector masked = train(dataset, {run}, {.conditions = {&conditions, 1}});
    PlainTraining plain(run, dataset, start, mask);
    plain.epoch(1);
    plain.epoch(2);
    for (std::size_t i = 0; i < mask.size(); ++i) {
      ASSERT_NEAR(masked.weights[0][i], plain.w[i], GetParam().tolerance) << i;
    }
    for (std::size_t l = 0; l < 3; ++l) {
      const double norm = std::sqrt(plain.squares[l] / 7.0);  // an epoch has seven steps
      EXPECT_NEAR(masked.results[0].history[1].layers[l].gradient_norm, norm, 1e-4 * norm);
    }
  }
}

TEST_P(BackendTest, GivesARunUnderConditionsTheSameBitsAloneAndInACohort) {
  const data::Dataset dataset = small_dataset(330, 75, kSmallImage);
  std::vector<study::Run> runs;
  for (const char* text : {"dnn 8-5", "cnn 3", "dnn 8-5", "vit d4 h2 l1 p3 drop0.2", "dnn 7"}) {
    runs.push_back(small_run(text, quick_settings()));
  }
  std::vector<std::vector<std::uint8_t>> masks;
  std::vector<std::vector<float>> starts;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    starts.push_back(initial_parameters(runs[r], dataset.problem()));
    for (float& value : starts[r]) value += 0.01F * static_cast<float>(r);
    masks.push_back(random_mask(starts[r].size(), r));
  }
  std::vector<RunConditions> conditions;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    conditions.push_back({.parameters = starts[r]});
    if (r != 4) conditions.back().mask = masks[r];
    if (r % 2 == 0) conditions.back().weights = to_int4();
    if (r == 2) conditions.back().activations = RoundToMovingRanges{};
  }
  Collector together = train(dataset, runs, {.conditions = conditions, .first_epoch = 1});
  for (std::size_t r = 0; r < runs.size(); ++r) {
    Collector alone =
        train(dataset, {runs[r]}, {.conditions = {&conditions[r], 1}, .first_epoch = 1});
    EXPECT_EQ(alone.weights[0], together.weights[r]) << r;
    EXPECT_EQ(alone.results[0].test_loss, together.results[r].test_loss);
  }
}

TEST_P(BackendTest, AppliesTheGradientOfQuantizedWeightsToTheWeightsUnchanged) {
  const data::Dataset dataset = small_dataset();
  study::TrainSettings settings = quick_settings();
  settings.optimizer.kind = OptimizerKind::sgd;
  settings.learning_rate = 1.0;
  const study::Run run = small_run("dnn 9-6", settings);
  const std::vector<float> start = initial_parameters(run, dataset.problem());
  const std::vector<float> rounded = quantized(run, dataset, start);
  const RunConditions through{.weights = to_int4()};
  const RunConditions plain{.parameters = rounded};
  TrainOptions options{.evaluate = false, .max_steps = 1};
  options.conditions = {&through, 1};
  const std::vector<float> a = train(dataset, {run}, options).weights[0];
  options.conditions = {&plain, 1};
  const std::vector<float> b = train(dataset, {run}, options).weights[0];
  double largest = 0.0;
  for (std::size_t i = 0; i < start.size(); ++i) {
    EXPECT_NEAR(a[i] - start[i], b[i] - rounded[i], 1e-6) << i;
    largest = std::max<double>(largest, std::abs(a[i] - start[i]));
  }
  EXPECT_GT(largest, 0.01);
}

TEST_P(BackendTest, EvaluatesQuantizedWeightsDuringTheirTraining) {
  const data::Dataset dataset = small_dataset();
  const study::Run run = small_run("dnn 9-6", quick_settings());
  const RunConditions conditions{.weights = to_int4()};
  Collector trained = train(dataset, {run}, {.conditions = {&conditions, 1}});
  const std::vector<float> rounded = quantized(run, dataset, trained.weights[0]);
  const Candidate candidate{.architecture = run.architecture, .parameters = rounded};
  EXPECT_NEAR(evaluate(dataset, {&candidate, 1})[0].loss, trained.results[0].test_loss, 1e-6);
  EXPECT_NE(rounded, trained.weights[0]);
}

TEST_P(BackendTest, QuantizesNoWeightsOfTensorsToKeep) {
  const data::Dataset dataset = small_dataset();
  const study::Run run = small_run("dnn 9-6", quick_settings());
  RunConditions conditions{.weights = to_int4()};
  conditions.weights->keep = {"fc1", "fc2", "fc3"};
  EXPECT_EQ(train(dataset, {run}, {.conditions = {&conditions, 1}}).weights[0],
            train(dataset, {run}).weights[0]);
}

// The binary format has no zero: only the mask keeps pruned weights at zero.
TEST_P(BackendTest, ComputesWithZeroForMaskedWeightsInEveryFormat) {
  const data::Dataset dataset = small_dataset();
  const study::Run run = small_run("dnn linear", quick_settings());
  const std::vector<float> start = initial_parameters(run, dataset.problem());
  const std::vector<std::uint8_t> all(start.size(), 0);
  RunConditions conditions{.mask = all, .weights = to_int4()};
  conditions.weights->settings.format = compress::NumberFormat::binary;
  Collector trained = train(dataset, {run}, {.conditions = {&conditions, 1}});
  EXPECT_NEAR(trained.results[0].test_loss, std::log(4.0), 1e-6);
}

TEST_P(BackendTest, GivesTheWeightsThatAnUninterruptedTrainingHadAfterAnEpoch) {
  const data::Dataset dataset = small_dataset(330, 75, kSmallImage);
  for (const char* text : {"dnn 9-6", "vit d4 h2 l1 p3 drop0.2"}) {
    const study::Run run = small_run(text, quick_settings());
    Collector whole = train(dataset, {run}, {.evaluate = false});
    for (const std::int64_t epochs : {1, 2}) {
      Collector part = train(dataset, {run}, {.evaluate = false, .max_steps = 7 * epochs});
      EXPECT_EQ(part.weights[0], whole.weights_by_epoch[0][static_cast<std::size_t>(epochs - 1)]);
      EXPECT_EQ(part.results[0].epochs, epochs);
    }
    EXPECT_EQ(whole.weights[0], train(dataset, {run}).weights[0]) << "an evaluation changed them";
  }
}

TEST_P(BackendTest, ContinuesAsIfNeverStoppedIfTheOptimizerHasNoState) {
  const data::Dataset dataset = small_dataset(330, 75, kSmallImage);
  study::TrainSettings settings = quick_settings();
  settings.optimizer.kind = OptimizerKind::sgd;
  settings.schedule.kind = study::Schedule::Kind::cosine;
  settings.epochs = 4;
  for (const char* text : {"dnn 9-6", "vit d4 h2 l1 p3 drop0.2"}) {
    const study::Run run = small_run(text, settings);
    Collector whole = train(dataset, {run});
    Collector begun = train(dataset, {run}, {.max_steps = 7 * 2});
    const RunConditions conditions{.parameters = begun.weights[0]};
    Collector rest = train(dataset, {run}, {.conditions = {&conditions, 1}, .first_epoch = 2});
    EXPECT_EQ(rest.weights[0], whole.weights[0]) << text;
    const auto& history = rest.results[0].history;
    ASSERT_EQ(history.size(), 2U);
    EXPECT_EQ(history[0].epoch, 3);
    EXPECT_EQ(history[0].learning_rate, whole.results[0].history[2].learning_rate);
    EXPECT_EQ(history[1].test_loss, whole.results[0].test_loss);
    EXPECT_EQ(rest.results[0].epochs, 4);
  }
}

TEST_P(BackendTest, RefusesConditionsThatDoNotFit) {
  const data::Dataset dataset = small_dataset();
  const std::vector<study::Run> runs = {small_run("dnn 3", quick_settings()),
                                        small_run("dnn 4", quick_settings())};
  const RunConditions one{};
  EXPECT_THROW((void)train(dataset, runs, {.conditions = {&one, 1}}), std::invalid_argument);
  const std::vector<float> few(10);
  const RunConditions short_one{.parameters = few};
  EXPECT_THROW((void)train(dataset, {runs[0]}, {.conditions = {&short_one, 1}}),
               std::invalid_argument);
  const std::vector<std::uint8_t> small_mask(10);
  const RunConditions masked{.mask = small_mask};
  EXPECT_THROW((void)train(dataset, {runs[0]}, {.conditions = {&masked, 1}}),
               std::invalid_argument);
  EXPECT_THROW((void)train(dataset, runs, {.first_epoch = 3}), std::invalid_argument);
  EXPECT_THROW((void)train(dataset, runs, {.first_epoch = -1}), std::invalid_argument);
}

}  // namespace
}  // namespace minima::engine
