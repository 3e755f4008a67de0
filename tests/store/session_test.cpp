// Sessions: when and where the program ran.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_store.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::ElementsAre;

SessionRecord session(const std::string& id, const std::string& started) {
  return {.id = id,
          .started = started,
          .ended = "",
          .shard = "1/2",
          .program_version = "0.1.0",
          .jobs = 4,
          .processor = "A \"fast\" one",
          .cores = 8,
          .memory_bytes = 16'000'000'000,
          .system = "Debian",
          .cpu_seconds = std::nullopt,
          .compression_left = std::nullopt};
}

std::vector<std::string> ids_of(const fs::path& store) {
  std::vector<std::string> ids;
  for (const SessionRecord& each : open_reader(store)->sessions()) ids.push_back(each.id);
  return ids;
}

TEST(Sessions, AreReadAsTheyWereKeptInTheOrderOfTheirBeginnings) {
  TemporaryFolder folder;
  const auto writer = open_writer(folder / "store");
  writer->begin(example_study(), example_datasets(), example_plan());
  writer->keep(session("b", "2026-01-02T00:00:00Z"));
  writer->keep(session("a", "2026-01-01T00:00:00Z"));
  EXPECT_THAT(ids_of(folder / "store"), ElementsAre("a", "b"));
  const SessionRecord read = open_reader(folder / "store")->sessions().front();
  EXPECT_EQ(read.processor, "A \"fast\" one");
  EXPECT_EQ(read.memory_bytes, 16'000'000'000);
  EXPECT_EQ(read.jobs, 4);
  EXPECT_EQ(read.cores, 8);
  EXPECT_EQ(read.shard, "1/2");
  EXPECT_EQ(read.ended, "");
  EXPECT_EQ(read.cpu_seconds, std::nullopt);
  EXPECT_EQ(read.compression_left, std::nullopt);
}

TEST(Sessions, KeptAgainAtTheirEndAreThereOnce) {
  TemporaryFolder folder;
  const auto writer = open_writer(folder / "store");
  writer->begin(example_study(), example_datasets(), example_plan());
  SessionRecord one = session("a", "2026-01-01T00:00:00Z");
  writer->keep(one);
  one.ended = "2026-01-01T01:00:00Z";
  one.cpu_seconds = 12.5;
  one.compression_left = 3;
  writer->keep(one);
  const auto read = open_reader(folder / "store")->sessions();
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].ended, one.ended);
  EXPECT_EQ(read[0].compression_left, 3);
  EXPECT_EQ(read[0].cpu_seconds, 12.5);
}

TEST(Sessions, OfAllPartsAreInAMergedStoreOnce) {
  TemporaryFolder folder;
  std::vector<fs::path> parts;
  for (const char* id : {"a", "b"}) {
    parts.push_back(folder / id);
    const auto writer = open_writer(parts.back());
    writer->begin(example_study(), example_datasets(), example_plan());
    writer->keep(session(id, "2026-01-01T00:00:00Z"));
  }
  merge(folder / "out", parts);
  merge(folder / "out", parts);
  EXPECT_THAT(ids_of(folder / "out"), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace minima::store
