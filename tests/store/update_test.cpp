// Stores of older versions can be read unchanged; the next writer updates them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "damage.h"
#include "example_store.h"
#include "old_stores.h"
#include "record/predictions.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "record/variant.h"
#include "record/weight_summary.h"
#include "store/database/sqlite_schema.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class OldVersion : public testing::TestWithParam<int> {
 protected:
  [[nodiscard]] fs::path old_store() const { return store_of_version(GetParam(), folder / "old"); }
  TemporaryFolder folder;
};

void expect_results(const Reader& reader, int version) {
  const std::vector<record::RunRow> runs = reader.runs();
  ASSERT_THAT(runs, SizeIs(4));
  EXPECT_EQ(runs[0].architecture, "dnn 2");
  EXPECT_EQ(runs[0].result.test_loss, 1.25);
  EXPECT_EQ(runs[2].result.status, record::RunStatus::diverged);
  EXPECT_EQ(runs[2].result.last_step.has_value(), version >= 2);
  EXPECT_EQ(runs[3].result.status, record::RunStatus::planned);
  EXPECT_EQ(reader.history(runs[0].id).size(), 2U);
  EXPECT_THAT(reader.variants(), SizeIs(version >= 3 ? 3 : 0));
  EXPECT_THAT(reader.sessions(), SizeIs(version >= 5 ? 1 : 0));
  std::vector<int> summaries;
  reader.weight_summaries([&](const std::string&, record::WeightSummary&& summary) {
    summaries.push_back(summary.epoch);
  });
  EXPECT_EQ(summaries, version >= 4 ? (std::vector{0, 2}) : std::vector<int>());
}

void expect_no_predictions(const Reader& reader) {
  EXPECT_EQ(reader.labels("glyphs train=60 test=10"), std::nullopt);
  reader.predictions([](const std::string& run, record::RunPredictions&&) { FAIL() << run; });
  reader.outcomes([](const std::string& run, const record::Variant&, record::VariantOutcomes&&) {
    FAIL() << run;
  });
}

TEST_P(OldVersion, IsReadWithoutBeingChanged) {
  const fs::path store = old_store();
  const std::string before = bytes_of(store / "runs.sqlite");
  {
    const auto reader = open_reader(store);
    expect_results(*reader, GetParam());
    expect_no_predictions(*reader);
    EXPECT_THAT(lines_of(*reader, "epochs"), SizeIs(6));
    EXPECT_THAT(reader->table_names(), Contains("old_table").Times(GetParam() >= 2 ? 1 : 0));
  }
  EXPECT_EQ(bytes_of(store / "runs.sqlite"), before);
}

TEST_P(OldVersion, KeepsItsResultsWhenAWriterUpdatesIt) {
  const fs::path store = old_store();
  open_and_close(store);
  const Database database(store / "runs.sqlite", Database::Access::read);
  EXPECT_EQ(schema_version(database), kSchemaVersion);
  const auto reader = open_reader(store);
  for (const std::string& table : reader->table_names()) lines_of(*reader, table);
  expect_results(*reader, GetParam());
  expect_no_predictions(*reader);
  EXPECT_THAT(reader->table_names(), Contains("analyses"));
}

TEST_P(OldVersion, SaysWhatItLacksBeforeAndAfter) {
  const fs::path store = old_store();
  const std::vector<std::string> before = open_reader(store)->lacks();
  open_and_close(store);
  EXPECT_EQ(open_reader(store)->lacks(), before);
  EXPECT_THAT(before, Contains("No predictions per image: intervals use a binomial approximation. "
                               "Run the study again in a new store to record them."));
  const auto no_outcomes = HasSubstr("have no outcomes per image");
  const auto doubtful = HasSubstr(
      "2 pruned and quantized networks may have been calibrated with another protocol's images.");
  const auto no_weights = HasSubstr("No figures of weights");
  const auto no_last_step = "The last step before divergence is not recorded for 1 diverged run.";
  const int version = GetParam();
  EXPECT_THAT(before, Contains(no_last_step).Times(version == 1 ? 1 : 0));
  EXPECT_THAT(before, Contains(no_weights).Times(version < 4 ? 1 : 0));
  EXPECT_THAT(before, Contains(no_outcomes).Times(version >= 3 ? 1 : 0));
  EXPECT_THAT(before, Contains(doubtful).Times(version >= 3 ? 1 : 0));
}

