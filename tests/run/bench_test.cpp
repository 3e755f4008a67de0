#include "run/estimate/bench.h"

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "core/error.h"
#include "fakes.h"
#include "record/run_result.h"
#include "support/not_empty.h"

namespace minima::run {
namespace {

// Takes ten microseconds per run and step.
class SleepingBackend : public engine::Backend {
 public:
  struct Call {
    std::vector<study::Run> cohort;
    engine::TrainOptions options;
  };

  [[nodiscard]] engine::BackendInfo info() const override { return {}; }
  [[nodiscard]] study::CohortLimits limits(const study::Optimizer& /*optimizer*/) const override {
    return {};
  }
  [[nodiscard]] engine::TrainingBytes training_bytes(const network::Architecture& /*architecture*/,
                                                     const Problem& /*problem*/,
                                                     const study::TrainSettings& /*train*/,
                                                     std::uint64_t /*limit*/) const override {
    return {};
  }
  void train(const engine::PreparedDataset& /*dataset*/, std::span<const study::Run> cohort,
             const engine::TrainOptions& options, engine::TrainObserver& observer,
             std::stop_token /*stop*/) const override {
    const auto steps = *options.max_steps;
    std::this_thread::sleep_for(std::chrono::microseconds(10) * steps *
                                static_cast<std::int64_t>(cohort.size()));
    const std::lock_guard lock(mutex_);
    calls.push_back({{cohort.begin(), cohort.end()}, options});
    record::RunResult result;
    result.status = diverges ? record::RunStatus::diverged : record::RunStatus::finished;
    observer.on_end(0, std::move(result), {});
  }
  [[nodiscard]] std::vector<engine::Evaluation> evaluate(
      const engine::PreparedDataset& /*dataset*/, engine::SplitName /*split*/,
      std::span<const engine::Candidate> /*candidates*/,
      std::span<const std::uint32_t> /*images*/) const override {
    return {};
  }

  bool diverges = false;
  mutable std::vector<Call> calls;

 private:
  mutable std::mutex mutex_;
};

engine::PreparedDataset glyphs() {
  return engine::PreparedDataset(std::make_shared<const data::Dataset>(tiny_dataset("glyphs")));
}

BenchOptions options_of(std::size_t jobs, std::size_t runs) {
  return {.architecture = network::Architecture::parse("dnn 4"),
          .jobs = jobs,
          .runs = runs,
          .seconds = 0.2,
          .batch = 10};
}

TEST(BenchTrain, RefusesBeforeTrainingWhatTheRequestedTimeCannotMeasure) {
  const SleepingBackend backend;
  BenchOptions options = options_of(1, 1);
  options.architecture = network::Architecture::parse("dnn 133200-81881");
  options.seconds = 0.1;
  try {
    static_cast<void>(bench_train(backend, glyphs(), options, [](std::size_t) { return 100.0; }));
    FAIL() << "measured";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::input);
    const std::string line = error.what();
    EXPECT_NE(line.find("--seconds: measuring \"dnn 133200-81881\" takes about"), std::string::npos)
        << line;
  }
  EXPECT_TRUE(backend.calls.empty());
}

TEST(BenchTrain, ReportsTheTimeOfOneStepOfOneRun) {
  const SleepingBackend backend;
  const BenchResult result =
      bench_train(backend, glyphs(), options_of(2, 3), [](std::size_t) { return 50; });
  EXPECT_EQ(result.runs, 6);
  EXPECT_EQ(result.jobs, 2);
  EXPECT_NEAR(result.microseconds_per_run_step, 10.0, 5.0);
  EXPECT_NEAR(result.microseconds_per_run_step,
              result.seconds * 2 / static_cast<double>(6 * result.steps) * 1e6, 1e-6);
  EXPECT_NEAR(result.seconds, 0.2, 0.15);
  EXPECT_DOUBLE_EQ(result.efficiency, result.gflops / 50.0);
  const double flop_per_image = 4 * 64 * 4 + 6 * 4 * 2;
  EXPECT_NEAR(result.gflops,
              static_cast<double>(6 * result.steps) * 10 * flop_per_image / result.seconds * 1e-9,
              1e-9);
}

TEST(BenchTrain, ExcludesEvaluationAndGivesEachRunItsOwnWeights) {
  const SleepingBackend backend;
  static_cast<void>(
      bench_train(backend, glyphs(), options_of(1, 4), [](std::size_t) { return 1; }));
  for (const auto& call : not_empty(backend.calls)) {
    EXPECT_FALSE(call.options.evaluate);
    EXPECT_EQ(call.cohort.size(), 4U);
    std::set<std::string> ids;
    for (const auto& run : call.cohort) ids.insert(run.id);
    EXPECT_EQ(ids.size(), 4U);
  }
}

TEST(BenchTrain, TakesAsManyRunsAsAStudyWould) {
  const SleepingBackend backend;
  const BenchResult result =
      bench_train(backend, glyphs(), options_of(1, 0), [](std::size_t) { return 1; });
  EXPECT_EQ(result.runs, 16);
}

TEST(BenchTrain, RefusesToMeasureADivergedRun) {
  SleepingBackend backend;
  backend.diverges = true;
  EXPECT_THROW(static_cast<void>(
                   bench_train(backend, glyphs(), options_of(1, 1), [](std::size_t) { return 1; })),
               Error);
}

}  // namespace
}  // namespace minima::run
