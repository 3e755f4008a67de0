#include "run/estimate/estimate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "network/families/lower.h"
#include "record/study.h"
#include "study/settings/kept.h"

namespace minima::run {
namespace {

const record::DatasetRecord& mnist_like() {
  static const record::DatasetRecord kRecord{.name = "mnist",
                                             .problem = {{1, 28, 28}, 10},
                                             .train_count = 60000,
                                             .test_count = 10000,
                                             .class_names = {},
                                             .checksum = ""};
  return kRecord;
}

study::Run run_of(const std::string& architecture, int replicate = 0) {
  return study::make_run("mnist", network::Architecture::parse(architecture), replicate, 1, {});
}

Estimate estimate_of(const std::vector<study::Run>& runs, const EstimateInput& input) {
  return estimate(
      *engine::make_cpu_backend(), runs,
      [](const std::string&) -> const auto& { return mnist_like(); }, input);
}

TEST(Estimate, CountsTheFlopOfTrainingAndEvaluation) {
  const RunFlop flop = flop_of(run_of("dnn 5-5"), mnist_like());
  const double weights = 784 * 5, rest = 5 * 5 + 5 * 10;
  EXPECT_DOUBLE_EQ(flop.training, 20.0 * 60000 * (4 * weights + 6 * rest));
  EXPECT_DOUBLE_EQ(flop.evaluation, (20.0 * 10000 + 60000) * 2 * (weights + rest));
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

// Measured on MNIST: the second layer of dnn 64-64 takes 2,317 bytes and its bias 126, each twice.
TEST(Estimate, CountsWhatIsRecordedOfWeightsThatAreNotKept) {
  const auto bytes = [](const std::string& architecture) {
    const EstimateInput input{.jobs = 1, .peak_gflops = 1, .weights = study::KeepWeights::none};
    return estimate_of({run_of(architecture)}, input).store_bytes;
  };
  EXPECT_NEAR(bytes("dnn 64-64") - bytes("dnn 64"),
              2 * (2317 + 126) + 20 * kStoreBytesPerEpochAndLayer, 500);
  EXPECT_NEAR(bytes("dnn 2000"), bytes("dnn 1000"), 1) << "nodes beyond 256 are quantiles";
}

double memory_of(const std::string& architecture, std::size_t jobs, std::uint64_t limit = 0) {
  const std::vector<study::Run> runs{run_of(architecture), run_of(architecture, 1),
                                     run_of(architecture, 2), run_of(architecture, 3)};
  return estimate_of(runs, {.jobs = jobs, .peak_gflops = 1, .memory_limit = limit}).memory_bytes;
}

TEST(Estimate, MemoryGrowsWithWorkersUpToTheNumberOfRuns) {
  EXPECT_LT(memory_of("dnn 100-100", 4), 200e6);
  EXPECT_GT(memory_of("vit paper h4", 2), memory_of("vit paper h4", 1) + 12 * 5'686'842);
  EXPECT_EQ(memory_of("vit paper h4", 4), memory_of("vit paper h4", 100));
}

TEST(Estimate, WorkersShareTheMemoryThatTheyMayUse) {
  EXPECT_GT(memory_of("vit paper h4", 4), 400e6);
  EXPECT_EQ(memory_of("vit paper h4", 4, 400'000'000), 400e6);
}

TEST(Estimate, HugeNetworksAreMeasuredWithoutBeingPrepared) {
  EXPECT_GT(memory_of("vit d10000 h10000 l100 p1", 1, 1'000'000'000), 1e12);
}

TEST(Estimate, RefusesARunLargerThanTheLimitByName) {
  const Place place{"study.toml", ""};
  EXPECT_NO_THROW(refuse_too_large(9e8, 1'000'000'000, "dnn 5", place));
  EXPECT_NO_THROW(refuse_too_large(9e30, 0, "dnn 5", place));
  try {
    refuse_too_large(2e9, 1'000'000'000, "dnn 5", place);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(),
              std::string("study.toml: training \"dnn 5\" needs about 2.0 GB of memory, the limit "
                          "is 1.0 GB; use a smaller architecture or batch, or raise --memory"));
  }
}

}  // namespace
}  // namespace minima::run
