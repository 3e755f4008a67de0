// Values go to the columns that their mapping names, whatever the order of the table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "example_store.h"
#include "record/run_result.h"
#include "store/database/sqlite_schema.h"
#include "store/records/sqlite_tables.h"

namespace minima::store {
namespace {

using testing::HasSubstr;

const record::EpochRecord kEpoch{.epoch = 3,
                                 .learning_rate = 0.001,
                                 .train_loss = 1.5,
                                 .train_accuracy = 0.25,
                                 .test_loss = 2.5,
                                 .test_accuracy = 0.75,
                                 .predicted_classes = 9,
                                 .top_class = 4,
                                 .top_class_share = 0.5,
                                 .layers = {}};

/// A table `epoch` with its columns in reverse, and a column of a later version in between.
Database reversed_table() {
  Database database(":memory:", Database::Access::write);
  std::string columns;
  for (const std::string& name : column_names<EpochTable>()) columns = name + ", " + columns;
  database.execute("CREATE TABLE epoch (later REAL DEFAULT 7, " + columns + "run INTEGER)");
  return database;
}

TEST(Columns, AreFoundByNameInATableOfAnotherOrder) {
  const Database database = reversed_table();
  Statement insert(database, insert_into<EpochTable>({"run"}));
  insert_row<EpochTable>(insert, kEpoch, 12);
  EXPECT_EQ(database.integer("SELECT run FROM epoch"), 12);
  EXPECT_EQ(database.integer("SELECT top_class FROM epoch"), 4);
  EXPECT_EQ(database.integer("SELECT later FROM epoch"), 7);
  Statement select(database, "SELECT run, " + select_list<EpochTable>() + " FROM epoch");
  ASSERT_TRUE(select.step());
  const auto read = read_row<EpochTable>(CheckedRow(select, "epoch", 0), 1);
  EXPECT_EQ(read.epoch, 3);
  EXPECT_EQ(read.learning_rate, 0.001);
  EXPECT_EQ(read.train_loss, 1.5);
  EXPECT_EQ(read.train_accuracy, 0.25);
  EXPECT_EQ(read.test_loss, 2.5);
  EXPECT_EQ(read.test_accuracy, 0.75);
  EXPECT_EQ(read.predicted_classes, 9);
  EXPECT_EQ(read.top_class, 4);
  EXPECT_EQ(read.top_class_share, 0.5);
}

TEST(Columns, ThatATableLacksAreAnError) {
  const Database database(":memory:", Database::Access::write);
  database.execute("CREATE TABLE epoch (run INTEGER, epoch INTEGER)");
  const Error error =
      error_of([&] { const Statement insert(database, insert_into<EpochTable>({"run"})); });
  EXPECT_THAT(error.what(), HasSubstr("learning_rate"));
}

/// The columns of a mapping and its keys.
template <typename Table>
void expect_all_columns(const Database& database, std::vector<std::string> keys) {
  std::vector<std::string> mapped = column_names<Table>();
  mapped.insert(mapped.end(), keys.begin(), keys.end());
  std::vector<std::string> actual;
  Statement row(database, "SELECT name FROM pragma_table_info(?)");
  row.bind(Table::kName);
  while (row.step()) actual.push_back(row.text(0));
  std::ranges::sort(mapped);
  std::ranges::sort(actual);
  EXPECT_EQ(mapped, actual) << Table::kName;
}

TEST(Columns, OfEveryMappingAreAllColumnsOfItsTable) {
  const Database database(":memory:", Database::Access::write);
  create_schema(database);
  expect_all_columns<StudyTable>(database, {"one"});
  expect_all_columns<DatasetTable>(database, {"id"});
  expect_all_columns<RunTable<PlannedRun>>(database, {"id", "position", "dataset"});
  expect_all_columns<ResultTable>(database, {"run"});
  expect_all_columns<EpochTable>(database, {"run"});
  expect_all_columns<LayerTable>(database, {"run", "epoch", "layer"});
  expect_all_columns<WeightTable>(database, {"run"});
  expect_all_columns<SummaryTable>(database, {"run"});
  expect_all_columns<TaskTable>(database, {"id", "run"});
  expect_all_columns<VariantTable>(database, {"id", "run", "task"});
  expect_all_columns<VariantTensorTable>(database, {"variant", "number"});
  expect_all_columns<SessionTable>(database, {});
  expect_all_columns<AnalysisTable>(database, {});
}

}  // namespace
}  // namespace minima::store
