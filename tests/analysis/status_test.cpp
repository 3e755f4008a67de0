#include "analysis/status.h"

#include <gtest/gtest.h>

#include "fake_reader.h"

namespace minima::analysis {
namespace {

TEST(Status, CountsRunsByDatasetAndInAll) {
  FakeReader store;
  store.add_dataset("glyphs");
  store.add_dataset("textures");
  store.add_finished("glyphs", "dnn 4", 100, {0.9, 0.8});
  store.add_run("glyphs", "dnn 4", 100, study::RunStatus::diverged);
  store.add_run("textures", "dnn 4", 100, study::RunStatus::planned);
  const Status status = status_of(store);
  EXPECT_EQ(status.study.name, "by hand");
  EXPECT_EQ(status.runs.planned, 4);
  EXPECT_EQ(status.runs.finished, 2);
  EXPECT_EQ(status.runs.diverged, 1);
  EXPECT_EQ(status.runs.missing(), 1);
  ASSERT_EQ(status.datasets.size(), 2U);
  EXPECT_EQ(status.datasets[0].runs.planned, 3);
  EXPECT_EQ(status.datasets[1].runs.missing(), 1);
}

}  // namespace
}  // namespace minima::analysis
