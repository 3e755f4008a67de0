#include "cli/progress_display.h"

#include <gtest/gtest.h>

#include <limits>

namespace minima::cli {
namespace {

TEST(ProgressLine, TellsPaceTimeLeftBestAndDiverged) {
  EXPECT_EQ(progress_line({.done = 37,
                           .total = 1200,
                           .diverged = 2,
                           .seconds = 3.0,
                           .runs_per_second = 12.34,
                           .gflops = 145.2,
                           .seconds_left = 65,
                           .best_accuracy = 0.97123,
                           .best_architecture = "dnn 64-64"}),
            "37/1,200 runs  12.3 runs/s  145 GFLOP/s  ETA 1 min 5 s  2 diverged  "
            "best 97.12 % (dnn 64-64)");
}

TEST(ProgressLine, LeavesOutWhatIsNotKnownYet) {
  EXPECT_EQ(progress_line({.done = 3, .total = 8}), "3/8 runs");
  EXPECT_EQ(progress_line({.done = 0,
                           .total = 8,
                           .seconds = 1.0,
                           .seconds_left = std::numeric_limits<double>::infinity()}),
            "0/8 runs  0.0 runs/s  0 GFLOP/s");
}

}  // namespace
}  // namespace minima::cli