TEST_P(OldVersion, HasTheSameTablesAsANewStoreAfterwards) {
  const fs::path old = old_store();
  open_and_close(old);
  Database(old / "runs.sqlite", Database::Access::write).execute("DROP TABLE IF EXISTS old_table");
  open_and_close(folder / "new");
  const auto columns = [](const fs::path& store) {
    const Database database(store / "runs.sqlite", Database::Access::read);
    Statement row(database,
                  "SELECT m.name || '.' || c.name || ' ' || c.type FROM sqlite_master m, "
                  "pragma_table_info(m.name) c WHERE m.type IN ('view', 'table') "
                  "AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid");
    std::vector<std::string> names;
    while (row.step()) names.push_back(row.text(0));
    return names;
  };
  EXPECT_EQ(columns(old), columns(folder / "new"));
}

TEST_P(OldVersion, CanBeMerged) {
  const std::vector<fs::path> stores{old_store()};
  merge(folder / "merged", stores);
  const auto reader = open_reader(folder / "merged");
  expect_results(*reader, GetParam());
  EXPECT_EQ(reader->lacks(), open_reader(stores[0])->lacks());
}

INSTANTIATE_TEST_SUITE_P(Schema, OldVersion, testing::Values(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));

TEST(StoreOfVersion5, MayLackAColumnOfSessions) {
  TemporaryFolder folder;
  const fs::path store = store_of_version(5, folder / "old");
  {
    const Database database(store / "runs.sqlite", Database::Access::write);
    database.execute("DROP VIEW sessions");
    database.execute("ALTER TABLE session DROP COLUMN compression_left");
  }
  const auto sessions = open_reader(store)->sessions();
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].compression_left, std::nullopt);
}

TEST(StoreOfVersion9, KeepsItsChecksums) {
  TemporaryFolder folder;
  const fs::path store = store_of_version(9, folder / "old");
  EXPECT_EQ(open_reader(store)->changed_values(), "");
  open_and_close(store);
  const auto reader = open_reader(store);
  EXPECT_EQ(reader->changed_values(), "");
  EXPECT_FALSE(reader->sessions().at(0).backend.is_known());
  EXPECT_THAT(reader->backends(), IsEmpty());
  Database(store / "runs.sqlite", Database::Access::write)
      .execute("UPDATE result SET test_loss = 1.26 WHERE run = 1");
  EXPECT_EQ(open_reader(store)->changed_values(), "1 run");
}

TEST(StoreOfVersion10, GetsNotesWhenItIsContinued) {
  TemporaryFolder folder;
  const fs::path store = store_of_version(10, folder / "old");
  EXPECT_EQ(open_reader(store)->changed_values(), "");
  record::DatasetRecord dataset = open_reader(store)->datasets().at(0);
  EXPECT_THAT(dataset.notes, IsEmpty());
  EXPECT_EQ(open_reader(store)->backends().at(0).backend.instruction_set, "AVX2");
  dataset.notes = {"14 .heic files left out", "all images are equal"};
  const record::StudyRecord study = open_reader(store)->study();
  open_writer(store)->begin(study, {&dataset, 1}, {});
  const auto reader = open_reader(store);
  EXPECT_EQ(reader->datasets().at(0).notes, dataset.notes);
  EXPECT_EQ(reader->changed_values(), "");
}

TEST(OldStore, PiecesOfCompressionAreRecordedAgain) {
  TemporaryFolder folder;
  const fs::path store = store_of_version(5, folder / "old");
  const auto writer = open_writer(store);
  const auto tasks = [&] { return open_reader(store)->recorded_tasks(); };
  const auto tasks_before = [&] {
    return open_reader(store)->tasks_before(kFirstWithHeadsOfAnyWidth);
  };
  const auto older = tasks_before();
  ASSERT_THAT(older, SizeIs(1));
  EXPECT_EQ(tasks(), older);
  const record::Variant better{
      .pruning = "one-shot global magnitude", .sparsity_asked = 0.5, .test_accuracy = 0.875};
  writer->record(older[0], {&better, 1}, 1.0);
  EXPECT_THAT(tasks_before(), IsEmpty());
  EXPECT_EQ(tasks(), older);
  const auto variants = open_reader(store)->variants();
  ASSERT_THAT(variants, SizeIs(1));
  EXPECT_EQ(variants[0].variant.test_accuracy, 0.875);
  EXPECT_THAT(variants[0].variant.tensors, IsEmpty());
  EXPECT_THAT(open_reader(store)->lacks(), Not(Contains(HasSubstr("calibrated"))));
  record::Variant worse = better;
  worse.test_accuracy = 0.25;
  writer->record(older[0], {&worse, 1}, 1.0);
  EXPECT_EQ(open_reader(store)->variants()[0].variant.test_accuracy, 0.875) << "once is enough";
}

}  // namespace
}  // namespace minima::store
