#include "analysis/population/status.h"

#include <gtest/gtest.h>

#include "fake_reader.h"
#include "record/run_result.h"
#include "record/session.h"

namespace minima::analysis {
namespace {

TEST(Status, CountsRunsByDatasetAndInAll) {
  FakeReader store;
  store.add_dataset("glyphs");
  store.add_dataset("textures");
  store.add_finished("glyphs", "dnn 4", 100, {0.9, 0.8});
  store.add_run("glyphs", "dnn 4", 100, record::RunStatus::diverged);
  store.add_run("textures", "dnn 4", 100, record::RunStatus::planned);
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

record::SessionRecord session(const std::string& shard, bool ended,
                              std::optional<std::int64_t> left) {
  return {.ended = ended ? "2026-01-01T00:00:00Z" : "", .shard = shard, .compression_left = left};
}

TEST(Status, HasWorkLeftAfterAnUnfinishedSession) {
  const auto cut_off = session("", false, std::nullopt);
  const auto undone = session("", true, 5);
  const auto stopped_between = session("", true, std::nullopt);
  const auto done = session("", true, 0);
  EXPECT_TRUE(has_work_left({{cut_off}}));
  EXPECT_TRUE(has_work_left({{undone}}));
  EXPECT_TRUE(has_work_left({{stopped_between}}));
  EXPECT_FALSE(has_work_left({{done}}));
  EXPECT_FALSE(has_work_left({{cut_off, undone, done}})) << "made up for";
  EXPECT_TRUE(has_work_left({{done, cut_off}}));
  EXPECT_FALSE(has_work_left({})) << "of older versions nothing is known";
}

TEST(Status, CountsWhatTheLastSessionOfEachShardLeftOut) {
  const auto left_out = [](const std::string& shard, std::optional<std::int64_t> tasks) {
    record::SessionRecord of = session(shard, true, 0);
    of.left_out = tasks;
    return of;
  };
  const auto sum = [](const std::vector<record::SessionRecord>& sessions) {
    return record::left_out(sessions);
  };
  EXPECT_EQ(sum({}), 0);
  EXPECT_EQ(sum({left_out("", 5), left_out("", 2)}), 2);
  EXPECT_EQ(sum({left_out("", 5), left_out("", std::nullopt)}), 5) << "it did not get that far";
  EXPECT_EQ(sum({left_out("1/2", 5), left_out("2/2", 2)}), 7);
  EXPECT_EQ(sum({left_out("1/2", 5), left_out("", 1)}), 1);
  EXPECT_EQ(sum({left_out("", 5), left_out("1/2", 1)}), 6);
}

TEST(Status, HasWorkLeftIfOneShardHas) {
  const auto half = session("1/2", true, 5);
  const auto other = session("2/2", true, 0);
  EXPECT_TRUE(has_work_left({{half, other}}));
  EXPECT_FALSE(has_work_left({{half, other, session("1/2", true, 0)}}));
  EXPECT_FALSE(has_work_left({{half, other, session("", true, 0)}}));
}

}  // namespace
}  // namespace minima::analysis
