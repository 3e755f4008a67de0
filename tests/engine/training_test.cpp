#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "collector.h"
#include "engine/class_weights.h"
#include "engine/shuffle.h"
#include "record/run_result.h"
#include "small_data.h"

namespace minima::engine {
namespace {

double final_accuracy(const study::TrainSettings& settings) {
  return train(small_dataset(), {small_run("dnn 12", settings)}).results[0].test_accuracy;
}

TEST(Training, LearnsWithEveryOptimizerScheduleInitAndLoss) {
  study::TrainSettings settings = quick_settings();
  settings.epochs = 8;
  EXPECT_GT(final_accuracy(settings), 0.9);
  settings.optimizer = {.kind = study::Optimizer::Kind::adamw, .weight_decay = 0.01};
  EXPECT_GT(final_accuracy(settings), 0.9);
  settings.schedule.kind = study::Schedule::Kind::cosine;
  EXPECT_GT(final_accuracy(settings), 0.9);
  settings.init.kind = study::Init::Kind::pytorch;
  EXPECT_GT(final_accuracy(settings), 0.9);
  settings.init.kind = study::Init::Kind::xavier_normal;
  settings.scaling = study::Scaling::standardised;
  EXPECT_GT(final_accuracy(settings), 0.9);
  settings.loss = study::Loss::mse;
  EXPECT_GT(final_accuracy(settings), 0.9);
  settings.optimizer = {.kind = study::Optimizer::Kind::sgd, .momentum = 0.9};
  EXPECT_GT(final_accuracy(settings), 0.9);
}

TEST(Training, LearnsWithDropout) {
  study::TrainSettings settings = quick_settings();
  settings.epochs = 20;
  settings.learning_rate = 0.005;
  const data::Dataset dataset = small_dataset(330, 75, {1, 6, 6});
  Collector collector = train(dataset, {small_run("vit d16 h2 l1 p3 drop0.1", settings)});
  EXPECT_GT(collector.results[0].test_accuracy, 0.9);
}

TEST(Training, RecordsEveryEpochWithFallingLoss) {
  Collector collector = train(small_dataset(), {small_run("dnn 12", quick_settings())});
  const std::vector<record::EpochRecord>& history = collector.results[0].history;
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[0].epoch, 1);
  EXPECT_GT(history[0].train_loss, history[2].train_loss);
  EXPECT_EQ(history[2].test_accuracy, collector.results[0].test_accuracy);
  ASSERT_EQ(history[0].layers.size(), 2U);
  EXPECT_GT(history[0].layers[0].gradient_norm, 0.0);
  EXPECT_EQ(history[0].layers[0].units, 12);
  EXPECT_GE(history[2].top_class_share, 0.25);
  EXPECT_LE(history[2].predicted_classes, 4);
}

// Per layer: sum over steps of the squared gradient norm, from the record of one epoch.
std::vector<double> squares_of(const study::Run& run, std::int64_t steps) {
  Collector collector =
      train(small_dataset(), {run}, {.evaluate = false, .max_steps = steps, .report_steps = true});
  std::vector<double> squares;
  for (const record::LayerSignals& layer : collector.results[0].history.at(0).layers) {
    squares.push_back(layer.gradient_norm * layer.gradient_norm * static_cast<double>(steps));
  }
  return squares;
}

TEST(Training, OfADivergedRunKeepsTheLargestGradientOfTheLastStepAndItsLoss) {
  study::TrainSettings wild = quick_settings();
  wild.optimizer.kind = study::Optimizer::Kind::sgd;
  wild.learning_rate = 5.0;
  wild.loss = study::Loss::mse;
  const study::Run run = small_run("dnn 16-16", wild);
  Collector collector = train(small_dataset(), {run}, {.report_steps = true});
  const record::RunResult& result = collector.results[0];
  ASSERT_EQ(result.status, record::RunStatus::diverged);
  const std::int64_t before = *result.diverged_step - 1;
  ASSERT_GE(before, 2);
  ASSERT_LE(before, 6) << "the first epoch has seven steps";
  ASSERT_TRUE(result.last_step.has_value());
  EXPECT_EQ(result.last_step->loss, collector.losses[0].at(static_cast<std::size_t>(before - 1)));
  const std::vector<double> until = squares_of(run, before);
  const std::vector<double> earlier = squares_of(run, before - 1);
  std::vector<double> squares;
  for (std::size_t i = 0; i < until.size(); ++i) squares.push_back(until[i] - earlier[i]);
  const auto largest = std::max_element(squares.begin(), squares.end());
  EXPECT_EQ(result.last_step->layer, 1 + (largest - squares.begin()));
  EXPECT_NEAR(result.last_step->gradient_norm, std::sqrt(*largest), 1e-6 * std::sqrt(*largest));
}

TEST(Training, KeepsNoLastStepOfARunThatDidNotDiverge) {
  Collector collector = train(small_dataset(), {small_run("dnn 3", quick_settings())});
  EXPECT_FALSE(collector.results[0].last_step.has_value());
}

TEST(Training, FollowsTheScheduleOfTheLearningRate) {
  study::TrainSettings settings = quick_settings();
  settings.epochs = 4;
  settings.schedule = {.kind = study::Schedule::Kind::step, .every = 2, .factor = 0.1};
  Collector collector = train(small_dataset(), {small_run("dnn 3", settings)});
  const auto& history = collector.results[0].history;
  EXPECT_DOUBLE_EQ(history[1].learning_rate, 0.01);
  EXPECT_DOUBLE_EQ(history[2].learning_rate, 0.001);
}

TEST(Training, SeparatesReplicatesAndSeeds) {
  const data::Dataset dataset = small_dataset();
  study::Run other_seed =
      study::make_run("prototypes", network::Architecture::parse("dnn 8"), 0, 2, quick_settings());
  Collector first = train(dataset, {small_run("dnn 8", quick_settings(), 0)});
  Collector second = train(dataset, {small_run("dnn 8", quick_settings(), 1)});
  Collector third = train(dataset, {other_seed});
  EXPECT_NE(first.weights[0], second.weights[0]);
  EXPECT_NE(first.weights[0], third.weights[0]);
}

TEST(Training, WorksIfTheBatchIsLargerThanTheDataAndIfItIsOne) {
  study::TrainSettings settings = quick_settings();
  settings.epochs = 1;
  for (const int batch : {1, 16, 1000}) {
    settings.batch = batch;
    Collector collector = train(small_dataset(60, 20), {small_run("dnn 3", settings)});
    EXPECT_EQ(collector.results[0].status, record::RunStatus::finished) << batch;
    EXPECT_TRUE(std::isfinite(collector.results[0].train_loss));
  }
}

TEST(Training, WithABatchLargerThanTheDataEqualsTrainingWithAllOfThem) {
  study::TrainSettings settings = quick_settings();
  settings.batch = 60;
  study::Run all = small_run("dnn 3", settings);
  study::Run more = all;  // with the same id, and so the same initial weights
  more.train.batch = 100'000;
  EXPECT_EQ(train(small_dataset(60, 20), {all}).weights,
            train(small_dataset(60, 20), {more}).weights);
}

// The example of scikit-learn's compute_class_weight("balanced", y=[1, 1, 1, 1, 0, 0]).
TEST(ClassWeights, AreThoseOfScikitLearn) {
  const data::Split split{.images = {}, .labels = {1, 1, 1, 1, 0, 0}};
  EXPECT_EQ(class_weights(study::ClassWeights::balanced, split, 2),
            (std::vector<double>{1.5, 0.75}));
  EXPECT_EQ(class_weights(study::ClassWeights::balanced, split, 3),
            (std::vector<double>{1.5, 0.75, 0.0}));
  EXPECT_TRUE(class_weights(study::ClassWeights::none, split, 2).empty());
}

// A class of 6 of 300 images, in a task that a linear network cannot learn without errors.
TEST(ClassWeights, MakeANetworkFindMoreOfARareClass) {
  data::Dataset dataset = small_dataset(300, 300, {1, 2, 1}, 2);
  RandomStream draw(1, 1, Purpose::bootstrap);
  const auto redraw = [&](data::Split& split, std::size_t every) {
    for (std::size_t i = 0; i < split.count(); ++i) {
      split.labels[i] = i % every == 0 ? 1 : 0;
      for (std::size_t p = 0; p < 2; ++p) {
        const double centre = split.labels[i] == 1 ? 150.0 : 100.0;
        split.images[2 * i + p] = static_cast<std::uint8_t>(centre + draw.uniform(-99.0, 99.0));
      }
    }
  };
  redraw(dataset.train, 50);
  redraw(dataset.test, 2);
  study::TrainSettings settings = quick_settings();
  settings.epochs = 60;
  const auto found = [&] {
    Collector collector = train(dataset, {small_run("dnn linear", settings)});
    std::int64_t count = 0;
    for (const int predicted : collector.results[0].predictions.test) count += predicted == 1;
    return count;
  };
  const std::int64_t before = found();
  settings.class_weights = study::ClassWeights::balanced;
  EXPECT_GT(found(), before + 50);
}

TEST(ShuffledIndices, AreAPermutationThatDependsOnEpochReplicateAndDataset) {
  const auto order = shuffled_indices(500, 1, "mnist", 0, 1);
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::uint32_t i = 0; i < 500; ++i) ASSERT_EQ(sorted[i], i);
  EXPECT_EQ(order, shuffled_indices(500, 1, "mnist", 0, 1));
  EXPECT_NE(order, shuffled_indices(500, 1, "mnist", 0, 2));
  EXPECT_NE(order, shuffled_indices(500, 1, "mnist", 1, 1));
  EXPECT_NE(order, shuffled_indices(500, 1, "glyphs", 0, 1));
  EXPECT_NE(order, shuffled_indices(500, 2, "mnist", 0, 1));
}

// Losses of a tiny fixed study: any change of the engine's arithmetic must show here. The tolerance
// allows for other instruction sets, but not for another algorithm.
TEST(Training, KeepsItsFingerprint) {
  const std::vector<study::Run> runs = {small_run("dnn linear", quick_settings()),
                                        small_run("dnn 5-3", quick_settings()),
                                        small_run("dnn 16-16", quick_settings())};
  Collector collector = train(small_dataset(), runs);
  const double expected[] = {0.81317758, 1.20128981, 0.72200689};
  for (std::size_t r = 0; r < runs.size(); ++r) {
    EXPECT_NEAR(collector.results[r].test_loss, expected[r], 1e-3 * expected[r])
        << runs[r].architecture.text();
  }
}

}  // namespace
}  // namespace minima::engine
