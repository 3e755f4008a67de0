// Training under conditions: from given parameters, with masks, with transforms, from a later
// epoch.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "collector.h"
#include "engine/network/initial_weights.h"
#include "network/families/lower.h"
#include "plain_training.h"
#include "small_data.h"

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

/// Rounds weights to multiples of 1/8, keeps biases, and records its calls.
class RoundingWeights : public WeightTransform {
 public:
  void apply(const network::Tensor& tensor, std::span<const float> weights,
             std::span<float> values) const override {
    if (tensor.begin == 0) seen.emplace_back();
    seen.back().insert(seen.back().end(), weights.begin(), weights.end());
    const bool is_bias = tensor.spec.name.ends_with("bias");
    for (std::size_t i = 0; i < weights.size(); ++i) {
      values[i] = !rounds || is_bias ? weights[i] : std::nearbyint(8.0F * weights[i]) / 8.0F;
    }
  }
  mutable std::vector<std::vector<float>> seen;  ///< parameters of every call
  bool rounds = true;
};

TEST(Mask, HoldsAfterEveryStepOfEveryOptimizerAndFamily) {
  const data::Dataset dataset = small_dataset(330, 75, kSmallImage);
  for (const study::Optimizer& optimizer : optimizers()) {
    study::TrainSettings settings = quick_settings();
    settings.optimizer = optimizer;
    for (const char* text : {"dnn 8-5", "cnn 3", "cnn 2-3 pad1 max2", "vit d8 h2 l1 p3",
                             "vit d4 h2 l1 p6 drop0.2 cls"}) {
      const study::Run run = small_run(text, settings);
      const std::vector<float> start = initial_parameters(run, dataset.problem());
      const std::vector<std::uint8_t> mask = random_mask(start.size());
      RoundingWeights spy;
      spy.rounds = false;
      const RunConditions conditions{.mask = mask, .weights = &spy};
      Collector masked = train(dataset, {run}, {.conditions = {&conditions, 1}});
      spy.seen.push_back(masked.weights[0]);
      std::size_t moved = 0;
      for (const std::vector<float>& weights : spy.seen) {
        ASSERT_EQ(weights.size(), mask.size());
        for (std::size_t i = 0; i < mask.size(); ++i) {
          if (mask[i] != 0) {
            moved += weights[i] == start[i] ? 0 : 1;
            continue;
          }
          ASSERT_EQ(weights[i], 0.0F) << text << " parameter " << i;
        }
      }
      EXPECT_GT(moved, spy.seen.size() * mask.size() / 8) << text;
    }
  }
}

TEST(Mask, OfOnesChangesNoBit) {
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

TEST(Mask, TrainsLikeAReferenceNetwork) {
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
      ASSERT_NEAR(masked.weights[0][i], plain.w[i], 2e-5) << i;
    }
    for (std::size_t l = 0; l < 3; ++l) {
      const double norm = std::sqrt(plain.squares[l] / 7.0);  // an epoch has seven steps
      EXPECT_NEAR(masked.results[0].history[1].layers[l].gradient_norm, norm, 1e-4 * norm);
    }
  }
}

TEST(Conditions, GiveARunTheSameBitsAloneAndInACohort) {
  const data::Dataset dataset = small_dataset(330, 75, kSmallImage);
  std::vector<study::Run> runs;
  for (const char* text : {"dnn 8-5", "cnn 3", "dnn 8-5", "vit d4 h2 l1 p3 drop0.2", "dnn 7"}) {
    runs.push_back(small_run(text, quick_settings()));
  }
  RoundingWeights rounding;
  std::vector<std::vector<std::uint8_t>> masks;
  std::vector<std::vector<float>> starts;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    starts.push_back(initial_parameters(runs[r], dataset.problem()));
    for (float& value : starts[r]) value += 0.01F * static_cast<float>(r);
    masks.push_back(random_mask(starts[r].size(), r));
  }
  std::vector<RunConditions> conditions;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    conditions.push_back({.parameters = starts[r],
                          .mask = r == 4 ? std::span<const std::uint8_t>{} : masks[r],
                          .weights = r % 2 == 0 ? &rounding : nullptr});
  }
  Collector together = train(dataset, runs, {.conditions = conditions, .first_epoch = 1});
  for (std::size_t r = 0; r < runs.size(); ++r) {
    Collector alone =
        train(dataset, {runs[r]}, {.conditions = {&conditions[r], 1}, .first_epoch = 1});
    EXPECT_EQ(alone.weights[0], together.weights[r]) << r;
    EXPECT_EQ(alone.results[0].test_loss, together.results[r].test_loss);
  }
}

