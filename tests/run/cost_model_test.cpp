#include "run/estimate/cost_model.h"

#include <gtest/gtest.h>

#include "network/derive/work.h"
#include "network/families/lower.h"

namespace minima::run {
namespace {

constexpr Problem kSmallImages{{1, 28, 28}, 10};
constexpr Problem kLargeImages{{3, 32, 32}, 10};

StepWork work_of(const std::string& architecture, const Problem& problem = kSmallImages,
                 int batch = 100, study::Optimizer::Kind optimizer = study::Optimizer::Kind::adam) {
  study::TrainSettings train;
  train.batch = batch;
  train.optimizer.kind = optimizer;
  return step_work(network::Architecture::parse(architecture), problem, train);
}

TEST(CostModel, CountsTheFlopOfEveryFamilyAsTrainingDoes) {
  for (const char* text :
       {"dnn 5-5", "dnn linear", "cnn 8-16 max2", "vit d32 h4 l2 p7", "vit paper h4"}) {
    const StepWork work = work_of(text);
    const auto flop =
        network::training_flop(network::graph_of(network::Architecture::parse(text), kSmallImages));
    EXPECT_DOUBLE_EQ(work.dense_flop + work.convolution_flop + work.encoder_flop,
                     100.0 * static_cast<double>(flop))
        << text;
  }
}

TEST(CostModel, WorkGrowsWithTheBatchButNotTheParameters) {
  const StepWork one = work_of("cnn 8", kSmallImages, 50);
  const StepWork two = work_of("cnn 8", kSmallImages, 100);
  EXPECT_DOUBLE_EQ(two.convolution_flop, 2 * one.convolution_flop);
  EXPECT_DOUBLE_EQ(two.map_values, 2 * one.map_values);
  EXPECT_DOUBLE_EQ(two.parameters, one.parameters);
}

TEST(CostModel, DataLargerThanTheCacheIsReadFromMemory) {
  EXPECT_EQ(work_of("dnn 5").far_pixels, 0.0);
  EXPECT_EQ(work_of("dnn 5", kLargeImages).far_pixels, 307'200.0);
  EXPECT_EQ(work_of("dnn 5").far_parameters, 0.0);
  EXPECT_EQ(work_of("dnn 1000").parameters, 0.0);
}

// Between 2 and 3 floats for each of 109,386 parameters, around the 1 MiB of a near cache.
TEST(CostModel, TheOptimizerDecidesHowManyBytesAParameterTakes) {
  using Kind = study::Optimizer::Kind;
  const char* text = "dnn 128-64";
  EXPECT_EQ(work_of(text, kSmallImages, 100, Kind::sgd).far_parameters, 0.0);
  EXPECT_EQ(work_of(text, kSmallImages, 100, Kind::sgd).parameters, 109'386.0);
  EXPECT_EQ(work_of(text, kSmallImages, 100, Kind::adam).far_parameters, 109'386.0);
}

TEST(CostModel, AForwardPassCostsLessThanAStep) {
  const StepWork work = work_of("vit d32 h4 l2 p7");
  EXPECT_LT(forward_peak_flop_of(work), 0.5 * peak_flop_of(work));
  EXPECT_GT(forward_peak_flop_of(work), 0.2 * peak_flop_of(work));
}

}  // namespace
}  // namespace minima::run
