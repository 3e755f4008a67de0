#include "cli/terminal/progress_display.h"

#include <gtest/gtest.h>

#include <limits>

namespace minima::cli {
namespace {

TEST(ProgressLine, ReportsCountAndSpeed) {
  run::Progress progress;
  progress.done = 3;
  progress.total = 8;
  EXPECT_EQ(progress_line(progress), "3/8 runs");
  progress.seconds = 1.0;
  progress.seconds_left = std::numeric_limits<double>::infinity();
  EXPECT_EQ(progress_line(progress), "3/8 runs  0.0 runs/s  0 GFLOP/s");
}

}  // namespace
}  // namespace minima::cli
