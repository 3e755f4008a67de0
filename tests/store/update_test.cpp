// Stores of older versions are brought up to date by whoever writes next.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_store.h"
#include "schema_of_version_1.h"
#include "store/sqlite_database.h"
#include "store/sqlite_schema.h"

namespace minima::store {
namespace {

using testing::Contains;
using testing::HasSubstr;

fs::path store_of_version_1(const fs::path& store) {
  fs::create_directories(store);
  const Database database(store / "runs.sqlite", Database::Access::write);
  database.execute(kTablesOfVersion1);
  database.execute(kViewsOfVersion1);
  database.execute("PRAGMA application_id = 0x6d696e69");
  database.execute("PRAGMA user_version = 1");
  database.execute("INSERT INTO study_record VALUES (1, 'old', '', 'seed=1', '', '0.1.0', 'none')");
  database.execute("INSERT INTO dataset VALUES (1, 'mnist', 1, 2, 2, 3, 60, 10, 0.4, '[]', 'aa')");
  database.execute("INSERT INTO run VALUES (1, 'abc', 0, 1, 'dnn', 'dnn 5', 43, 0, 1, '')");
  database.execute("INSERT INTO result VALUES (1, 'finished', 3, 1, 0.5, 1.25, 0.75, NULL, 2)");
  return store;
}

TEST(OldStore, IsRefusedByAReaderWithTheMend) {
  TemporaryFolder folder;
  const fs::path store = store_of_version_1(folder / "store");
  try {
    static_cast<void>(open_reader(store));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("older minima"));
    EXPECT_THAT(error.what(), HasSubstr("minima analyze"));
  }
}

TEST(OldStore, KeepsItsResultsWhenAWriterUpdatesIt) {
  TemporaryFolder folder;
  const fs::path store = store_of_version_1(folder / "store");
  open_and_close(store);
  const auto reader = open_reader(store);
  const std::vector<RunRow> runs = reader->runs();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].architecture, "dnn 5");
  EXPECT_EQ(runs[0].result.test_loss, 1.25);
  EXPECT_EQ(runs[0].result.last_step, std::nullopt);
  EXPECT_THAT(reader->table_names(), Contains("analyses"));
}

// With the weights of the first run of the plan as it started and ended.
fs::path store_of_version_4(const fs::path& store) {
  {
    const auto plan = example_plan();
    const auto writer = open_writer(store);
    writer->begin(example_study(study::KeepWeights::none), example_datasets(), plan);
    record(*writer, plan[0]);
  }
  const Database database(store / "runs.sqlite", Database::Access::write);
  for (const char* view : {"weight_statistics", "weight_histograms", "node_strengths", "sessions",
                           "validations", "variants", "datasets"}) {
    database.execute(std::string("DROP VIEW ") + view);
  }
  database.execute("DROP TABLE session");
  database.execute("ALTER TABLE dataset DROP COLUMN validation_count");
  database.execute("ALTER TABLE result DROP COLUMN validation_accuracy");
  database.execute("ALTER TABLE variant DROP COLUMN validation_accuracy");
  database.execute("ALTER TABLE weight_summary RENAME TO newer");
  database.execute(
      "CREATE TABLE weight_summary (run INTEGER NOT NULL REFERENCES run, stage TEXT NOT NULL CHECK "
      "(stage IN ('start', 'end')), tensor INTEGER NOT NULL, name TEXT NOT NULL, shape TEXT NOT "
      "NULL, count INTEGER NOT NULL, not_finite INTEGER NOT NULL, mean REAL, sd REAL, skewness "
      "REAL, kurtosis REAL, near_zero REAL, l1 REAL, l2 REAL, max REAL, stable_rank REAL, "
      "quantiles TEXT NOT NULL, exponent INTEGER NOT NULL, first_bin INTEGER NOT NULL, bins TEXT "
      "NOT NULL, nodes INTEGER NOT NULL, node_mean REAL, node_sd REAL, node_min REAL, node_max "
      "REAL, node_values TEXT NOT NULL, PRIMARY KEY (run, stage, tensor)) WITHOUT ROWID");
  database.execute(
      "INSERT INTO weight_summary SELECT run, stage, tensor, name, shape, count, not_finite, mean, "
      "sd, skewness, kurtosis, near_zero, l1, l2, max, stable_rank, quantiles, exponent, "
      "first_bin, "
      "bins, nodes, node_mean, node_sd, node_min, node_max, node_values FROM newer");
  database.execute("DROP TABLE newer");
  database.execute("PRAGMA user_version = 4");
  return store;
}

TEST(StoreOfVersion4, KeepsItsFiguresOfWeights) {
  TemporaryFolder folder;
  const fs::path store = store_of_version_4(folder / "store");
  open_and_close(store);
  const auto reader = open_reader(store);
  std::vector<study::WeightSummary> summaries;
  reader->weight_summaries([&](const std::string&, study::WeightSummary&& summary) {
    summaries.push_back(std::move(summary));
  });
  ASSERT_EQ(summaries.size(), 2U);
  EXPECT_EQ(summaries[0].epoch, 0);
  EXPECT_EQ(summaries[1].epoch, example_result(example_plan()[0]).epochs);
  EXPECT_EQ(summaries[1].statistics.count, 20);
}

fs::path store_of_version_3(const fs::path& store) {
  store_of_version_4(store);
  const Database database(store / "runs.sqlite", Database::Access::write);
  database.execute("DROP TABLE weight_summary");
  database.execute("PRAGMA user_version = 3");
  return store;
}

fs::path store_of_version_2(const fs::path& store) {
  store_of_version_3(store);
  const Database database(store / "runs.sqlite", Database::Access::write);
  for (const char* view : {"variant_tensors", "compressions"}) {
    database.execute(std::string("DROP VIEW ") + view);
  }
  for (const char* table : {"variant_tensor", "variant", "compression_task"}) {
    database.execute(std::string("DROP TABLE ") + table);
  }
  database.execute("PRAGMA user_version = 2");
  return store;
}

class OldVersion : public testing::TestWithParam<fs::path (*)(const fs::path&)> {};

TEST_P(OldVersion, HasTheSameTablesAsANewStoreAfterwards) {
  TemporaryFolder folder;
  const fs::path old = GetParam()(folder / "old");
  open_and_close(old);
  open_and_close(folder / "new");
  const auto columns = [](const fs::path& store) {
    const Database database(store / "runs.sqlite", Database::Access::read);
    Statement row(database,
                  "SELECT m.name || '.' || c.name FROM sqlite_master m, "
                  "pragma_table_info(m.name) c WHERE m.type IN ('view', 'table') "
                  "AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid");
    std::vector<std::string> names;
    while (row.step()) names.push_back(row.text(0));
    return names;
  };
  EXPECT_EQ(columns(old), columns(folder / "new"));
}

INSTANTIATE_TEST_SUITE_P(Of, OldVersion,
                         testing::Values(store_of_version_1, store_of_version_2, store_of_version_3,
                                         store_of_version_4));

}  // namespace
}  // namespace minima::store
