#include "run/estimate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "study/layers.h"

namespace minima::run {
namespace {

const store::DatasetRecord& mnist_like() {
  static const store::DatasetRecord kRecord{.name = "mnist",
                                            .problem = {{1, 28, 28}, 10},
                                            .train_count = 60000,
                                            .test_count = 10000,
                                            .class_names = {},
                                            .checksum = ""};
  return kRecord;
}

study::Run run_of(const std::string& architecture, int replicate = 0) {
  return study::make_run("mnist", study::Architecture::parse(architecture), replicate, 1, {});
}

Estimate estimate_of(const std::vector<study::Run>& runs, const EstimateInput& input) {
  return estimate(
      runs, [](const std::string&) -> const auto& { return mnist_like(); }, input);
}

TEST(Estimate, CountsTheFlopOfTrainingAndEvaluation) {
  const RunFlop flop = flop_of(run_of("dnn 5-5"), mnist_like());
  const double weights = 784 * 5, rest = 5 * 5 + 5 * 10;
  EXPECT_DOUBLE_EQ(flop.training, 20.0 * 60000 * (4 * weights + 6 * rest));
  EXPECT_DOUBLE_EQ(flop.evaluation, (20.0 * 10000 + 60000) * 2 * (weights + rest));
}

TEST(Estimate, LargerStepsAreMoreEfficient) {
  EXPECT_LT(efficiency_of(1e5), efficiency_of(1e6));
  EXPECT_LT(efficiency_of(1e6), efficiency_of(1e8));
  EXPECT_LE(efficiency_of(1e12), kBestEfficiency);
}

TEST(Estimate, CountsRunsAndDistinctArchitectures) {
  const Estimate cost = estimate_of({run_of("dnn 5"), run_of("dnn 5", 1), run_of("dnn 9")},
                                    {.jobs = 1, .peak_gflops = 100});
  EXPECT_EQ(cost.runs, 3);
  EXPECT_EQ(cost.architectures, 2);
}

TEST(Estimate, TwoJobsWithTwiceThePeakTakeHalfTheTime) {
  const std::vector<study::Run> runs{run_of("dnn 32-32"), run_of("dnn 32-32", 1)};
  const Estimate one = estimate_of(runs, {.jobs = 1, .peak_gflops = 100});
  const Estimate two = estimate_of(runs, {.jobs = 2, .peak_gflops = 200});
  EXPECT_NEAR(two.seconds, one.seconds / 2, 1e-9);
}

TEST(Estimate, OneRunIsNotFasterOnManyCores) {
  const Estimate one = estimate_of({run_of("dnn 32-32")}, {.jobs = 1, .peak_gflops = 100});
  const Estimate many = estimate_of({run_of("dnn 32-32")}, {.jobs = 8, .peak_gflops = 800});
  EXPECT_NEAR(many.seconds, one.seconds, 1e-9);
}

TEST(Estimate, KeptWeightsTakeFourBytesAParameter) {
  const std::vector<study::Run> runs{run_of("dnn 32"), run_of("dnn 32", 1), run_of("dnn 64")};
  const auto bytes = [&](study::KeepWeights weights) {
    return estimate_of(runs, {.jobs = 1, .peak_gflops = 1, .weights = weights}).store_bytes;
  };
  const double small = 4.0 * (785 * 32 + 33 * 10), large = 4.0 * (785 * 64 + 65 * 10);
  const double none = bytes(study::KeepWeights::none);
  EXPECT_NEAR(bytes(study::KeepWeights::representative) - none, small + large, 1e-3);
  EXPECT_NEAR(bytes(study::KeepWeights::all) - none, 2 * small + large, 1e-3);
}

TEST(Estimate, RefusesWhatNeedsMoreMemoryThanThereIs) {
  const Estimate cost = estimate_of({run_of("dnn 100000-100000")}, {.jobs = 4, .peak_gflops = 1});
  EXPECT_GT(cost.memory_bytes, 4 * 16e10);
  EXPECT_THROW(refuse_too_large(cost, 24'000'000'000, "study.toml"), Error);
  const Estimate small = estimate_of({run_of("dnn 100-100")}, {.jobs = 4, .peak_gflops = 1});
  EXPECT_NO_THROW(refuse_too_large(small, 24'000'000'000, "study.toml"));
  EXPECT_LT(small.memory_bytes, 600e6);
}

}  // namespace
}  // namespace minima::run
