#include "store/representative.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "record/run_result.h"

namespace minima::store {
namespace {

using record::RunStatus;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Replicate finished(std::int64_t run, double accuracy, const std::string& group = "mnist dnn 2") {
  return {run, group, static_cast<int>(run), record::RunStatus::finished, accuracy, true};
}

TEST(Representative, IsTheLowerMedian) {
  EXPECT_THAT(superfluous_weights({finished(0, 0.9), finished(1, 0.7), finished(2, 0.8)}),
              UnorderedElementsAre(0, 1));
  EXPECT_THAT(
      superfluous_weights({finished(0, 0.9), finished(1, 0.7), finished(2, 0.8), finished(3, 0.6)}),
      UnorderedElementsAre(0, 2, 3));
}

TEST(Representative, BreaksTiesByReplicate) {
  EXPECT_THAT(superfluous_weights({finished(2, 0.5), finished(1, 0.5), finished(0, 0.5)}),
              UnorderedElementsAre(0, 2));
}

TEST(Representative, IsChosenPerGroup) {
  EXPECT_THAT(superfluous_weights({finished(0, 0.9, "a"), finished(1, 0.8, "b")}), IsEmpty());
}

TEST(Representative, WaitsForTheLastPlannedRun) {
  auto planned = finished(2, 0.0);
  planned.status = record::RunStatus::planned;
  planned.has_weights = false;
  EXPECT_THAT(superfluous_weights({finished(0, 0.9), finished(1, 0.7), planned}), IsEmpty());
}

TEST(Representative, IsADivergedRunOnlyWhereNoneFinished) {
  const auto diverged = [](std::int64_t run) {
    auto replicate = finished(run, std::numeric_limits<double>::quiet_NaN());
    replicate.status = record::RunStatus::diverged;
    return replicate;
  };
  EXPECT_THAT(superfluous_weights({diverged(0), diverged(1), finished(2, 0.1)}),
              UnorderedElementsAre(0, 1));
  EXPECT_THAT(superfluous_weights({diverged(0), diverged(1), diverged(2)}),
              UnorderedElementsAre(0, 2));
}

TEST(Representative, IsTheNearestInRankWhenItsOwnWeightsAreGone) {
  auto gone = finished(1, 0.5);
  gone.has_weights = false;
  EXPECT_THAT(superfluous_weights({finished(0, 0.4), gone, finished(2, 0.6)}),
              UnorderedElementsAre(2));
}

}  // namespace
}  // namespace minima::store
