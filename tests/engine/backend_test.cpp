// What every backend guarantees.
#include "engine/backend.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "backends.h"
#include "engine/initial_weights.h"
#include "record/run_result.h"

namespace minima::engine {
namespace {

std::vector<study::Run> mixed_runs() {
  std::vector<study::Run> runs;
  for (const char* text :
       {"dnn 3", "dnn 16-16", "dnn linear", "dnn 5-9-4", "dnn 16-17", "vit d4 h2 l2 p1 drop0.2"}) {
    runs.push_back(small_run(text, quick_settings()));
  }
  return runs;
}

void expect_same(const record::RunResult& a, const record::RunResult& b) {
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.epochs, b.epochs);
  EXPECT_EQ(a.train_loss, b.train_loss);
  EXPECT_EQ(a.test_loss, b.test_loss);
  EXPECT_EQ(a.test_accuracy, b.test_accuracy);
  ASSERT_EQ(a.history.size(), b.history.size());
  for (std::size_t e = 0; e < a.history.size(); ++e) {
    EXPECT_EQ(a.history[e].train_loss, b.history[e].train_loss);
    EXPECT_EQ(a.history[e].test_loss, b.history[e].test_loss);
    for (std::size_t l = 0; l < a.history[e].layers.size(); ++l) {
      EXPECT_EQ(a.history[e].layers[l].gradient_norm, b.history[e].layers[l].gradient_norm);
      EXPECT_EQ(a.history[e].layers[l].dead_units, b.history[e].layers[l].dead_units);
    }
  }
}

TEST_P(BackendTest, GivesARunTheSameBitsAloneAndInACohort) {
  const data::Dataset dataset = small_dataset();
  const std::vector<study::Run> runs = mixed_runs();
  Collector together = train(dataset, runs);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    Collector alone = train(dataset, {runs[r]});
    EXPECT_EQ(alone.weights[0], together.weights[r]) << runs[r].architecture.text();
    expect_same(alone.results[0], together.results[r]);
  }
}

TEST_P(BackendTest, EndsADivergingRunWithoutChangingTheOthers) {
  const data::Dataset dataset = small_dataset();
  study::TrainSettings wild = quick_settings();
  wild.optimizer.kind = study::Optimizer::Kind::sgd;
  wild.learning_rate = 1e20;
  const std::vector<study::Run> runs = {small_run("dnn 8", quick_settings()),
                                        small_run("dnn 16-16", wild),
                                        small_run("dnn 5-3", quick_settings())};
  Collector together = train(dataset, runs);
  EXPECT_EQ(together.results[1].status, record::RunStatus::diverged);
  ASSERT_TRUE(together.results[1].diverged_step.has_value());
  EXPECT_LT(*together.results[1].diverged_step, 8);
  EXPECT_TRUE(std::isnan(together.results[1].test_loss));
  EXPECT_EQ(together.results[1].epochs, 0);
  for (const std::size_t r : {0U, 2U}) {
    Collector alone = train(dataset, {runs[r]});
    EXPECT_EQ(alone.weights[0], together.weights[r]);
    expect_same(alone.results[0], together.results[r]);
  }
}

TEST_P(BackendTest, ReportsNothingForAStoppedRun) {
  std::stop_source source;
  source.request_stop();
  Collector stopped = train(small_dataset(), mixed_runs(), {}, source.get_token());
  EXPECT_TRUE(stopped.results.empty());
  EXPECT_TRUE(stopped.weights_by_epoch.empty());
}

TEST_P(BackendTest, RefusesRunsThatDoNotShareTheirBatches) {
  study::TrainSettings other_batch = quick_settings();
  other_batch.batch = 20;
  const study::Run run = small_run("dnn 3", quick_settings());
  EXPECT_THROW((void)train(small_dataset(), {run, small_run("dnn 3", other_batch)}),
               std::invalid_argument);
  EXPECT_THROW((void)train(small_dataset(), {run, small_run("dnn 3", quick_settings(), 1)}),
               std::invalid_argument);
  EXPECT_THROW((void)train(small_dataset(), {}), std::invalid_argument);
}

TEST_P(BackendTest, ReproducesTheFiguresOfTrainingFromTheTrainedWeights) {
  const data::Dataset dataset = small_dataset();
  const std::vector<study::Run> runs = mixed_runs();
  Collector trained = train(dataset, runs);
  std::vector<Candidate> candidates;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    candidates.push_back({.architecture = runs[r].architecture, .parameters = trained.weights[r]});
  }
  const std::vector<Evaluation> test = evaluate(dataset, candidates);
  const std::vector<Evaluation> train_set =

      backend_->evaluate(*prepare(dataset), SplitName::train, candidates);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    EXPECT_DOUBLE_EQ(test[r].accuracy, trained.results[r].test_accuracy);
    EXPECT_NEAR(test[r].loss, trained.results[r].test_loss, 1e-5);
    EXPECT_DOUBLE_EQ(train_set[r].accuracy, trained.results[r].train_accuracy);
    EXPECT_EQ(test[r].predictions.size(), dataset.test.count());
  }
}

