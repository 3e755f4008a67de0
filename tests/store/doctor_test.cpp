// The doctor finds every kind of damage and repairs what can be repaired without loss.
#include "store/doctor.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "damage.h"
#include "example_store.h"
#include "old_stores.h"
#include "record/run_result.h"
#include "record/variant.h"
#include "store/database/sqlite_schema.h"
#include "store/files/safetensors.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Doctor : public testing::Test {
 protected:
  Doctor() {
    auto datasets = example_datasets();
    datasets[0].labels.test = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
    const auto writer = open_writer(store_);
    writer->begin(example_study(), datasets, plan_);
    for (std::size_t i = 0; i < 4; ++i) {
      record::RunResult result = example_result(plan_[i]);
      result.predictions.test = {0, 1, 1, 0, 2, 2, 0, 0, 2, 2};
      result.test_accuracy = 0.6;
      writer->record(plan_[i], result, ExampleWeights(plan_[i]).tensors());
      record::Variant variant{.quantization = "ptq", .format = study::NumberFormat::int8};
      variant.outcomes.test = {1, 0, 1, 1, 0, 1, 1, 1, 1, 0};
      variant.test_accuracy = 0.7;
      writer->record({plan_[i].id, "quantize"}, {&variant, 1}, 0.5);
    }
  }
  [[nodiscard]] std::vector<std::string> problems() const {
    std::vector<std::string> all;
    for (const Complaint& each : examine(store_).complaints) {
      all.push_back(each.file + ": " + each.problem);
    }
    return all;
  }
  /// Repairs the store and expects no findings afterwards.
  Repair repaired() const {
    Repair repair = store::repair(store_);
    EXPECT_THAT(repair.left.complaints, IsEmpty());
    EXPECT_THAT(problems(), IsEmpty());
    return repair;
  }
  [[nodiscard]] std::size_t recorded() const {
    return open_writer(store_, {.may_create = false})->recorded().size();
  }

  TemporaryFolder folder_;
  fs::path store_ = folder_ / "store";
  fs::path sealed_ = store_ / "weights-0001.safetensors";
  std::vector<study::Run> plan_ = example_plan();
};

TEST_F(Doctor, FindsNothingInAWholeStoreAndCountsWhatItLookedAt) {
  const Examination found = examine(store_);
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_EQ(found.schema, kSchemaVersion);
  EXPECT_EQ(found.runs, 4);
  EXPECT_EQ(found.tensors, 8);
  EXPECT_EQ(found.unverified, 0);
}

TEST_F(Doctor, FindsNothingInStoresOfOlderVersions) {
  for (int version = 1; version < kSchemaVersion; ++version) {
    const fs::path store = store_of_version(version, folder_ / std::to_string(version));
    const Examination found = examine(store);
    for (const Complaint& each : found.complaints) ADD_FAILURE() << version << each.problem;
    EXPECT_EQ(found.schema, version);
    EXPECT_EQ(found.runs, 3);
  }
}

TEST_F(Doctor, LeavesAWholeStoreAsItIs) {
  const std::string before = bytes_of(store_ / "runs.sqlite");
  const Repair repair = repaired();
  EXPECT_EQ(repair.copy, "");
  EXPECT_THAT(repair.done, IsEmpty());
  EXPECT_EQ(bytes_of(store_ / "runs.sqlite"), before);
}

TEST_F(Doctor, PlansRunsAgainWhoseFileIsMissing) {
  fs::remove(sealed_);
  EXPECT_THAT(problems(),
              ElementsAre("weights-0001.safetensors: is missing: 4 runs lost their weights"));
  const std::string before = bytes_of(store_ / "runs.sqlite");
  const Repair repair = repaired();
  EXPECT_EQ(repair.runs, 4);
  EXPECT_EQ(repair.copy, "runs.sqlite.before-repair");
  EXPECT_EQ(bytes_of(store_ / repair.copy), before);
  EXPECT_EQ(recorded(), 0U);
  record(*open_writer(store_), plan_[0]);
  EXPECT_TRUE(has_example_weights(*open_reader(store_), plan_[0])) << "they can be recorded again";
}

