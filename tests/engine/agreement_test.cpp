// Backends agree with the plain backend: the same losses, weights and records, within a tolerance.
#include <gtest/gtest.h>

#include <cmath>

#include "backends.h"
#include "network/families/lower.h"
#include "record/run_result.h"

namespace minima::engine {
namespace {

using OptimizerKind = study::Optimizer::Kind;

class Agreement : public BackendTest {
 protected:
  /// Trains 14 steps with both backends and compares everything that they report.
  void expect_agreement(const char* text, const study::TrainSettings& settings,
                        const RunConditions& conditions = {}, double tolerance = 1e-4,
                        const data::Dataset& dataset = small_dataset(330, 75, kSmallImage)) const {
    const study::Run run = small_run(text, settings);
    const TrainOptions options{.report_steps = true, .conditions = {&conditions, 1}};
    Collector ours = train(dataset, {run}, options);
    Collector plain;
    make_plain_backend()->train(*prepared(dataset), {&run, 1}, options, plain, {});
    ASSERT_EQ(ours.losses[0].size(), 14U);
    ASSERT_EQ(plain.losses[0].size(), 14U);
    for (std::size_t i = 0; i < 14; ++i) {
      ASSERT_NEAR(ours.losses[0][i], plain.losses[0][i], tolerance * (1.0 + plain.losses[0][i]))
          << text << " step " << i + 1;
    }
    expect_same_records(ours.results[0], plain.results[0], text, 50.0 * tolerance);
  }

 private:
  static void expect_same_records(const record::RunResult& a, const record::RunResult& b,
                                  const char* text, double tolerance) {
    EXPECT_EQ(a.epochs, b.epochs);
    EXPECT_NEAR(a.train_loss, b.train_loss, tolerance) << text;
    EXPECT_NEAR(a.train_accuracy, b.train_accuracy, 0.02) << text;
    EXPECT_EQ(a.predictions.test.size(), b.predictions.test.size());
    ASSERT_EQ(a.history.size(), b.history.size());
    for (std::size_t e = 0; e < a.history.size(); ++e) {
      const record::EpochRecord& x = a.history[e];
      const record::EpochRecord& y = b.history[e];
      EXPECT_DOUBLE_EQ(x.learning_rate, y.learning_rate);
      EXPECT_NEAR(x.train_loss, y.train_loss, tolerance) << text;
      EXPECT_NEAR(x.test_loss, y.test_loss, tolerance) << text;
      EXPECT_NEAR(x.test_accuracy, y.test_accuracy, 0.03) << text;
      EXPECT_NEAR(x.top_class_share, y.top_class_share, 0.03) << text;
      ASSERT_EQ(x.layers.size(), y.layers.size());
      for (std::size_t l = 0; l < x.layers.size(); ++l) {
        EXPECT_EQ(x.layers[l].units, y.layers[l].units) << text;
        EXPECT_EQ(x.layers[l].dead_units, y.layers[l].dead_units) << text << " layer " << l;
        EXPECT_NEAR(x.layers[l].gradient_norm, y.layers[l].gradient_norm,
                    tolerance * (0.1 + y.layers[l].gradient_norm))
            << text << " layer " << l;
      }
    }
  }
};

study::TrainSettings two_epochs() {
  study::TrainSettings settings = quick_settings();
  settings.epochs = 2;
  return settings;
}

TEST_P(Agreement, InEveryFamily) {
  for (const char* text :
       {"dnn linear", "dnn 9-6", "dnn 8 gelu", "cnn 3", "cnn 2-3 pad1 max2", "cnn 2 pad1 avg2",
        "cnn 2-3 k3 gap", "cnn 2 s2", "vit d8 h2 l2 p3", "vit d8 h2 l1 p3 post relu cls",
        "vit d4 h2 l1 p6 post", "vit d8 h2 l1 p3 a3", "vit d4 h2 l1 p6 drop0.2 cls",
        "vit d8 h2 l1 p3 drop0.1"}) {
    expect_agreement(text, two_epochs());
  }
}

TEST_P(Agreement, InEveryOptimizerScheduleInitScalingAndLoss) {
  study::TrainSettings settings = two_epochs();
  settings.optimizer = {.kind = OptimizerKind::adamw, .weight_decay = 0.1};
  settings.schedule.kind = study::Schedule::Kind::cosine;
  settings.init.kind = study::Init::Kind::pytorch;
  expect_agreement("dnn 9-6", settings);
  settings.optimizer = {.kind = OptimizerKind::sgd, .momentum = 0.9, .weight_decay = 0.1};
  settings.init.kind = study::Init::Kind::xavier_normal;
  settings.scaling = study::Scaling::standardised;
  expect_agreement("cnn 2-3 pad1 max2", settings);
  settings.optimizer = {.kind = OptimizerKind::adam, .weight_decay = 0.1};
  settings.loss = study::Loss::mse;
  expect_agreement("vit d8 h2 l1 p3", settings);
}

/// Two thirds of the images of two classes become images of another class.
data::Dataset unequal_classes() {
  data::Dataset dataset = small_dataset(330, 75, kSmallImage);
  std::size_t number = 0;
  for (std::uint16_t& label : dataset.train.labels) {
    if (label >= 2 && ++number % 3 != 0) label = 0;
  }
  return dataset;
}

TEST_P(Agreement, WithClassWeights) {
  study::TrainSettings settings = two_epochs();
  settings.class_weights = study::ClassWeights::balanced;
  expect_agreement("dnn 9-6", settings, {}, 1e-4, unequal_classes());
  settings.loss = study::Loss::mse;
  expect_agreement("cnn 2-3 pad1 max2", settings, {}, 1e-4, unequal_classes());
}

TEST_P(Agreement, WithABatchLargerThanTheTrainingSet) {
  study::TrainSettings settings = quick_settings();
  settings.epochs = 14;
  settings.batch = 1'000'000;
  expect_agreement("dnn 9-6", settings);
}

TEST_P(Agreement, InQuantizationAwareTraining) {
  RunConditions conditions;
  conditions.weights = QuantizeWeights{.settings = {.format = compress::NumberFormat::int8}};
  conditions.activations = RoundToMovingRanges{compress::NumberFormat::int8};
  study::TrainSettings settings = two_epochs();
  settings.learning_rate = 0.002;
  for (const char* text : {"dnn 9-6", "cnn 2-3 pad1 max2"}) {
    expect_agreement(text, settings, conditions, 2e-3);
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, Agreement,
                         testing::Values(TestedBackend{"cpu", make_cpu_backend, 0.0}), name_of);

}  // namespace
}  // namespace minima::engine
