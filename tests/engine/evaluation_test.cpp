#include "engine/cpu/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/cpu/run_state.h"
#include "record/run_result.h"
#include "small_data.h"

namespace minima::engine {
namespace {

struct EvaluatedNetwork {
  data::Dataset dataset = small_dataset();
  BatchShape shape = batch_shape(20);
  study::Run run = small_run("dnn 5-3", quick_settings());
  Network network{run.architecture, dataset.problem(), shape};
  AlignedBuffer<float> parameters{network.parameter_floats()};
  AlignedBuffer<float> workspace{network.workspace_floats()};
  Batch batch{dataset.shape, shape, pixel_scaling(study::Scaling::unit, dataset)};

  Evaluator evaluate() {
    Evaluator evaluator(network, study::Loss::cross_entropy);
    for_each_batch(dataset.test, shape.images, batch, [&](const Batch& loaded) {
      evaluator.add(parameters.data(), loaded, workspace.data());
    });
    return evaluator;
  }
  float* bias(std::size_t layer) { return parameters.data() + network.offsets()[2 * layer + 1]; }
};

TEST(Evaluator, OfAZeroNetworkSeesOnlyDeadUnitsAndAConstantPrediction) {
  EvaluatedNetwork f;
  const Evaluator evaluator = f.evaluate();
  EXPECT_EQ(evaluator.dead_units(0), 5);
  EXPECT_EQ(evaluator.dead_units(1), 3);
  EXPECT_EQ(evaluator.dead_units(2), 0) << "the output layer has no ReLU";
  EXPECT_NEAR(evaluator.loss(), std::log(4.0), 1e-6);
  record::EpochRecord record;
  record.layers.resize(3);
  add_test_figures(evaluator, record);
  EXPECT_EQ(record.predicted_classes, 1);
  EXPECT_EQ(record.top_class, 0);
  EXPECT_DOUBLE_EQ(record.top_class_share, 1.0);
  EXPECT_EQ(record.layers[1].dead_units, 3);
}

TEST(Evaluator, CountsAUnitAsAliveIfItsBiasActivatesIt) {
  EvaluatedNetwork f;
  f.bias(0)[2] = 1.0F;
  f.bias(2)[3] = 5.0F;
  const Evaluator evaluator = f.evaluate();
  EXPECT_EQ(evaluator.dead_units(0), 4);
  EXPECT_EQ(evaluator.predicted()[3], 75);
  // Labels cycle through the four classes: 18 of 75 test images are of class 3.
  EXPECT_DOUBLE_EQ(evaluator.accuracy(), 18.0 / 75.0);
}

TEST(PixelScaling, StandardisedGivesTrainingPixelsMeanZeroAndDeviationOne) {
  const data::Dataset dataset = small_dataset(200, 20, {3, 4, 4});
  const BatchShape shape = batch_shape(200);
  Batch batch(dataset.shape, shape, pixel_scaling(study::Scaling::standardised, dataset));
  for_each_batch(dataset.train, 200, batch, [](const Batch&) {});
  for (std::size_t c = 0; c < 3; ++c) {
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t b = 0; b < 200; ++b) {
      for (std::size_t p = 0; p < 16; ++p) {
        const double value = batch.input().by_image[b * 48 + c * 16 + p];
        sum += value;
        squares += value * value;
        EXPECT_EQ(batch.input().by_feature[(c * 16 + p) * shape.stride + b],
                  batch.input().by_image[b * 48 + c * 16 + p]);
      }
    }
    EXPECT_NEAR(sum / 3200.0, 0.0, 1e-4);
    EXPECT_NEAR(squares / 3200.0, 1.0, 1e-4);
  }
}

}  // namespace
}  // namespace minima::engine
