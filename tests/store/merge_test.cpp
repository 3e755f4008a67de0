#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_store.h"

namespace minima::store {
namespace {

using study::KeepWeights;
using testing::HasSubstr;

/// A store of the whole plan in which every `count`-th run from `index` on is recorded.
fs::path make_store(const fs::path& directory, std::size_t index, std::size_t count,
                    const std::string& shard, KeepWeights keep = KeepWeights::all) {
  const auto plan = example_plan();
  StudyRecord study = example_study(keep);
  study.shard = shard;
  const auto writer = open_writer(directory);
  writer->begin(study, example_datasets(), plan);
  for (std::size_t i = index; i < plan.size(); i += count) record(*writer, plan[i]);
  return directory;
}

TEST(Merge, OfShardsEqualsTheStoreWrittenInOneGo) {
  for (const KeepWeights keep :
       {KeepWeights::all, KeepWeights::representative, KeepWeights::none}) {
    TemporaryFolder folder;
    const fs::path whole = make_store(folder / "whole", 0, 1, "", keep);
    const std::vector<fs::path> shards{make_store(folder / "1", 0, 3, "1/3", keep),
                                       make_store(folder / "2", 1, 3, "2/3", keep),
                                       make_store(folder / "3", 2, 3, "3/3", keep)};
    merge(folder / "out", shards);
    EXPECT_EQ(results_of(folder / "out"), results_of(whole));
    EXPECT_EQ(open_reader(folder / "out")->study().shard, "");
    const auto merged = open_reader(folder / "out");
    const auto single = open_reader(whole);
    EXPECT_EQ(lines_of(*merged, "weights"), lines_of(*single, "weights"));
    EXPECT_EQ(lines_of(*merged, "timings"), lines_of(*single, "timings"));
    EXPECT_EQ(lines_of(*merged, "datasets"), lines_of(*single, "datasets"));
    for (const auto& run : example_plan()) {
      EXPECT_EQ(has_example_weights(*merged, run), has_example_weights(*single, run));
    }
  }
}

TEST(Merge, AddsToAStoreThatExistsAndTakesARunOnce) {
  TemporaryFolder folder;
  make_store(folder / "out", 0, 2, "1/2");
  const std::vector<fs::path> stores{make_store(folder / "b", 1, 2, "2/2"),
                                     make_store(folder / "c", 0, 3, "")};
  merge(folder / "out", stores);
  EXPECT_EQ(results_of(folder / "out"), results_of(make_store(folder / "whole", 0, 1, "")));
}

TEST(Merge, KeepsThePlaceOfRunsThatOnlyOneStorePlanned) {
  TemporaryFolder folder;
  open_writer(folder / "few")->begin(example_study(), example_datasets(), example_plan(3, 2));
  open_writer(folder / "many")->begin(example_study(), example_datasets(), example_plan(3, 4));
  const std::vector<fs::path> stores{folder / "few", folder / "many"};
  merge(folder / "out", stores);
  EXPECT_EQ(results_of(folder / "out"), results_of(folder / "many"));
}

TEST(Merge, RefusesOtherTrainingSettingsAndNamesTheStore) {
  TemporaryFolder folder;
  make_store(folder / "a", 0, 2, "");
  StudyRecord other = example_study();
  other.train = "epochs=9";
  open_writer(folder / "b")->begin(other, example_datasets(), example_plan());
  const std::vector<fs::path> stores{folder / "a", folder / "b"};
  const Error error = error_of([&] { merge(folder / "out", stores); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), HasSubstr((folder / "b").string() + ": holds runs trained with"));
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST(Merge, RefusesOtherData) {
  TemporaryFolder folder;
  make_store(folder / "a", 0, 2, "");
  auto datasets = example_datasets();
  datasets[0].checksum = "other";
  open_writer(folder / "b")->begin(example_study(), datasets, example_plan());
  const std::vector<fs::path> stores{folder / "a", folder / "b"};
  const Error error = error_of([&] { merge(folder / "out", stores); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), HasSubstr("its mnist differs from that of"));
}

TEST(Merge, RefusesAStoreIntoItself) {
  TemporaryFolder folder;
  const fs::path store = make_store(folder / "a", 0, 2, "");
  const std::vector<fs::path> stores{folder / "a" / ".." / "a"};
  const Error error = error_of([&] { merge(store, stores); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), HasSubstr("cannot be merged into itself"));
}

TEST(Merge, RefusesWhatIsNoStoreBeforeItWritesAnything) {
  TemporaryFolder folder;
  const std::vector<fs::path> stores{make_store(folder / "a", 0, 2, ""), folder / "missing"};
  const Error error = error_of([&] { merge(folder / "out", stores); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), HasSubstr("missing: is not a store"));
  EXPECT_FALSE(fs::exists(folder / "out"));
}

}  // namespace
}  // namespace minima::store