TEST_F(Doctor, PlansOnlyTheRunAgainWhoseWeightsAreDamaged) {
  const auto begin = read_safetensors_header(PosixFile(sealed_, O_RDONLY)).data_start;
  flip_bit(sealed_, begin + 250, 1);
  EXPECT_THAT(problems(),
              ElementsAre(AllOf(HasSubstr("run " + plan_[2].id), HasSubstr("not those"))));
  EXPECT_EQ(repaired().runs, 1);
  EXPECT_EQ(recorded(), 3U);
  const auto reader = open_reader(store_);
  EXPECT_TRUE(has_example_weights(*reader, plan_[0]));
  EXPECT_TRUE(has_example_weights(*reader, plan_[3]));
  EXPECT_THAT(reader->variants(), SizeIs(3));
}

TEST_F(Doctor, PlansOnlyRunsAgainThatWereCutOff) {
  fs::resize_file(sealed_, fs::file_size(sealed_) - 1);
  EXPECT_THAT(problems(), Contains(HasSubstr("is too short: 1 run lost their weights")));
  repaired();
  EXPECT_EQ(recorded(), 3U);
  EXPECT_TRUE(has_example_weights(*open_reader(store_), plan_[0]));
}

TEST_F(Doctor, WritesAHeaderAgainAndLosesNothing) {
  const std::string name = plan_[1].id + "/fc1.weight";
  for (const std::size_t character : {std::size_t{0}, name.size() - 1}) {
    const std::string file = weights_files(store_).at(0);
    flip_bit(store_ / file, bytes_of(store_ / file).find(name) + character, 0);
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("the header does not name it")));
    const Repair repair = repaired();
    EXPECT_EQ(repair.runs, 0);
    EXPECT_THAT(repair.done, ElementsAre("1 file of weights written again"));
  }
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(has_example_weights(*open_reader(store_), plan_[i]));
  }
}

TEST_F(Doctor, PlansRunsAgainOfWhichTensorsAreNotListed) {
  execute(store_, "DELETE FROM weight WHERE run = 2 AND tensor = 1");
  execute(store_, "DELETE FROM weight WHERE run = 3 AND tensor = 0");
  EXPECT_THAT(problems(),
              ElementsAre("runs.sqlite: lacks tensors of 2 runs that weights-0001.safetensors "
                          "holds"));
  EXPECT_EQ(repaired().runs, 2);
  EXPECT_EQ(recorded(), 2U);
  EXPECT_TRUE(has_example_weights(*open_reader(store_), plan_[3]));
}

TEST_F(Doctor, RemovesFilesThatNothingNames) {
  std::ofstream(store_ / "weights-0007.safetensors") << "half";
  std::ofstream(store_ / "weights-0008.safetensors.tmp") << "half";
  std::ofstream(store_ / "notes.txt") << "mine";
  EXPECT_THAT(problems(), SizeIs(2));
  EXPECT_THAT(repaired().done, ElementsAre("2 stray files removed"));
  EXPECT_THAT(weights_files(store_), ElementsAre("weights-0001.safetensors"));
  EXPECT_TRUE(fs::exists(store_ / "notes.txt"));
}

TEST_F(Doctor, LooksForNoStraysWhileTheStoreIsWritten) {
  const auto writer = open_writer(store_);
  std::ofstream(store_ / "weights-0008.safetensors.tmp") << "being written";
  const Examination found = examine(store_);
  EXPECT_THAT(found.complaints, IsEmpty());
  EXPECT_TRUE(found.is_being_written);
  EXPECT_THAT(error_of([&] { static_cast<void>(store::repair(store_)); }).what(),
              HasSubstr("is being written by"));
}

