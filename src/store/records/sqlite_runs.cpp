// Reads the study, datasets, planned runs and their results.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "core/error.h"
#include "network/families/lower.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "store/database/checked_row.h"
#include "store/database/sqlite_schema.h"
#include "store/records/sqlite_reader.h"
#include "store/records/sqlite_tables.h"

namespace minima::store {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

record::DatasetRecord dataset_of(const CheckedRow& row) {
  auto dataset = read_row<DatasetTable>(row, 0);
  const ImageShape& image = dataset.problem.image;
  const auto pixels = values_of({image.channels, image.height, image.width});
  if (!pixels || *pixels > DatasetTable::kMostPixels) row.refuse("has images larger than any");
  if (std::isnan(dataset.majority_share)) row.refuse("majority_share", "a fraction from 0 to 1");
  if (dataset.class_names.size() > static_cast<std::size_t>(dataset.problem.classes)) {
    row.refuse(fmt::format("has {} names of {} classes", dataset.class_names.size(),
                           dataset.problem.classes));
  }
  return dataset;
}

/// Checks what runs refer to; each pair of architecture and dataset is checked once.
class RunChecks {
 public:
  explicit RunChecks(const std::vector<record::DatasetRecord>& datasets) {
    for (const record::DatasetRecord& dataset : datasets)
      problems_.emplace(dataset.name, dataset.problem);
  }

  /// Checks a RunRow or a PlannedRun that was read from `row`.
  template <typename Run>
  void check(const CheckedRow& row, const Run& run) {
    if (!is_id(run.id)) row.refuse("run_id", "the id of a run");
    const auto problem = problems_.find(run.dataset);
    if (problem == problems_.end()) row.refuse("dataset", "a dataset of this store");
    const auto [known, is_new] = parameters_.try_emplace({problem->first, run.architecture});
    if (is_new) known->second = counted(run.architecture, problem->second, row);
    if (run.family != known->second.family) {
      row.refuse("family", "the family of " + run.architecture);
    }
    if (run.parameters != known->second.parameters) {
      row.refuse("parameters",
                 fmt::format("{}, as {} has", known->second.parameters, run.architecture));
    }
  }

 private:
  struct Counted {
    network::Family family = network::Family::dnn;
    std::int64_t parameters = 0;
  };

  // Hexadecimal digits, the format of study::run_id.
  static bool is_id(const std::string& text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("0123456789abcdef") == std::string::npos;
  }

  static Counted counted(const std::string& text, const Problem& problem, const CheckedRow& row) {
    try {
      const auto architecture = network::Architecture::parse(text);
      const std::int64_t parameters = network::graph_of(architecture, problem).parameters();
      if (architecture.text() == text) return {architecture.family(), parameters};
    } catch (const Error&) {
      // Reported below, with the location.
    }
    row.refuse("architecture", "an architecture for its dataset");
  }

  std::map<std::string, Problem> problems_;
  std::map<std::pair<std::string, std::string>, Counted> parameters_;
};

/// The result that begins at column `first`; planned if it is NULL.
ResultRow result_of(const CheckedRow& row, int first) {
  if (row.is_null(first)) return {.status = record::RunStatus::planned};
  auto result = read_row<ResultTable>(row, first);
  if (result.status == record::RunStatus::planned) row.refuse(first, "finished or diverged");
  if (result.last_layer && *result.last_layer > kMostSmall) {
    row.refuse("last_layer", "the number of a layer");
  }
  if (result.status != record::RunStatus::finished) return result;
  for (const auto& [name, accuracy] : {std::pair("train_accuracy", result.train_accuracy),
                                       std::pair("test_accuracy", result.test_accuracy)}) {
    if (std::isnan(accuracy)) row.refuse(name, "a fraction from 0 to 1");
  }
  return result;
}

/// A SELECT of run, dataset and position, followed by other columns.
template <typename Run>
std::string select_runs(const std::string& others) {
  return fmt::format(
      "SELECT {}, dataset.name AS dataset, run.position AS position{} "
      "FROM run CROSS JOIN dataset ON dataset.id = run.dataset ",
      select_list<RunTable<Run>>(), others);
}

/// Reads the columns of select_runs. `next` is set to the first of the other columns.
template <typename Run>
Run read_run(const CheckedRow& row, RunChecks& checks, int& next) {
  Run run = read_row<RunTable<Run>>(row, 0);
  next = column_count<RunTable<Run>>();
  run.dataset = row.text(next++);
  static_cast<void>(row.count(next++));  // the position, checked because it determines the order
  checks.check(row, run);
  return run;
}

}  // namespace

