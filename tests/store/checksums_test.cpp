// A value that changes after it was recorded is detected in every table. Nothing that the program
// itself does looks like such a change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "damage.h"
#include "example_store.h"
#include "record/analysis.h"
#include "record/run_result.h"
#include "record/session.h"
#include "record/variant.h"
#include "store/database/sqlite_schema.h"
#include "store/doctor.h"
#include "store/records/sqlite_checksums.h"
#include "store/records/sqlite_reader.h"
#include "store/upkeep/merge.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

record::Variant variant_in(const std::string& format, double accuracy) {
  record::Variant variant{.pruning = "one-shot",
                          .sparsity_asked = 0.5,
                          .quantization = format == "fp32" ? "" : "ptq",
                          .format = study::parse_value_format(format).value(),
                          .test_accuracy = accuracy};
  variant.outcomes.test = {1, 0, 1, 1, 0, 1, 1, 1, 1, 0};
  if (format == "fp32") variant.tensors = {{.name = "fc1.weight", .weights = 20, .kept = 10}};
  return variant;
}

record::AnalysisRecord analysis_of(const std::string& name, const std::string& run_id) {
  record::Table table{.columns = {"dataset", "value"}, .rows = {{"mnist", 0.5}, {"glyphs", 0.25}}};
  return {.name = name,
          .settings = "seed=1",
          .program_version = "0.1.0",
          .runs = 4,
          .tables = {{name + "_table", std::move(table)}},
          .labels = {{.run_id = run_id,
                      .accuracy_group = "high",
                      .regime = "learning",
                      .diagnosis = std::nullopt}}};
}

// Bypasses the check that every reader starts with.
std::string changed_values(const fs::path& store) {
  return SqliteReader(store, Integrity::unchecked).changed_values();
}

class Checksums : public testing::Test {
 protected:
  Checksums() { write(store_); }

  /// A store with rows in every table.
  void write(const fs::path& store) const {
    auto datasets = example_datasets();
    datasets[0].labels.test = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
    const auto writer = open_writer(store);
    writer->begin(example_study(), datasets, plan_);
    for (std::size_t i = 0; i < 4; ++i) {
      record::RunResult result = example_result(plan_[i]);
      result.predictions.test = {0, 1, 1, 0, 2, 2, 0, 0, 2, 2};
      result.test_accuracy = 0.6;
      if (i == 3) result.last_step = record::LastStep{1, 2.0, 3.0};
      writer->record(plan_[i], result, ExampleWeights(plan_[i]).tensors());
      const record::Variant variants[] = {variant_in("fp32", 0.7), variant_in("int8", 0.7)};
      writer->record({plan_[i].id, "prune"}, variants, 0.5);
    }
    writer->keep(record::SessionRecord{.id = "s1", .started = "2026-11-20", .ended = "2026-11-21"});
    writer->keep(analysis_of("convergence", plan_[0].id));
  }
  [[nodiscard]] std::string changed() const { return changed_values(store_); }

  TemporaryFolder folder_;
  fs::path store_ = folder_ / "store";
  std::vector<study::Run> plan_ = example_plan();
};

struct Place {
  std::string table;
  std::string column;
};

// Weights have their own checksums.
bool is_checked(const Place& place) {
  static const std::set<std::string> others{"weight", "weight_file", "checksum"};
  return !others.contains(place.table);
}

std::vector<Place> columns_of(const fs::path& store) {
  const Database database(store / "runs.sqlite", Database::Access::read);
  Statement row(database,
                "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
                "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'");
  std::vector<Place> places;
  while (row.step()) places.push_back({row.text(0), row.text(1)});
  return places;
}

/// Sets another value of the same type in one row that has a value; returns false if there is none.
bool change(const fs::path& store, const Place& at) {
  const Database database(store / "runs.sqlite", Database::Access::write);
  database.execute("PRAGMA foreign_keys = OFF");
  database.execute("PRAGMA ignore_check_constraints = ON");
  const std::string one = fmt::format(
      "FROM {0} WHERE \"{1}\" IS NOT NULL ORDER BY \"{1}\" DESC LIMIT 1", at.table, at.column);
  if (database.integer("SELECT count(*) FROM (SELECT 1 " + one + ")") == 0) return false;
  database.execute(fmt::format(
      "UPDATE {0} SET \"{1}\" = CASE typeof(\"{1}\") WHEN 'text' THEN \"{1}\" || 'x' WHEN 'blob' "
      "THEN CAST(\"{1}\" || 'x' AS BLOB) ELSE \"{1}\" + 1 END WHERE \"{1}\" = (SELECT \"{1}\" {2})",
      at.table, at.column, one));
  return true;
}

bool is_refused_or_reported(const fs::path& store) {
  try {
    return !changed_values(store).empty();
  } catch (const Error&) {
    return true;
  }
}

TEST_F(Checksums, FindAChangeOfAnyValueOfAnyTable) {
  int changes = 0;
  for (const Place& place : columns_of(store_)) {
    if (!is_checked(place)) continue;
    const fs::path copy = folder_ / "copy";
    fs::copy(store_, copy);
    if (change(copy, place)) {
      ++changes;
      EXPECT_TRUE(is_refused_or_reported(copy)) << place.table << "." << place.column;
    }
    fs::remove_all(copy);
  }
  EXPECT_GT(changes, 100);
}

