// Further training of trained networks, with the real engine.
#include "run/variants/retraining.h"

#include <gtest/gtest.h>

#include "data/source/source.h"
#include "engine/initial_weights.h"
#include "record/run_result.h"

namespace minima::run {
namespace {

/// Weights after training, as passed to `on_end`.
class Weights : public engine::TrainObserver {
 public:
  void on_end(std::size_t /*run*/, record::RunResult&& /*result*/,
              const engine::ReadWeights& weights) override {
    last = weights();
  }
  std::vector<float> last;
};

class RetrainingTest : public testing::Test {
 protected:
  RetrainingTest() {
    study::TrainSettings train;
    train.epochs = 4;
    train.batch = 20;
    trained_.run =
        study::make_run(dataset_->data().name, network::Architecture::parse("dnn 8"), 0, 1, train);
    trained_.parameters = weights_after(4);
  }

  [[nodiscard]] std::vector<float> weights_after(int epochs) const {
    study::Run run = trained_.run;
    run.train.epochs = epochs;
    Weights weights;
    backend_->train(*dataset_, {&run, 1}, {.evaluate = false}, weights, {});
    return weights.last;
  }

  [[nodiscard]] CompressedNetwork network() const {
    return {.origin = &trained_,
            .architecture = trained_.run.architecture,
            .parameters = trained_.parameters};
  }

  std::unique_ptr<engine::Backend> backend_ = engine::make_cpu_backend();
  std::shared_ptr<const engine::PreparedDataset> dataset_ =
      backend_->prepare(std::make_shared<const data::Dataset>(
          data::load(data::parse_source("glyphs train=200 test=50"), {})));
  TrainedRun trained_;
  std::stop_source stop_;
  Retraining retraining_{*backend_, *dataset_, stop_.get_token()};
};

TEST_F(RetrainingTest, FindsTheWeightsOfEarlyEpochsAgain) {
  const TrainedRun* run = &trained_;
  EXPECT_EQ(retraining_.early_weights({&run, 1}, 0).front(),
            engine::initial_parameters(trained_.run, dataset_->problem()));
  EXPECT_EQ(retraining_.early_weights({&run, 1}, 2).front(), weights_after(2));
}

TEST_F(RetrainingTest, CountsItsEpochsAndKeepsMasks) {
  CompressedNetwork pruned = network();
  pruned.mask.assign(pruned.parameters.size(), 1);
  pruned.mask[0] = 0;
  pruned.parameters[0] = 0.0F;
  CompressedNetwork* one = &pruned;
  ASSERT_TRUE(retraining_.train({&one, 1}, {.first_epoch = 4, .last_epoch = 6}));
  EXPECT_EQ(pruned.epochs, 2);
  EXPECT_EQ(pruned.parameters[0], 0.0F);
  EXPECT_NE(pruned.parameters, trained_.parameters);
  EXPECT_EQ(pruned.failure, "");
}

TEST_F(RetrainingTest, SaysWhatDiverged) {
  CompressedNetwork wild = network();
  CompressedNetwork* one = &wild;
  for (float& weight : wild.parameters) weight = 1e38F;
  ASSERT_TRUE(retraining_.train({&one, 1}, {.first_epoch = 4, .last_epoch = 5}));
  EXPECT_EQ(wild.failure, "diverged in training");
}

TEST_F(RetrainingTest, StopsOnRequest) {
  CompressedNetwork unfinished = network();
  CompressedNetwork* one = &unfinished;
  stop_.request_stop();
  EXPECT_FALSE(retraining_.train({&one, 1}, {.first_epoch = 4, .last_epoch = 5}));
  EXPECT_EQ(unfinished.epochs, 0);
  const TrainedRun* run = &trained_;
  EXPECT_TRUE(retraining_.early_weights({&run, 1}, 2).empty());
}

}  // namespace
}  // namespace minima::run
