#include "store/records/sqlite_writer.h"

#include <fmt/format.h>

#include <cerrno>
#include <map>
#include <stdexcept>

#include "core/error.h"
#include "core/text.h"
#include "network/families/lower.h"
#include "store/database/sqlite_open.h"
#include "store/database/sqlite_schema.h"
#include "store/database/store_files.h"
#include "store/records/sqlite_checksums.h"
#include "store/records/sqlite_reader.h"
#include "store/records/sqlite_summaries.h"
#include "store/records/sqlite_tables.h"

namespace minima::store {
namespace {

bool holds_weights(const std::filesystem::path& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".safetensors") return true;
  }
  return false;
}

// Checks the rows that a writer relies on when it resumes, seals weights and chooses those to keep.
void check_rows(const SqliteReader& store) {
  static_cast<void>(store.runs());
  store.stored_weights().check_index();
}

// Creates the directory, and refuses a foreign one before writing anything into it.
std::filesystem::path prepared(std::filesystem::path directory, bool may_create,
                               CreatedFolder& created) {
  std::error_code error;
  if (!may_create && !std::filesystem::exists(directory / kDatabaseName, error)) {
    throw not_a_store(directory);
  }
  if (std::filesystem::exists(directory, error) &&
      !std::filesystem::is_directory(directory, error)) {
    throw input_error({directory.string(), ""}, "is a file, but a store is a folder",
                      "use another --store");
  }
  created.expect(directory);
  std::filesystem::create_directories(directory, error);
  if (error) {
    errno = error.value();
    throw_file_error(directory, "cannot be created");
  }
  check_store_files(directory);
  if (std::filesystem::exists(directory / kDatabaseName, error)) {
    if (!holds_nothing(directory)) {
      check_rows(SqliteReader(directory));
    } else if (!may_create) {
      throw not_a_store(directory);
    }
  } else if (holds_weights(directory)) {
    throw input_error(
        {directory.string(), ""},
        fmt::format("holds weights but no {}, which says whose they are", kDatabaseName),
        "restore it from a copy or use another --store");
  }
  return directory;
}

// Call once the lock is held.
std::filesystem::path owned_database(const std::filesystem::path& directory,
                                     CreatedFolder& created) {
  std::filesystem::path path = directory / kDatabaseName;
  std::error_code error;  // another writer may have created a store meanwhile; leave it alone
  if (!std::filesystem::exists(path, error)) created.own();
  return path;
}

Error other_settings(const std::filesystem::path& directory, const std::string& stored,
                     const std::string& asked, std::size_t runs) {
  return input_error(
      {directory.string(), ""},
      fmt::format(
          "holds runs trained with \"{}\", the study asks for \"{}\"; no training can go on "
          "where it ended, because optimizer states are not kept, so {} would be trained "
          "again",
          printable(stored), printable(asked),
          runs == 1 ? "1 run" : "all " + grouped(static_cast<std::int64_t>(runs)) + " runs"),
      "use another --store to train them, or restore the settings to go on with this store");
}

}  // namespace

struct SqliteWriter::Recording {
  explicit Recording(const Database& database)
      : row(database, "SELECT id FROM run WHERE run_id = ?"),
        has_result(database, "SELECT 1 FROM result WHERE run = ?"),
        has_weights(database, "SELECT 1 FROM weight WHERE run = ?"),
        result(database, insert_into<ResultTable>({"run"})),
        epoch(database, insert_into<EpochTable>({"run"})),
        layer(database, insert_into<LayerTable>({"run", "epoch", "layer"})),
        weights(database) {}

  Statement row;
  Statement has_result;
  Statement has_weights;
  Statement result;
  Statement epoch;
  Statement layer;
  SummaryInsertion weights;
};

SqliteWriter::SqliteWriter(std::filesystem::path directory, const WriterOptions& options)
    : directory_(prepared(std::move(directory), options.may_create, created_)),
      lock_(directory_),
      database_(owned_database(directory_, created_), Database::Access::write),
      images_(database_) {
  database_.execute("PRAGMA journal_mode = WAL");
  database_.execute("PRAGMA synchronous = NORMAL");
  database_.execute("PRAGMA cache_size = -16000");  // 16 MB
  if (check_contents(database_) == Contents::empty) {
    create_schema(database_);
  } else {
    update_schema(database_);
  }
  recording_ = std::make_unique<Recording>(database_);
  weights_ = std::make_unique<Weights>(database_, directory_, options.weights_file_bytes);
  weights_->recover();
  created_.keep();
}

SqliteWriter::~SqliteWriter() {
  try {
    seal();
  } catch (const std::exception&) {
    // The weights stay in their part file, which the next writer seals.
  }
}

// ---- begin -----------------------------------------------------------------------------------

