// Sessions: when and where the program ran.
#include "record/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_store.h"
#include "record/run_row.h"
#include "store/database/sqlite_database.h"
#include "store/upkeep/merge.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

record::SessionRecord session(const std::string& id, const std::string& started) {
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
          .compression_left = std::nullopt,
          .backend = {}};
}

record::SessionRecord session_by(const std::string& id, const std::string& instruction_set) {
  record::SessionRecord by = session(id, "2026-01-01T00:00:00Z");
  by.backend = {"cpu", instruction_set, "libxsmm 1.17 (" + instruction_set + ")"};
  return by;
}

/// A store in which one session recorded the runs `first` to `last` of the example plan.
fs::path recorded_by(const fs::path& store, const record::SessionRecord& by, std::size_t first,
                     std::size_t last) {
  const auto plan = example_plan();
  const auto writer = open_writer(store);
  writer->begin(example_study(), example_datasets(), plan);
  writer->keep(by);
  for (std::size_t i = first; i <= last; ++i) record(*writer, plan[i]);
  return store;
}

std::vector<std::string> uses_of(const fs::path& store) {
  std::vector<std::string> uses;
  for (const auto& [backend, runs, compressions] : open_reader(store)->backends()) {
    uses.push_back(fmt::format("{}: {} {}", backend.text(), runs, compressions));
  }
  return uses;
}

/// What a merge tells.
std::vector<std::string> sentences_of_merge(const fs::path& out,
                                            const std::vector<fs::path>& parts) {
  std::vector<std::string> sentences;
  merge(out, parts, [&](const std::string& sentence) { sentences.push_back(sentence); });
  return sentences;
}

std::vector<std::string> ids_of(const fs::path& store) {
  std::vector<std::string> ids;
  for (const record::SessionRecord& each : open_reader(store)->sessions()) ids.push_back(each.id);
  return ids;
}

TEST(Sessions, AreReadAsTheyWereKeptInTheOrderOfTheirBeginnings) {
  TemporaryFolder folder;
  const auto writer = open_writer(folder / "store");
  writer->begin(example_study(), example_datasets(), example_plan());
  writer->keep(session("b", "2026-01-02T00:00:00Z"));
  writer->keep(session("a", "2026-01-01T00:00:00Z"));
  EXPECT_THAT(ids_of(folder / "store"), ElementsAre("a", "b"));
  const record::SessionRecord read = open_reader(folder / "store")->sessions().front();
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
  record::SessionRecord one = session("a", "2026-01-01T00:00:00Z");
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

TEST(Backends, AreThoseOfTheSessionsThatRecordedEachResult) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const auto writer = open_writer(folder / "store");
  writer->begin(example_study(), example_datasets(), plan);
  record(*writer, plan[0]);  // no session
  writer->keep(session_by("a", "AVX2"));
  record(*writer, plan[1]);
  writer->keep(session_by("b", "AVX3"));
  record(*writer, plan[2]);
  record(*writer, plan[3]);
  writer->record({plan[1].id, "task"}, {}, 1.0);
  writer->keep(session_by("c", "NEON"));  // recorded nothing
  std::vector<std::string> sessions;
  for (const record::RunRow& run : open_reader(folder / "store")->runs())
    sessions.push_back(run.session);
  sessions.resize(4);
  EXPECT_THAT(sessions, ElementsAre("", "a", "b", "b"));
  EXPECT_THAT(uses_of(folder / "store"), ElementsAre("cpu with AVX2 and libxsmm 1.17 (AVX2): 1 0",
                                                     "cpu with AVX3 and libxsmm 1.17 (AVX3): 2 1"));
}

TEST(Backends, AreUnknownOfSessionsThatDoNotSay) {
  TemporaryFolder folder;
  const fs::path store = recorded_by(folder / "store", session("a", "2026-01-01T00:00:00Z"), 0, 1);
  EXPECT_THAT(uses_of(store), IsEmpty());
  EXPECT_FALSE(open_reader(store)->sessions().front().backend.is_known());
}

TEST(Backends, OfOtherKindsAreToldByAMergeInOneSentence) {
  TemporaryFolder folder;
  const std::vector<fs::path> parts{recorded_by(folder / "one", session_by("a", "AVX3"), 0, 1),
                                    recorded_by(folder / "two", session_by("b", "AVX2"), 2, 3),
                                    recorded_by(folder / "three", session_by("c", "AVX3"), 4, 5)};
  const std::string expected = fmt::format(
      "merged results of different backends or instruction sets, which differ in their last bits: "
      "cpu with AVX2 and libxsmm 1.17 (AVX2) ({}), cpu with AVX3 and libxsmm 1.17 (AVX3) ({}, {})",
      parts[1].string(), parts[0].string(), parts[2].string());
  EXPECT_THAT(sentences_of_merge(folder / "out", parts), ElementsAre(expected));
  EXPECT_THAT(uses_of(folder / "out"), ElementsAre("cpu with AVX2 and libxsmm 1.17 (AVX2): 2 0",
                                                   "cpu with AVX3 and libxsmm 1.17 (AVX3): 4 0"));
  EXPECT_EQ(open_reader(folder / "out")->changed_values(), "");
}

TEST(Backends, OfOneKindAreNotToldByAMerge) {
  TemporaryFolder folder;
  const std::vector<fs::path> parts{
      recorded_by(folder / "one", session_by("a", "AVX3"), 0, 1),
      recorded_by(folder / "two", session_by("b", "AVX3"), 2, 3),
      recorded_by(folder / "old", session("c", "2026-01-01T00:00:00Z"), 4, 5)};
  EXPECT_THAT(sentences_of_merge(folder / "out", parts), IsEmpty());
}

TEST(Backends, ThatWereChangedAfterwardsAreFound) {
  for (const auto& [sql, changed] :
       {std::pair("UPDATE session SET instruction_set = 'AVX2'", "1 session"),
        std::pair("UPDATE session SET backend = NULL", "1 session"),
        std::pair("UPDATE result SET session = NULL WHERE run = 1", "1 run")}) {
    TemporaryFolder folder;
    const fs::path store = recorded_by(folder / "store", session_by("a", "AVX3"), 0, 1);
    EXPECT_EQ(open_reader(store)->changed_values(), "");
    Database(store / "runs.sqlite", Database::Access::write).execute(sql);
    EXPECT_EQ(open_reader(store)->changed_values(), changed) << sql;
  }
}

}  // namespace
}  // namespace minima::store