TEST_F(Checksums, FindRowsThatAreGoneOrNew) {
  execute(store_, "DELETE FROM layer_signal WHERE run = 1 AND epoch = 2 AND layer = 1");
  execute(store_, "INSERT INTO variant_tensor VALUES (1, 7, 'fc7.weight', 3, 2)");
  execute(store_, "DELETE FROM convergence_table WHERE dataset = 'mnist'");
  EXPECT_EQ(changed(), "1 run, the compressed networks of 1 run and 1 analysis");
}

TEST_F(Checksums, FindChecksumsThatWereChangedThemselves) {
  execute(store_, "UPDATE checksum SET value = value + 1 WHERE part = 'run' AND owner = '2'");
  execute(store_, "UPDATE checksum SET owner = '99' WHERE part = 'run' AND owner = '3'");
  execute(store_, "UPDATE checksum SET part = 'rum' WHERE part = 'run' AND owner = '4'");
  EXPECT_EQ(changed(), "the study and 2 runs");
}

TEST_F(Checksums, FitWhateverTheProgramDoes) {
  EXPECT_EQ(changed(), "");
  {
    const auto writer = open_writer(store_);
    auto plan = example_plan(4, 5);
    auto datasets = example_datasets();
    datasets[1].labels = {.test = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0}, .validation = {0, 1, 2, 0, 1, 2}};
    writer->begin(example_study(), datasets,
                  plan);  // the plan has grown, and labels are added later
    record(*writer, plan.back());
    const record::Variant variants[] = {variant_in("fp32", 0.7), variant_in("int4", 0.7)};
    writer->record({plan_[0].id, "prune"}, variants, 0.5);  // already recorded
    writer->record({plan_[0].id, "quantize"}, {&variants[1], 1}, 0.5);
    writer->keep(record::SessionRecord{.id = "s1", .started = "2026-11-20", .ended = "2026-11-22"});
    writer->keep(analysis_of("convergence", plan_[1].id));
  }
  EXPECT_EQ(changed(), "");
  const std::vector<fs::path> stores{store_};
  merge(folder_ / "merged", stores);
  EXPECT_EQ(changed_values(folder_ / "merged"), "");
  for (const auto& entry : fs::directory_iterator(store_)) {
    if (entry.path().extension() == ".safetensors") fs::remove(entry.path());
  }
  EXPECT_GT(repair(store_).runs, 0);
  EXPECT_EQ(changed(), "");
}

TEST_F(Checksums, AreNotMendedByWhatIsAddedToAChangedRun) {
  execute(store_, "DELETE FROM run_prediction WHERE run = 2");
  execute(store_, "UPDATE epoch SET test_loss = test_loss + 1 WHERE run = 2");
  record::RunResult result = example_result(plan_[1]);
  result.predictions.test = {0, 1, 1, 0, 2, 2, 0, 0, 2, 2};
  result.test_accuracy = 0.6;
  const Database database(store_ / "runs.sqlite", Database::Access::write);
  ChecksumUpdate update(database, {Part::run, "2"});
  database.execute("UPDATE result SET seconds = 3 WHERE run = 2");
  update.keep();
  EXPECT_EQ(changed(), "1 run");
}

TEST_F(Checksums, AreReportedByEveryReaderAndRefusedByAMerge) {
  execute(store_, "UPDATE epoch SET test_loss = test_loss + 1 WHERE run = 2");
  EXPECT_EQ(open_reader(store_)->changed_values(), "1 run");
  const std::vector<fs::path> stores{store_};
  const Error error = error_of([&] { merge(folder_ / "merged", stores); });
  EXPECT_THAT(error.what(), HasSubstr("values of 1 run changed after they were recorded"));
  EXPECT_FALSE(fs::exists(folder_ / "merged"));
}

TEST_F(Checksums, TellTheDoctorWhichRunsToTrainAgain) {
  execute(store_, "UPDATE epoch SET test_loss = test_loss + 1 WHERE run = 2");
  execute(store_, "UPDATE variant_tensor SET kept = kept + 1 WHERE variant = 1");
  const Repair repair = store::repair(store_);
  EXPECT_EQ(repair.runs, 1);
  EXPECT_EQ(repair.compressions, 1);
  EXPECT_THAT(repair.left.complaints, IsEmpty());
  EXPECT_EQ(changed(), "");
}

TEST_F(Checksums, OfARunThatDoesNotExistAreRemovedAndNoRunIsTrainedAgain) {
  execute(store_, "INSERT INTO checksum VALUES ('run', '../../x', 5), ('compression', '99', 5)");
  execute(store_, "UPDATE checksum SET owner = x'00ff' WHERE part = 'run' AND owner = '2'");
  const Repair repair = store::repair(store_);
  EXPECT_EQ(repair.runs, 0);
  EXPECT_EQ(repair.compressions, 0);
  EXPECT_THAT(repair.done, ElementsAre("rows that belong to nothing are gone"));
  EXPECT_THAT(repair.left.complaints, IsEmpty());
  EXPECT_EQ(changed(), "");
}

}  // namespace
}  // namespace minima::store