TEST(WeightTransform, AppliesItsGradientToTheWeightsUnchanged) {
  const data::Dataset dataset = small_dataset();
  study::TrainSettings settings = quick_settings();
  settings.optimizer.kind = OptimizerKind::sgd;
  settings.learning_rate = 1.0;
  const study::Run run = small_run("dnn 9-6", settings);
  const std::vector<float> start = initial_parameters(run, dataset.problem());
  RoundingWeights rounding;
  std::vector<float> rounded(start.size());
  for (const network::Tensor& tensor :
       network::graph_of(run.architecture, dataset.problem()).tensors) {
    rounding.apply(tensor, tensor.of(std::span<const float>(start)), tensor.of(std::span(rounded)));
  }
  const RunConditions through{.weights = &rounding};
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

TEST(WeightTransform, AppliesToEvaluations) {
  const data::Dataset dataset = small_dataset();
  const study::Run run = small_run("dnn 9-6", quick_settings());
  RoundingWeights rounding;
  const RunConditions conditions{.weights = &rounding};
  Collector trained = train(dataset, {run}, {.conditions = {&conditions, 1}});
  std::vector<float> rounded = trained.weights[0];
  for (const network::Tensor& tensor :
       network::graph_of(run.architecture, dataset.problem()).tensors) {
    const std::span<float> own = tensor.of(std::span(rounded));
    rounding.apply(tensor, own, own);
  }
  const Candidate candidate{.architecture = run.architecture, .parameters = rounded};
  const auto evaluation =
      make_cpu_backend()->evaluate(*prepared(dataset), SplitName::test, {&candidate, 1});
  EXPECT_NEAR(evaluation[0].loss, trained.results[0].test_loss, 1e-6);
  EXPECT_NE(rounded, trained.weights[0]);
}

TEST(MaxSteps, GivesTheWeightsThatAnUninterruptedTrainingHadAfterAnEpoch) {
  const data::Dataset dataset = small_dataset(330, 75, kSmallImage);
  for (const char* text : {"dnn 9-6", "vit d4 h2 l1 p3 drop0.2"}) {
    const study::Run run = small_run(text, quick_settings());
    RoundingWeights spy;
    spy.rounds = false;
    const RunConditions watched{.weights = &spy};
    Collector whole = train(dataset, {run}, {.evaluate = false, .conditions = {&watched, 1}});
    ASSERT_EQ(spy.seen.size(), 21U) << "three epochs of seven steps";
    EXPECT_EQ(initial_parameters(run, dataset.problem()), spy.seen[0]);
    for (const std::int64_t epochs : {1, 2}) {
      Collector part = train(dataset, {run}, {.evaluate = false, .max_steps = 7 * epochs});
      EXPECT_EQ(part.weights[0], spy.seen[static_cast<std::size_t>(7 * epochs)]);
      EXPECT_EQ(part.results[0].epochs, epochs);
    }
    EXPECT_EQ(whole.weights[0], train(dataset, {run}).weights[0]) << "copies change no bit";
  }
}

TEST(FirstEpoch, ContinuesAsIfNeverStoppedIfTheOptimizerHasNoState) {
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

TEST(Conditions, ThatDoNotFitAreRefused) {
  const data::Dataset dataset = small_dataset();
  const std::vector<study::Run> runs = {small_run("dnn 3", quick_settings()),
                                        small_run("dnn 4", quick_settings())};
  const RunConditions one{};
  EXPECT_THROW(train(dataset, runs, {.conditions = {&one, 1}}), std::invalid_argument);
  const std::vector<float> few(10);
  const RunConditions short_one{.parameters = few};
  EXPECT_THROW(train(dataset, {runs[0]}, {.conditions = {&short_one, 1}}), std::invalid_argument);
  const std::vector<std::uint8_t> small_mask(10);
  const RunConditions masked{.mask = small_mask};
  EXPECT_THROW(train(dataset, {runs[0]}, {.conditions = {&masked, 1}}), std::invalid_argument);
  EXPECT_THROW(train(dataset, runs, {.first_epoch = 3}), std::invalid_argument);
  EXPECT_THROW(train(dataset, runs, {.first_epoch = -1}), std::invalid_argument);
}

TEST(FlatParameters, AreTheTensorsOneAfterAnother) {
  const std::vector<float> weight = {1.0F, 2.0F};
  const std::vector<float> bias = {3.0F};
  const std::vector<ParameterView> views = {{{}, weight}, {{}, bias}};
  EXPECT_EQ(flat_parameters(views), (std::vector<float>{1.0F, 2.0F, 3.0F}));
}

}  // namespace
}  // namespace minima::engine