void SqliteWriter::begin(const record::StudyRecord& study,
                         std::span<const record::DatasetRecord> datasets,
                         std::span<const study::Run> plan) {
  std::map<std::string, Problem> problems;
  for (const record::DatasetRecord& dataset : datasets) problems[dataset.name] = dataset.problem;
  std::map<std::pair<std::string, std::string>, std::int64_t> parameters;
  std::vector<PlannedRun> rows;
  rows.reserve(plan.size());
  for (const study::Run& run : plan) {
    const std::string architecture = run.architecture.text();
    const auto problem = problems.find(run.dataset);
    if (problem == problems.end()) {
      throw std::logic_error("a planned run on a dataset that was not given: " + run.dataset);
    }
    const auto [count, is_new] = parameters.try_emplace({run.dataset, architecture});
    if (is_new) count->second = network::graph_of(run.architecture, problem->second).parameters();
    rows.push_back({.id = run.id,
                    .dataset = run.dataset,
                    .family = run.architecture.family(),
                    .architecture = architecture,
                    .parameters = count->second,
                    .replicate = run.replicate,
                    .seed = run.seed,
                    .train = run.train.text()});
  }
  begin_rows(study, datasets, rows);
}

void SqliteWriter::begin_rows(const record::StudyRecord& study,
                              std::span<const record::DatasetRecord> datasets,
                              std::span<const PlannedRun> plan) {
  const std::scoped_lock guard(mutex_);
  Transaction transaction(database_);
  store_study(study, plan.size());
  for (const record::DatasetRecord& dataset : datasets) store_dataset(dataset);
  store_plan(plan);
  keep_checksum(database_, {Part::study, "1"});
  transaction.commit();
  keeps_weights_ = study.keep_weights != study::KeepWeights::none;
}

void SqliteWriter::store_study(const record::StudyRecord& study, std::size_t runs) {
  Statement stored(database_, "SELECT train FROM study_record");
  if (stored.step() && stored.text(0) != study.train) {
    throw other_settings(directory_, stored.text(0), study.train, runs);
  }
  stored.reset();
  constexpr int kOne = 1;  // there is one row
  Statement insert(database_, insert_into<StudyTable>({"one"}, "INSERT OR REPLACE INTO"));
  insert_row<StudyTable>(insert, study, kOne);
}

/// The newest notes count: the program may have learned to notice more.
void SqliteWriter::update_notes(std::int64_t row, const record::DatasetRecord& dataset) {
  if (dataset.notes.empty()) return;
  Statement(database_, "UPDATE dataset SET notes = ?1 WHERE id = ?2 AND notes IS NOT ?1")
      .run(json_names(dataset.notes), row);
}

void SqliteWriter::store_dataset(const record::DatasetRecord& dataset) {
  Statement stored(database_, "SELECT checksum, id FROM dataset WHERE name = ?");
  stored.bind(dataset.name);
  if (stored.step()) {
    if (stored.text(0) == dataset.checksum) {
      ChecksumUpdate update(database_, {Part::dataset, stored.text(1)});
      images_.insert_labels(stored.integer(1), dataset.labels);
      update_notes(stored.integer(1), dataset);
      return update.keep();
    }
    throw input_error({directory_.string(), ""},
                      fmt::format("{} has changed since the runs of this store were trained "
                                  "(checksum {:.12} then, {:.12} now)",
                                  printable(dataset.name), stored.text(0), dataset.checksum),
                      "restore the old data or use another --store");
  }
  Statement insert(database_, insert_into<DatasetTable>({}));
  insert_row<DatasetTable>(insert, dataset);
  const std::int64_t row = database_.integer("SELECT last_insert_rowid()");
  images_.insert_labels(row, dataset.labels);
  keep_checksum(database_, {Part::dataset, std::to_string(row)});
}

void SqliteWriter::store_plan(std::span<const PlannedRun> plan) {
  // Moves runs of an earlier plan behind the new one. Runs in both plans then take the position and
  // the values from the new plan.
  Statement(database_, "UPDATE run SET position = position + ?").run(std::uint64_t{plan.size()});
  std::map<std::string, std::int64_t> dataset_rows;
  Statement datasets(database_, "SELECT name, id FROM dataset");
  while (datasets.step()) dataset_rows[datasets.text(0)] = datasets.integer(1);
  using Runs = RunTable<PlannedRun>;
  std::string update = "position = excluded.position, dataset = excluded.dataset";
  for (const std::string& name : column_names<Runs>()) {
    update += fmt::format(", {0} = excluded.{0}", name);
  }
  Statement insert(database_, insert_into<Runs>({"position", "dataset"}) +
                                  " ON CONFLICT (run_id) DO UPDATE SET " + update);
  int position = 0;
  for (const PlannedRun& run : plan) {
    insert_row<Runs>(insert, run, position++, dataset_rows.at(run.dataset));
  }
}

// ---- record ----------------------------------------------------------------------------------

