#pragma once

#include <mutex>

#include "store/created_folder.h"
#include "store/lock.h"
#include "store/sqlite_database.h"
#include "store/sqlite_predictions.h"
#include "store/sqlite_weights.h"
#include "store/store.h"

namespace minima::store {

/// A row of the plan: what a store knows about a run before training.
struct PlannedRun {
  std::string id;
  std::string dataset;
  network::Family family = network::Family::dnn;
  std::string architecture;
  std::int64_t parameters = 0;
  int replicate = 0;
  std::uint64_t seed = 0;
  std::string train;  ///< canonical text
};

/// A compression task with everything that was recorded for it, including outcomes.
struct RecordedTask {
  CompressionTask task;
  double seconds = 0.0;
  int schema = 0;       ///< schema version of the program that recorded it
  std::string session;  ///< id of the session that recorded it; empty: not recorded
  std::vector<Variant> variants;
};

/// Drops the tables of an analysis, or the labels of runs (kLabels). Both can be computed again.
void forget_analysis(const Database& database, const std::string& name);

class SqliteWriter : public Writer {
 public:
  SqliteWriter(std::filesystem::path directory, const WriterOptions& options);
  ~SqliteWriter() override;

  void begin(const StudyRecord& study, std::span<const DatasetRecord> datasets,
             std::span<const study::Run> plan) override;
  [[nodiscard]] std::vector<std::string> recorded() const override;
  void record(const study::Run& run, const study::RunResult& result,
              std::span<const NamedTensor> weights) override;
  [[nodiscard]] std::vector<CompressionTask> recorded_tasks() const override;
  [[nodiscard]] std::vector<CompressionTask> tasks_before(int schema) const override;
  void record(const CompressionTask& task, std::span<const Variant> variants,
              double seconds) override;
  void keep(const AnalysisRecord& analysis) override;
  void keep(const SessionRecord& session) override;
  void seal() override;

  /// Like `begin` and `record`, for a merge, which has rows instead of runs.
  void begin_rows(const StudyRecord& study, std::span<const DatasetRecord> datasets,
                  std::span<const PlannedRun> plan);
  void record_row(const RunRow& row, std::span<const NamedTensor> weights);
  /// Ids of recorded runs that have no predictions.
  [[nodiscard]] std::vector<std::string> without_predictions() const;
  /// Adds predictions from another store to a recorded run without predictions. Does nothing if the
  /// accuracies differ from those recorded here, because then they belong to another network.
  void add_predictions(const std::string& run_id, const study::RunResult& result);
  /// If the task is already recorded, only adds outcomes, to variants without them.
  void record_task(const RecordedTask& recorded);
  /// Like `keep`, for a session of another store.
  void copy_session(const SessionRecord& session);

 private:
  struct Recording;

  void store_study(const StudyRecord& study);
  void store_dataset(const DatasetRecord& dataset);
  void update_notes(std::int64_t row, const DatasetRecord& dataset);
  void store_plan(std::span<const PlannedRun> plan);
  void record_locked(const std::string& run_id, const study::RunResult& result,
                     const std::string& session, std::span<const NamedTensor> weights);
  void record_locked(const RecordedTask& recorded);
  void insert_result(std::int64_t row, const study::RunResult& result, const std::string& session);

  CreatedFolder created_;
  std::filesystem::path directory_;
  mutable std::mutex mutex_;
  Lock lock_;
  Database database_;
  PredictionTables images_;
  std::unique_ptr<Recording> recording_;  // prepared statements, reused for every run
  std::unique_ptr<Weights> weights_;
  bool keeps_weights_ = true;
  std::string session_;  // id of the session that records; empty: none
};

}  // namespace minima::store