TEST_P(BackendTest, ReportsTheAccuracyOnValidationImagesIfThereAreAny) {
  data::Dataset dataset = small_dataset();
  EXPECT_TRUE(std::isnan(train(dataset, mixed_runs()).results[0].validation_accuracy));
  dataset.validation = dataset.test;
  const Collector trained = train(dataset, mixed_runs());
  for (const auto& [number, result] : trained.results) {
    EXPECT_EQ(result.validation_accuracy, result.test_accuracy);
  }
}

TEST_P(BackendTest, GivesACandidateTheSameBitsWhateverIsEvaluatedWithIt) {
  // More images than are evaluated in one batch, and not a multiple of the batch.
  const data::Dataset dataset = small_dataset(50, 700, {1, 6, 7});
  std::vector<std::vector<float>> parameters;
  std::vector<Candidate> candidates;
  for (const study::Scaling scaling : {study::Scaling::unit, study::Scaling::standardised}) {
    for (const study::Run& run : mixed_runs()) {
      parameters.push_back(train(dataset, {run}).weights[0]);
      candidates.push_back({.architecture = run.architecture, .scaling = scaling});
    }
  }
  for (std::size_t i = 0; i < candidates.size(); ++i) candidates[i].parameters = parameters[i];
  const std::vector<Evaluation> together = evaluate(dataset, candidates);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto alone = evaluate(dataset, {&candidates[i], 1});
    EXPECT_EQ(alone[0].loss, together[i].loss);
    EXPECT_EQ(alone[0].predictions, together[i].predictions);
    const auto correct =
        std::inner_product(together[i].predictions.begin(), together[i].predictions.end(),
                           dataset.test.labels.begin(), 0, std::plus<>(), std::equal_to<>());
    EXPECT_DOUBLE_EQ(together[i].accuracy, correct / 700.0);
  }
}

TEST_P(BackendTest, RefusesWeightsThatDoNotFitTheArchitecture) {
  const data::Dataset dataset = small_dataset();
  const std::vector<float> few(10);
  const Candidate candidate{.architecture = network::Architecture::parse("dnn 3"),
                            .parameters = few};
  EXPECT_THROW((void)evaluate(dataset, {&candidate, 1}), std::invalid_argument);
}

TEST_P(BackendTest, StopsAfterTheRequestedStepsAndReportsEachLoss) {
  Collector collector = train(small_dataset(), {small_run("dnn 5", quick_settings())},
                              {.evaluate = false, .max_steps = 9, .report_steps = true});
  EXPECT_EQ(collector.losses[0].size(), 9U);
  EXPECT_EQ(collector.results.size(), 1U);
}

TEST_P(BackendTest, ReportsWhatItRunsOn) {
  const BackendInfo info = backend_->info();
  EXPECT_EQ(info.name, GetParam().name);
  EXPECT_FALSE(info.instruction_set.empty());
  EXPECT_FALSE(info.matrix_products.empty());
}

TEST_P(BackendTest, SaysWhatItNeedsBeforeItTrains) {
  EXPECT_GE(backend_->limits({}).max_runs, 1U);
  EXPECT_GE(backend_->limits({}).max_parameters, 1000);
  const auto bytes = [&](const char* architecture, int batch) {
    study::TrainSettings train;
    train.batch = batch;
    return backend_->training_bytes(network::Architecture::parse(architecture),
                                    small_dataset().problem(), train);
  };
  EXPECT_GE(bytes("dnn 50", 10).own, 3 * sizeof(float) * (42 * 50 + 50 + 50 * 4 + 4));
  EXPECT_GT(bytes("dnn 100", 10).own, bytes("dnn 50", 10).own);
  EXPECT_GT(bytes("dnn 50", 1000).shared, 10 * bytes("dnn 50", 10).shared);
}

TEST_P(BackendTest, GivesTheWeightsOfAnEpochOnRequest) {
  Collector collector = train(small_dataset(), {small_run("dnn 5", quick_settings())});
  ASSERT_EQ(collector.weights_by_epoch[0].size(), 3U);
  EXPECT_EQ(collector.weights_by_epoch[0][2], collector.weights[0]);
  EXPECT_NE(collector.weights_by_epoch[0][0], collector.weights_by_epoch[0][1]);
}

TEST_P(BackendTest, EvaluatesSomeImagesLikeAllOfThem) {
  const data::Dataset dataset = small_dataset();
  const study::Run run = small_run("dnn 5", quick_settings());
  const std::vector<float> parameters = initial_parameters(run, dataset.problem());
  const Candidate candidate{
      .architecture = run.architecture, .parameters = parameters, .wants_logits = true};
  const auto all = evaluate(dataset, {&candidate, 1});
  const std::vector<std::uint32_t> images = {70, 3, 3, 12};
  const auto some = evaluate(dataset, {&candidate, 1}, images);
  ASSERT_EQ(some[0].predictions.size(), 4U);
  ASSERT_EQ(some[0].logits.size(), 16U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(some[0].predictions[i], all[0].predictions[images[i]]);
    EXPECT_EQ(some[0].logits[4 * i], all[0].logits[std::size_t{4} * images[i]]);
  }
  const std::vector<std::uint32_t> none = {75};
  EXPECT_THROW((void)evaluate(dataset, {&candidate, 1}, none), std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Backends, BackendTest, testing::ValuesIn(tested_backends()), name_of);

}  // namespace
}  // namespace minima::engine
