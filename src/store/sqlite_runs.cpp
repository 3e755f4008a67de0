// Reads the study, datasets, planned runs and their results.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "core/error.h"
#include "network/families/lower.h"
#include "store/checked_row.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_schema.h"

namespace minima::store {
namespace {

constexpr int kMostPixels = 1 << 28;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

DatasetRecord dataset_of(const Statement& statement) {
  const CheckedRow row(statement, "dataset", 0);
  DatasetRecord dataset{.name = row.text(0),
                        .problem = {{row.small(1, 1, kMostPixels), row.small(2, 1, kMostPixels),
                                     row.small(3, 1, kMostPixels)},
                                    row.small(4, 1, kMostClasses)},
                        .train_count = row.count(5),
                        .test_count = row.count(6),
                        .validation_count = row.count(10),
                        .majority_share = row.fraction(7),
                        .class_names = row.names(8),
                        .checksum = row.text(9)};
  const ImageShape& image = dataset.problem.image;
  const auto pixels = values_of({image.channels, image.height, image.width});
  if (!pixels || *pixels > kMostPixels) row.refuse("has images larger than any");
  if (std::isnan(dataset.majority_share)) row.refuse(7, "a fraction from 0 to 1");
  if (dataset.class_names.size() > static_cast<std::size_t>(dataset.problem.classes)) {
    row.refuse(fmt::format("has {} names of {} classes", dataset.class_names.size(),
                           dataset.problem.classes));
  }
  return dataset;
}

/// Checks what runs refer to; each pair of architecture and dataset is checked once.
class RunChecks {
 public:
  explicit RunChecks(const std::vector<DatasetRecord>& datasets) {
    for (const DatasetRecord& dataset : datasets) problems_.emplace(dataset.name, dataset.problem);
  }

  /// Columns from 0: run_id, dataset, family, architecture, parameters.
  void check(const CheckedRow& row) {
    if (!is_id(row.text(0))) row.refuse(0, "the id of a run");
    const auto problem = problems_.find(row.text(1));
    if (problem == problems_.end()) row.refuse(1, "a dataset of this store");
    const std::string architecture = row.text(3);
    const auto [known, is_new] = parameters_.try_emplace({problem->first, architecture});
    if (is_new) known->second = counted(architecture, problem->second, row);
    if (row.text(2) != known->second.family) row.refuse(2, "the family of " + architecture);
    if (row.count(4) != known->second.parameters) {
      row.refuse(4, fmt::format("{}, as {} has", known->second.parameters, architecture));
    }
  }

 private:
  struct Counted {
    std::string family;
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
    row.refuse(3, "an architecture for its dataset");
  }

  std::map<std::string, Problem> problems_;
  std::map<std::pair<std::string, std::string>, Counted> parameters_;
};

void check_result(const study::RunResult& result, const CheckedRow& row, int column) {
  if (result.status != study::RunStatus::finished) return;
  if (std::isnan(result.train_accuracy)) row.refuse(column + 3, "a fraction from 0 to 1");
  if (std::isnan(result.test_accuracy)) row.refuse(column + 5, "a fraction from 0 to 1");
}

study::RunResult result_of(const Statement& statement, int column) {
  study::RunResult result;
  if (statement.is_null(column)) return result;
  const CheckedRow row(statement, "result", 0);
  result.status = status_of(row.one_of(column, {"finished", "diverged"}));
  result.epochs = row.small(column + 1);
  result.train_loss = row.figure(column + 2);
  result.train_accuracy = row.fraction(column + 3);
  result.test_loss = row.figure(column + 4);
  result.test_accuracy = row.fraction(column + 5);
  result.diverged_step = row.optional_count(column + 6);
  result.seconds = row.magnitude(column + 7);
  if (!statement.is_null(column + 8)) {
    // The store cannot hold infinity: NULL means that the gradient overflowed.
    const double gradient = statement.is_null(column + 9) ? kInfinity : row.magnitude(column + 9);
    result.last_step = {row.small(column + 8), gradient, row.figure(column + 10)};
  }
  result.validation_accuracy = row.fraction(column + 11);
  check_result(result, row, column);
  return result;
}

}  // namespace

StudyRecord SqliteReader::study() const {
  Statement statement(database_,
                      "SELECT name, text, train, shard, program_version, keep_weights "
                      "FROM study_record");
  if (!statement.step()) throw not_a_store(directory_);
  const CheckedRow row(statement, "study_record");
  return {.name = row.text(0),
          .text = row.text(1),
          .train = row.text(2),
          .shard = row.text(3),
          .program_version = row.text(4),
          .keep_weights = keep_weights_of(row.one_of(5, {"all", "representative", "none"}))};
}

std::vector<DatasetRecord> SqliteReader::datasets() const {
  std::vector<DatasetRecord> datasets;
  Statement row(database_,
                "SELECT name, channels, height, width, classes, train_count, test_count, "
                "majority_share, class_names, checksum, validation_count FROM dataset ORDER BY id");
  while (row.step()) datasets.push_back(dataset_of(row));
  return datasets;
}

std::vector<RunRow> SqliteReader::runs() const {
  RunChecks checks(datasets());
  std::vector<RunRow> runs;
  Statement statement(
      database_,
      "SELECT run.run_id, dataset.name, run.family, run.architecture, run.parameters, "
      "run.replicate, result.status, result.epochs, result.train_loss, "
      "result.train_accuracy, result.test_loss, result.test_accuracy, "
      "result.diverged_step, result.seconds, result.last_layer, result.last_gradient, "
      "result.last_loss, result.validation_accuracy, run.position "
      "FROM run CROSS JOIN dataset ON dataset.id = run.dataset "
      "LEFT JOIN result ON result.run = run.id ORDER BY run.position");
  while (statement.step()) {
    const CheckedRow row(statement, "run", 0);
    checks.check(row);
    static_cast<void>(row.count(18));  // checked because it determines the order
    runs.push_back({.id = row.text(0),
                    .dataset = row.text(1),
                    .family = row.text(2),
                    .architecture = row.text(3),
                    .parameters = row.count(4),
                    .replicate = row.small(5),
                    .result = result_of(statement, 6)});
  }
  return runs;
}

std::vector<PlannedRun> SqliteReader::plan() const {
  RunChecks checks(datasets());
  std::vector<PlannedRun> plan;
  Statement statement(
      database_,
      "SELECT run.run_id, dataset.name, run.family, run.architecture, run.parameters, "
      "run.replicate, run.seed, run.train "
      "FROM run CROSS JOIN dataset ON dataset.id = run.dataset ORDER BY run.position");
  while (statement.step()) {
    const CheckedRow row(statement, "run", 0);
    checks.check(row);
    constexpr auto kLimits = std::numeric_limits<std::int64_t>();
    plan.push_back(
        {.id = row.text(0),
         .dataset = row.text(1),
         .family = row.text(2),
         .architecture = row.text(3),
         .parameters = row.count(4),
         .replicate = row.small(5),
         .seed = static_cast<std::uint64_t>(row.integer(6, kLimits.min(), kLimits.max())),
         .train = row.text(7)});
  }
  return plan;
}

}  // namespace minima::store
