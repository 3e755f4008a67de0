#include "run/setup/progress.h"

#include <gtest/gtest.h>

#include <cmath>

#include "record/run_result.h"

namespace minima::run {
namespace {

record::RunResult finished(double accuracy) {
  record::RunResult result;
  result.status = record::RunStatus::finished;
  result.test_accuracy = accuracy;
  return result;
}

record::RunResult diverged() {
  record::RunResult result;
  result.status = record::RunStatus::diverged;
  return result;
}

// Two small runs of one second and a large run of eight seconds, two epochs each.
ProgressMeter meter() {
  return ProgressMeter({{1e9, 1.0, 2, "dnn 2"}, {1e9, 1.0, 2, "dnn 4"}, {30e9, 8.0, 2, "dnn 99"}},
                       7);
}

TEST(Progress, HasNoRemainingTimeAtFirst) {
  const Progress progress = meter().at(0.0);
  EXPECT_EQ(progress.done, 7);
  EXPECT_EQ(progress.total, 10);
  EXPECT_TRUE(std::isinf(progress.seconds_left));
}

TEST(Progress, EpochsCountBeforeTheirRunEnds) {
  ProgressMeter counted = meter();
  counted.epoch_done(2);
  const Progress progress = counted.at(2.0);
  EXPECT_EQ(progress.done, 7);
  EXPECT_NEAR(progress.gflops, 7.5, 1e-9);
  EXPECT_NEAR(progress.seconds_left, 2.0 * 6.0 / 4.0, 1e-9);
}

TEST(Progress, TimeLeftFollowsExpectedTimeNotFlop) {
  ProgressMeter counted = meter();
  counted.epoch_done(2);
  counted.epoch_done(2);
  counted.run_done(2, finished(0.9));
  const Progress progress = counted.at(8.0);
  EXPECT_EQ(progress.done, 8);
  EXPECT_NEAR(progress.runs_per_second, 1.0 / 8.0, 1e-9);
  EXPECT_NEAR(progress.seconds_left, 2.0, 1e-9);
}

TEST(Progress, RemembersTheBestRun) {
  ProgressMeter counted = meter();
  counted.run_done(1, finished(0.8));
  counted.run_done(0, finished(0.7));
  EXPECT_EQ(counted.at(1.0).best_architecture, "dnn 4");
  EXPECT_DOUBLE_EQ(counted.at(1.0).best_accuracy, 0.8);
}

TEST(Progress, ADivergedRunIsDoneButSpentNoFlop) {
  ProgressMeter counted = meter();
  counted.run_done(2, diverged());
  const Progress progress = counted.at(1.0);
  EXPECT_EQ(progress.done, 8);
  EXPECT_EQ(progress.diverged, 1);
  EXPECT_EQ(progress.gflops, 0.0);
  EXPECT_EQ(progress.best_architecture, "");
  EXPECT_NEAR(progress.seconds_left, 0.25, 1e-9);
}

}  // namespace
}  // namespace minima::run
