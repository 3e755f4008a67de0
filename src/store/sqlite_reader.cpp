#include "store/sqlite_reader.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_schema.h"

namespace minima::store {
namespace {

// Reading needs the log's shared memory, which cannot be made on a read-only medium. Where no log
// is left there is nothing in it to miss, and the file can be read as it stands.
Database open_database(const std::filesystem::path& path) {
  std::filesystem::path log = path;
  log += "-wal";
  std::error_code error;
  try {
    Database database(path, Database::Access::read);
    static_cast<void>(check_contents(database));
    return database;
  } catch (const Error&) {
    const bool has_log =
        std::filesystem::exists(log, error) && std::filesystem::file_size(log, error) > 0;
    if (has_log || ::access(path.parent_path().c_str(), W_OK) == 0) throw;
  }
  return {path, Database::Access::immutable};
}

Database open_store(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::exists(directory / kDatabaseName, error)) throw not_a_store(directory);
  Database database = open_database(directory / kDatabaseName);
  if (check_contents(database) == Contents::empty) {
    throw not_a_store(directory);
  }
  if (schema_version(database) == kSchemaVersion) return database;
  // The store itself stays as it is: it may be on a read-only medium, or be written right now.
  Database copy = database.copy();
  update_schema(copy);
  copy.execute("PRAGMA query_only = ON");
  return copy;
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

study::RunResult result_of(const Statement& row, int column) {
  study::RunResult result;
  if (row.is_null(column)) return result;
  result.status = status_of(row.text(column));
  result.epochs = row.small(column + 1);
  result.train_loss = row.real(column + 2);
  result.train_accuracy = row.real(column + 3);
  result.test_loss = row.real(column + 4);
  result.test_accuracy = row.real(column + 5);
  if (!row.is_null(column + 6)) result.diverged_step = row.integer(column + 6);
  result.seconds = row.real(column + 7);
  if (!row.is_null(column + 8)) {
    // The store has no infinity: a gradient that is not there was too large to tell.
    const double gradient = row.is_null(column + 9) ? kInfinity : row.real(column + 9);
    result.last_step = {row.small(column + 8), gradient, row.real(column + 10)};
  }
  result.validation_accuracy = row.real(column + 11);
  return result;
}

constexpr const char* kSelectEpochs =
    "SELECT run, epoch, learning_rate, train_loss, train_accuracy, test_loss, test_accuracy, "
    "predicted_classes, top_class, top_class_share FROM epoch ";
constexpr const char* kSelectLayers =
    "SELECT run, epoch, gradient_norm, units, dead_units FROM layer_signal ";

study::EpochRecord epoch_of(const Statement& row) {
  return {.epoch = row.small(1),
          .learning_rate = row.real(2),
          .train_loss = row.real(3),
          .train_accuracy = row.real(4),
          .test_loss = row.real(5),
          .test_accuracy = row.real(6),
          .predicted_classes = row.small(7),
          .top_class = row.small(8),
          .top_class_share = row.real(9),
          .layers = {}};
}

// Epochs and their layers come from two queries in the same order and are joined on the way.
void read_histories(Statement& epochs, Statement& layers,
                    const std::function<void(std::int64_t, study::EpochRecord&&)>& on_epoch) {
  bool layer_left = layers.step();
  const auto layer_key = [&] { return std::pair(layers.integer(0), layers.integer(1)); };
  while (epochs.step()) {
    study::EpochRecord epoch = epoch_of(epochs);
    const std::pair key(epochs.integer(0), epochs.integer(1));
    for (; layer_left && layer_key() <= key; layer_left = layers.step()) {
      if (layer_key() < key) continue;  // written between the two queries
      epoch.layers.push_back({layers.real(2), layers.small(3), layers.small(4)});
    }
    on_epoch(key.first, std::move(epoch));
  }
}

}  // namespace

SqliteReader::SqliteReader(std::filesystem::path directory)
    : directory_(std::move(directory)),
      database_(open_store(directory_)),
      images_(database_),
      weights_(database_, directory_) {}

StudyRecord SqliteReader::study() const {
  Statement row(database_,
                "SELECT name, text, train, shard, program_version, keep_weights "
                "FROM study_record");
  if (!row.step()) throw not_a_store(directory_);
  return {.name = row.text(0),
          .text = row.text(1),
          .train = row.text(2),
          .shard = row.text(3),
          .program_version = row.text(4),
          .keep_weights = keep_weights_of(row.text(5))};
}

std::vector<DatasetRecord> SqliteReader::datasets() const {
  std::vector<DatasetRecord> datasets;
  Statement row(database_,
                "SELECT name, channels, height, width, classes, train_count, test_count, "
                "majority_share, class_names, checksum, validation_count FROM dataset ORDER BY id");
  while (row.step()) {
    datasets.push_back({.name = row.text(0),
                        .problem = {{row.small(1), row.small(2), row.small(3)}, row.small(4)},
                        .train_count = row.integer(5),
                        .test_count = row.integer(6),
                        .validation_count = row.integer(10),
                        .majority_share = row.real(7),
                        .class_names = parse_names(row.text(8)),
                        .checksum = row.text(9)});
  }
  return datasets;
}

std::vector<RunRow> SqliteReader::runs() const {
  std::vector<RunRow> runs;
  Statement row(database_,
                "SELECT run.run_id, dataset.name, run.family, run.architecture, run.parameters, "
                "run.replicate, result.status, result.epochs, result.train_loss, "
                "result.train_accuracy, result.test_loss, result.test_accuracy, "
                "result.diverged_step, result.seconds, result.last_layer, result.last_gradient, "
                "result.last_loss, result.validation_accuracy "
                "FROM run CROSS JOIN dataset ON dataset.id = run.dataset "
                "LEFT JOIN result ON result.run = run.id ORDER BY run.position");
  while (row.step()) {
    runs.push_back({.id = row.text(0),
                    .dataset = row.text(1),
                    .family = row.text(2),
                    .architecture = row.text(3),
                    .parameters = row.integer(4),
                    .replicate = row.small(5),
                    .result = result_of(row, 6)});
  }
  return runs;
}

std::vector<PlannedRun> SqliteReader::plan() const {
  std::vector<PlannedRun> plan;
  Statement row(database_,
                "SELECT run.run_id, dataset.name, run.family, run.architecture, run.parameters, "
                "run.replicate, run.seed, run.train "
                "FROM run CROSS JOIN dataset ON dataset.id = run.dataset ORDER BY run.position");
  while (row.step()) {
    plan.push_back({.id = row.text(0),
                    .dataset = row.text(1),
                    .family = row.text(2),
                    .architecture = row.text(3),
                    .parameters = row.integer(4),
                    .replicate = row.small(5),
                    .seed = row.size(6),
                    .train = row.text(7)});
  }
  return plan;
}

std::vector<study::EpochRecord> SqliteReader::history(const std::string& run_id) const {
  std::vector<study::EpochRecord> history;
  Statement epoch(database_,
                  std::string(kSelectEpochs) +
                      "WHERE run = (SELECT id FROM run WHERE run_id = ?) ORDER BY epoch");
  epoch.bind(run_id);
  Statement layer(database_, std::string(kSelectLayers) +
                                 "WHERE run = (SELECT id FROM run WHERE run_id = ?) "
                                 "ORDER BY epoch, layer");
  layer.bind(run_id);
  read_histories(epoch, layer, [&](std::int64_t /*run*/, study::EpochRecord&& record) {
    history.push_back(std::move(record));
  });
  return history;
}

void SqliteReader::histories(
    const std::function<void(const std::string&, study::EpochRecord&&)>& on_epoch) const {
  std::map<std::int64_t, std::string> ids;
  Statement run(database_, "SELECT id, run_id FROM run");
  while (run.step()) ids.emplace(run.integer(0), run.text(1));
  Statement epoch(database_, std::string(kSelectEpochs) + "ORDER BY run, epoch");
  Statement layer(database_, std::string(kSelectLayers) + "ORDER BY run, epoch, layer");
  read_histories(epoch, layer, [&](std::int64_t number, study::EpochRecord&& record) {
    if (const auto at = ids.find(number); at != ids.end()) on_epoch(at->second, std::move(record));
  });
}

std::vector<std::string> SqliteReader::table_names() const {
  std::vector<std::string> names;
  Statement row(database_,
                "SELECT name FROM sqlite_master WHERE type = 'view' OR (type = 'table' AND name IN "
                "(SELECT name FROM analysis_table)) ORDER BY rowid");
  while (row.step()) names.push_back(row.text(0));
  return names;
}

void SqliteReader::table(const std::string& name,
                         const std::function<void(const std::vector<std::string>&)>& on_columns,
                         const std::function<void(const std::vector<Cell>&)>& on_row) const {
  const std::vector<std::string> names = table_names();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw input_error({directory_.string(), ""},
                      fmt::format("has no table \"{}\"", printable(name, 80)),
                      suggestion(name, names));
  }
  Statement row(database_, fmt::format("SELECT * FROM \"{}\"", name));
  std::vector<std::string> columns;
  for (int i = 0; i < row.columns(); ++i) columns.push_back(row.column_name(i));
  on_columns(columns);
  std::vector<Cell> cells(columns.size());
  while (row.step()) {
    for (int i = 0; i < row.columns(); ++i) cells[static_cast<std::size_t>(i)] = row.cell(i);
    on_row(cells);
  }
}

std::vector<std::string> SqliteReader::runs_with_weights() const {
  std::vector<std::string> ids;
  Statement rows(database_,
                 "SELECT run_id FROM run WHERE EXISTS (SELECT 1 FROM weight WHERE weight.run = "
                 "run.id) ORDER BY run_id");
  while (rows.step()) ids.push_back(rows.text(0));
  return ids;
}

std::unique_ptr<Reader> open_reader(const std::filesystem::path& directory) {
  return std::make_unique<SqliteReader>(directory);
}

}  // namespace minima::store