TEST_F(Doctor, DropsRowsThatBelongToNothing) {
  const auto before = results_of(store_);
  execute(store_, "INSERT INTO variant_tensor VALUES (99, 0, 'fc1.weight', 1, 1)");
  execute(store_, "INSERT INTO run_label VALUES (77, 'high', NULL, NULL)");
  execute(store_,
          "INSERT INTO epoch SELECT 5, epoch, 0, 0, 0, 0, 0, 0, 0, 0 FROM epoch "
          "WHERE run = 1");
  EXPECT_THAT(problems(),
              ElementsAre("runs.sqlite: 3 rows of table epoch belong to no row of result",
                          "runs.sqlite: 1 row of table variant_tensor belong to no row of variant",
                          "runs.sqlite: 1 row of table run_label belong to no row of run"));
  EXPECT_EQ(repaired().runs, 0);
  EXPECT_EQ(results_of(store_), before);
}

TEST_F(Doctor, PlansRunsAgainThatLostEpochs) {
  execute(store_, "DELETE FROM epoch WHERE run = 2 AND epoch = 2");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("has 3 epochs, but 2 are recorded")));
  repaired();
  EXPECT_EQ(recorded(), 3U);
}

TEST_F(Doctor, PlansRunsAgainWhosePredictionsDoNotCountToTheirAccuracy) {
  execute(store_, "UPDATE result SET test_accuracy = 0.9 WHERE run = 3");
  EXPECT_THAT(problems(), ElementsAre(AllOf(HasSubstr(plan_[2].id), HasSubstr("accuracy"))));
  EXPECT_EQ(repaired().runs, 1);
  EXPECT_EQ(recorded(), 3U);
}

TEST_F(Doctor, HasDamagedVariantsMadeAgain) {
  execute(store_, "UPDATE variant SET test_accuracy = 0.1 WHERE run = 3");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("variant_outcome")));
  const Repair repair = repaired();
  EXPECT_EQ(repair.runs, 0);
  EXPECT_EQ(repair.compressions, 1);
  EXPECT_EQ(recorded(), 4U);
  EXPECT_THAT(open_reader(store_)->recorded_tasks(), SizeIs(3));
}

TEST_F(Doctor, SaysWhatItCannotRepairAndLeavesItAlone) {
  execute(store_, "PRAGMA wal_checkpoint(TRUNCATE)");
  const fs::path database = store_ / "runs.sqlite";
  const auto size = fs::file_size(database);
  for (std::uint64_t byte = 4096 * 3; byte < size; byte += 4096) {
    for (std::uint64_t i = 0; i < 8; ++i) flip_bit(database, byte + i, static_cast<int>(i));
  }
  const std::string before = bytes_of(database);
  const Repair repair = store::repair(store_);
  ASSERT_THAT(repair.left.complaints, Not(IsEmpty()));
  EXPECT_FALSE(repair.left.complaints[0].repairable);
  EXPECT_EQ(repair.copy, "");
  EXPECT_EQ(bytes_of(database), before);
}

TEST_F(Doctor, MissesViews) {
  execute(store_, "DROP VIEW timings");
  EXPECT_THAT(problems(), Contains("runs.sqlite: view timings: is missing"));
}

TEST_F(Doctor, KeepsEveryCopyItMade) {
  fs::remove(sealed_);
  repaired();
  std::ofstream(store_ / "weights-0009.part") << "stray";
  EXPECT_EQ(repaired().copy, "runs.sqlite.before-repair-2");
}

TEST_F(Doctor, RefusesWhatIsNoStore) {
  EXPECT_EQ(error_of([&] { static_cast<void>(examine(folder_ / "none")); }).kind(),
            Error::Kind::input);
  EXPECT_EQ(error_of([&] { static_cast<void>(store::repair(folder_ / "none")); }).kind(),
            Error::Kind::input);
}

}  // namespace
}  // namespace minima::store