ResultRow ResultRow::of(const record::RunResult& result, const std::string& session_id) {
  ResultRow row{.status = result.status,
                .epochs = result.epochs,
                .train_loss = result.train_loss,
                .train_accuracy = result.train_accuracy,
                .test_loss = result.test_loss,
                .test_accuracy = result.test_accuracy,
                .diverged_step = result.diverged_step,
                .seconds = result.seconds,
                .validation_accuracy = result.validation_accuracy,
                .session = session_id};
  if (const auto& last = result.last_step) {
    row.last_layer = last->layer;
    row.last_gradient = last->gradient_norm;
    row.last_loss = last->loss;
  }
  return row;
}

record::RunResult ResultRow::result() const {
  record::RunResult result{.status = status,
                           .epochs = epochs,
                           .train_loss = train_loss,
                           .train_accuracy = train_accuracy,
                           .test_loss = test_loss,
                           .test_accuracy = test_accuracy,
                           .validation_accuracy = validation_accuracy,
                           .diverged_step = diverged_step,
                           .last_step = {},
                           .seconds = seconds,
                           .history = {},
                           .weights = {}};
  if (last_layer) {
    // The store cannot hold infinity: NULL means that the gradient overflowed.
    result.last_step = {static_cast<int>(*last_layer),
                        std::isnan(last_gradient) ? kInfinity : last_gradient, last_loss};
  }
  return result;
}

record::StudyRecord SqliteReader::study() const {
  Statement statement(database_,
                      fmt::format("SELECT {} FROM study_record", select_list<StudyTable>()));
  if (!statement.step()) throw not_a_store(directory_);
  return read_row<StudyTable>(CheckedRow(statement, "study_record"), 0);
}

std::vector<record::DatasetRecord> SqliteReader::datasets() const {
  std::vector<record::DatasetRecord> datasets;
  Statement row(database_,
                fmt::format("SELECT {} FROM dataset ORDER BY id", select_list<DatasetTable>()));
  while (row.step()) datasets.push_back(dataset_of(CheckedRow(row, "dataset", 0)));
  return datasets;
}

std::vector<record::RunRow> SqliteReader::runs() const {
  RunChecks checks(datasets());
  std::vector<record::RunRow> runs;
  Statement statement(database_, select_runs<record::RunRow>(", " + select_list<ResultTable>()) +
                                     "LEFT JOIN result ON result.run = run.id "
                                     "ORDER BY run.position");
  while (statement.step()) {
    int next = 0;
    record::RunRow run = read_run<record::RunRow>(CheckedRow(statement, "run", 0), checks, next);
    ResultRow result = result_of(CheckedRow(statement, "result", 0), next);
    run.result = result.result();
    run.session = std::move(result.session);
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<PlannedRun> SqliteReader::plan() const {
  RunChecks checks(datasets());
  std::vector<PlannedRun> plan;
  Statement statement(database_, select_runs<PlannedRun>("") + "ORDER BY run.position");
  while (statement.step()) {
    int next = 0;
    plan.push_back(read_run<PlannedRun>(CheckedRow(statement, "run", 0), checks, next));
  }
  return plan;
}

}  // namespace minima::store
