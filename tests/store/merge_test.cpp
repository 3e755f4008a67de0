#include "store/upkeep/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "damage.h"
#include "example_store.h"
#include "record/predictions.h"
#include "record/run_result.h"
#include "record/study.h"
#include "record/variant.h"
#include "study/settings/kept.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using study::KeepWeights;
using testing::HasSubstr;

/// A store with the whole plan in which every `count`-th run, starting at `index`, is recorded.
fs::path make_store(const fs::path& directory, std::size_t index, std::size_t count,
                    const std::string& shard, KeepWeights keep = KeepWeights::all) {
  const auto plan = example_plan();
  record::StudyRecord study = example_study(keep);
  study.shard = shard;
  const auto writer = open_writer(directory);
  writer->begin(study, example_datasets(), plan);
  for (std::size_t i = index; i < plan.size(); i += count) record(*writer, plan[i]);
  return directory;
}

/// The notices from merging these stores.
std::vector<std::string> sentences_of(const fs::path& out, const std::vector<fs::path>& stores) {
  std::vector<std::string> sentences;
  merge(out, stores, [&](const std::string& sentence) { sentences.push_back(sentence); });
  return sentences;
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
  record::StudyRecord other = example_study();
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

// ---- after a kill, a full disk, a refusal ---------------------------------------------------

TEST(Merge, TakesAnEmptyDatabaseForNoStore) {
  TemporaryFolder folder;
  const std::vector<fs::path> stores{make_store(folder / "a", 0, 1, "")};
  fs::create_directory(folder / "out");
  std::ofstream(folder / "out" / "lock") << "process 1 on this machine\n";
  std::ofstream(folder / "out" / "runs.sqlite") << "";
  merge(folder / "out", stores);
  EXPECT_EQ(results_of(folder / "out"), results_of(folder / "a"));
}

TEST(Merge, CompletesWhatWasBegun) {
  TemporaryFolder folder;
  const std::vector<fs::path> stores{make_store(folder / "a", 0, 2, "1/2"),
                                     make_store(folder / "b", 1, 2, "2/2")};
  merge(folder / "out", {stores.data(), 1});
  std::ofstream(folder / "out" / "weights-0002.safetensors.tmp") << "cut off";
  merge(folder / "out", stores);
  EXPECT_EQ(results_of(folder / "out"), results_of(make_store(folder / "whole", 0, 1, "")));
  EXPECT_THAT(weights_files(folder / "out"), testing::SizeIs(1));
}

TEST(Merge, TakesAgainWhatAPowerCutTookFromItsPart) {
  for (const bool is_torn : {true, false}) {
    TemporaryFolder folder;
    const std::vector<fs::path> source{make_store(folder / "source", 0, 1, "")};
    const auto plan = example_plan();
    const fs::path out = folder / "out";
    {
      const auto killed = open_writer(folder / "killed");
      killed->begin(example_study(), example_datasets(), plan);
      for (std::size_t i = 0; i < 4; ++i) record(*killed, plan[i]);
      fs::copy(folder / "killed", out, fs::copy_options::recursive);
    }
    if (is_torn) {
      flip_bit(out / "weights-0001.part", 17, 3);
    } else {
      fs::remove(out / "weights-0001.part");
    }
    merge(out, source);
    EXPECT_EQ(results_of(out), results_of(source[0]));
    const auto reader = open_reader(out);
    for (const study::Run& run : plan) EXPECT_TRUE(has_example_weights(*reader, run)) << is_torn;
  }
}

TEST(Merge, RefusedLeavesAStoreAsItWas) {
  TemporaryFolder folder;
  make_store(folder / "out", 0, 2, "1/2");
  const std::string before = bytes_of(folder / "out" / "runs.sqlite");
  const fs::path damaged = make_store(folder / "b", 1, 2, "2/2");
  fs::resize_file(damaged / "weights-0001.safetensors", 3000);
  const std::vector<fs::path> stores{damaged};
  EXPECT_THAT(error_of([&] { merge(folder / "out", stores); }).what(),
              HasSubstr("`minima doctor " + damaged.string() + "`"));
  EXPECT_EQ(bytes_of(folder / "out" / "runs.sqlite"), before);
}

TEST(Merge, RefusedByThePathLeavesNoFolderBehind) {
  TemporaryFolder folder;
  const std::vector<fs::path> stores{make_store(folder / "a", 0, 1, "")};
  fs::path out = folder / "long";
  for (int i = 0; i < 5; ++i) out /= std::string(200, 'x');  // SQLite allows 512 characters
  EXPECT_THROW(merge(out, stores), Error);
  EXPECT_FALSE(fs::exists(folder / "long"));
}

TEST(Writer, RefusedByThePathLeavesNoFolderBehindButThoseThatWereThere) {
  TemporaryFolder folder;
  fs::create_directory(folder / "mine");
  EXPECT_THROW(static_cast<void>(open_writer(folder / "mine" / std::string(200, 'x') /
                                             std::string(200, 'x') / std::string(200, 'x'))),
               Error);
  EXPECT_TRUE(fs::is_empty(folder / "mine"));
}

// ---- results that differ --------------------------------------------------------------------

/// A store of one finished run on 1000 test images.
fs::path store_of_one(const fs::path& directory, double accuracy, int epochs = 3) {
  auto datasets = example_datasets();
  datasets[0].test_count = 1000;
  const auto plan = example_plan();
  const auto writer = open_writer(directory);
  writer->begin(example_study(), datasets, plan);
  record::RunResult result = example_result(plan[0], epochs);
  result.test_accuracy = accuracy;
  writer->record(plan[0], result, {});
  return directory;
}

TEST(Merge, RefusesResultsThatNoRoundingExplainsAndNamesBothStores) {
  TemporaryFolder folder;
  const std::vector<fs::path> stores{store_of_one(folder / "a", 0.9),
                                     store_of_one(folder / "b", 0.7)};
  const Error error = error_of([&] { merge(folder / "out", stores); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(),
              testing::AllOf(HasSubstr(stores[0].string()), HasSubstr(stores[1].string()),
                             HasSubstr("run " + example_plan()[0].id)));
  EXPECT_FALSE(fs::exists(folder / "out"));
  const std::vector<fs::path> other{store_of_one(folder / "c", 0.9, 2)};
  EXPECT_THAT(error_of([&] { merge(stores[0], other); }).what(), HasSubstr("after 2 epochs"));
}

TEST(Merge, KeepsTheFirstOfResultsThatRoundingExplainsAndSaysSo) {
  TemporaryFolder folder;
  const std::vector<fs::path> stores{store_of_one(folder / "a", 0.9),
                                     store_of_one(folder / "b", 0.87)};
  EXPECT_THAT(sentences_of(folder / "out", stores),
              testing::ElementsAre(HasSubstr("1 run is recorded with other figures")));
  EXPECT_EQ(open_reader(folder / "out")->runs()[0].result.test_accuracy, 0.9);
}

TEST(Merge, SaysNothingOfShardsOfOneStudy) {
  TemporaryFolder folder;
  const std::vector<fs::path> stores{make_store(folder / "a", 0, 2, "1/2"),
                                     make_store(folder / "b", 1, 2, "2/2")};
  EXPECT_THAT(sentences_of(folder / "out", stores), testing::IsEmpty());
}

TEST(Merge, SaysInWhatStoresOfDifferentStudiesDiffer) {
  TemporaryFolder folder;
  record::StudyRecord other = example_study();
  other.name = "other";
  open_writer(folder / "b")->begin(other, example_datasets(), example_plan(4));
  const std::vector<fs::path> stores{make_store(folder / "a", 0, 2, ""), folder / "b"};
  EXPECT_THAT(sentences_of(folder / "out", stores),
              testing::ElementsAre("merged stores of different studies: " + stores[1].string() +
                                   " (name, architectures) differs from " + stores[0].string() +
                                   ", whose name is kept"));
}

// ---- the order of the stores ----------------------------------------------------------------

enum class Images { none, runs, all };

/// A store of two runs, each with a variant, with per-image results as requested.
fs::path store_with_images(const fs::path& directory, Images images, const std::vector<int>& runs) {
  auto datasets = example_datasets();
  if (images != Images::none) datasets[0].labels.test = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
  const auto plan = example_plan();
  const auto writer = open_writer(directory);
  writer->begin(example_study(), datasets, plan);
  for (const int i : runs) {
    const study::Run& run = plan[static_cast<std::size_t>(i)];
    record::RunResult result = example_result(run);
    result.test_accuracy = 0.6;
    if (images != Images::none) result.predictions.test = {0, 1, 1, 0, 2, 2, 0, 0, 2, 2};
    writer->record(run, result, {});
    record::Variant variant{.quantization = "ptq", .format = study::NumberFormat::int8};
    variant.test_accuracy = 0.7;
    if (images == Images::all) variant.outcomes.test = {1, 0, 1, 1, 0, 1, 1, 1, 1, 0};
    writer->record({run.id, "quantize"}, {&variant, 1}, 0.5);
  }
  return directory;
}

std::vector<std::string> images_of(const fs::path& store) {
  const auto reader = open_reader(store);
  std::vector<std::string> all;
  const auto add = [&](const std::string& name, const auto& values) {
    all.push_back(fmt::format("{}: {}", name, fmt::join(values, " ")));
  };
  add("labels", reader->labels("mnist").value_or(record::DatasetLabels{}).test);
  reader->predictions(
      [&](const std::string& run, record::RunPredictions&& p) { add("run " + run, p.test); });
  reader->outcomes([&](const std::string& run, const record::Variant&,
                       record::VariantOutcomes&& o) { add("variant " + run, o.test); });
  return all;
}

TEST(Merge, TakesWhatIsKnownOfImagesFromAnyStoreWhateverTheOrder) {
  TemporaryFolder folder;
  std::vector<fs::path> stores{store_with_images(folder / "a", Images::none, {0, 1}),
                               store_with_images(folder / "b", Images::runs, {0}),
                               store_with_images(folder / "c", Images::all, {0, 1})};
  // As left by a program of schema 6, which did not record checksums.
  execute(stores[2], "UPDATE compression_task SET schema = 6; DELETE FROM checksum");
  const auto expected = images_of(stores[2]);
  const auto results = results_of(stores[2]);
  ASSERT_EQ(expected.size(), 5U);
  int number = 0;
  do {
    const fs::path out = folder / std::to_string(number++);
    merge(out, stores);
    EXPECT_EQ(images_of(out), expected) << number;
    EXPECT_EQ(results_of(out), results) << number;
  } while (std::next_permutation(stores.begin(), stores.end()));
  EXPECT_EQ(number, 6);
}

}  // namespace
}  // namespace minima::store