std::vector<std::string> SqliteWriter::recorded() const {
  const std::scoped_lock guard(mutex_);
  std::vector<std::string> ids;
  Statement runs(database_,
                 "SELECT run.run_id FROM run JOIN result ON result.run = run.id "
                 "ORDER BY run.position");
  while (runs.step()) ids.push_back(runs.text(0));
  return ids;
}

void SqliteWriter::record(const study::Run& run, const record::RunResult& result,
                          std::span<const NamedTensor> weights) {
  const std::scoped_lock guard(mutex_);
  record_locked(run.id, result, session_, weights);
}

void SqliteWriter::record_row(const record::RunRow& row, std::span<const NamedTensor> weights) {
  const std::scoped_lock guard(mutex_);
  record_locked(row.id, row.result, row.session, weights);
}

void SqliteWriter::record_locked(const std::string& run_id, const record::RunResult& result,
                                 const std::string& session, std::span<const NamedTensor> weights) {
  if (result.status == record::RunStatus::planned) {
    throw std::logic_error("a run is recorded when it has finished or diverged: " + run_id);
  }
  const auto row = recording_->row.find(run_id);
  if (!row) throw std::logic_error("a run is recorded that is not in the plan: " + run_id);
  if (recording_->has_result.find(*row)) return;

  // Append values first, so that a committed transaction never refers to missing values.
  std::optional<Weights::Appended> place;
  if (keeps_weights_ && !weights.empty()) place = weights_->append(weights);
  Transaction transaction(database_);
  insert_result(*row, result, session);
  keep_checksum(database_, {Part::run, std::to_string(*row)});
  if (place) weights_->index(*row, weights, *place);
  transaction.commit();
  if (place && weights_->committed(*place)) weights_->seal();
}

void SqliteWriter::add_weights(const std::string& run_id, std::span<const NamedTensor> weights) {
  const std::scoped_lock guard(mutex_);
  const auto row = recording_->row.find(run_id);
  if (!row || !recording_->has_result.find(*row)) {
    throw std::logic_error("weights are added to a run that is not recorded: " + run_id);
  }
  if (weights.empty() || recording_->has_weights.find(*row)) return;
  const Weights::Appended place = weights_->append(weights);
  Transaction transaction(database_);
  weights_->index(*row, weights, place);
  transaction.commit();
  if (weights_->committed(place)) weights_->seal();
}

void SqliteWriter::insert_result(std::int64_t row, const record::RunResult& result,
                                 const std::string& session) {
  insert_row<ResultTable>(recording_->result, ResultRow::of(result, session), row);
  for (const record::EpochRecord& epoch : result.history) {
    insert_row<EpochTable>(recording_->epoch, epoch, row);
    int number = 0;
    for (const record::LayerSignals& layer : epoch.layers) {
      insert_row<LayerTable>(recording_->layer, layer, row, epoch.epoch, ++number);
    }
  }
  for (const record::WeightSummary& summary : result.weights) {
    recording_->weights.insert(row, summary);
  }
  images_.insert(row, result.predictions);
}

std::vector<std::string> SqliteWriter::without_predictions() const {
  const std::scoped_lock guard(mutex_);
  std::vector<std::string> ids;
  Statement runs(database_,
                 "SELECT run.run_id FROM run JOIN result ON result.run = run.id "
                 "WHERE run.id NOT IN (SELECT run FROM run_prediction)");
  while (runs.step()) ids.push_back(runs.text(0));
  return ids;
}

void SqliteWriter::add_predictions(const std::string& run_id, const record::RunResult& result) {
  const std::scoped_lock guard(mutex_);
  Transaction transaction(database_);
  Statement known(database_,
                  "SELECT run.id, result.test_accuracy, result.validation_accuracy "
                  "FROM run JOIN result ON result.run = run.id WHERE run.run_id = ? "
                  "AND run.id NOT IN (SELECT run FROM run_prediction)");
  known.bind(run_id);
  if (!known.step() || !is_same(known.real(1), result.test_accuracy) ||
      !is_same(known.real(2), result.validation_accuracy)) {
    return;
  }
  const std::int64_t row = known.integer(0);
  known.reset();
  ChecksumUpdate of_run(database_, {Part::run, std::to_string(row)});
  // Inserting predictions rewrites the outcomes of the run's variants relative to them.
  ChecksumUpdate of_compression(database_, {Part::compression, std::to_string(row)});
  images_.insert(row, result.predictions);
  of_run.keep();
  of_compression.keep();
  transaction.commit();
}

void SqliteWriter::seal() {
  const std::scoped_lock guard(mutex_);
  weights_->seal();
}

std::unique_ptr<Writer> open_writer(const std::filesystem::path& directory,
                                    const WriterOptions& options) {
  return std::make_unique<SqliteWriter>(directory, options);
}

}  // namespace minima::store
