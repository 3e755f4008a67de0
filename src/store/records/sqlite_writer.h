#pragma once

#include <mutex>

#include "store/database/created_folder.h"
#include "store/database/sqlite_database.h"
#include "store/files/lock.h"
#include "store/records/sqlite_predictions.h"
#include "store/records/sqlite_weights.h"
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
  record::CompressionTask task;
  double seconds = 0.0;
  int schema = 0;       ///< schema version of the program that recorded it
  std::string session;  ///< id of the session that recorded it; empty: not recorded
  std::vector<record::Variant> variants;
};

/// Drops the tables of an analysis, or the labels of runs (kLabels). Both can be computed again.
void forget_analysis(const Database& database, const std::string& name);

class SqliteWriter : public Writer {
 public:
  SqliteWriter(std::filesystem::path directory, const WriterOptions& options);
  ~SqliteWriter() override;

  void begin(const record::StudyRecord& study, std::span<const record::DatasetRecord> datasets,
             std::span<const study::Run> plan) override;
  [[nodiscard]] std::vector<std::string> recorded() const override;
  void record(const study::Run& run, const record::RunResult& result,
              std::span<const NamedTensor> weights) override;
  void add_weights(const std::string& run_id, std::span<const NamedTensor> weights) override;
  void record(const record::CompressionTask& task, std::span<const record::Variant> variants,
              double seconds) override;
  void keep(const record::AnalysisRecord& analysis) override;
  void keep(const record::SessionRecord& session) override;
  void seal() override;

  /// Like `begin` and `record`, for a merge, which has rows instead of runs.
  void begin_rows(const record::StudyRecord& study, std::span<const record::DatasetRecord> datasets,
                  std::span<const PlannedRun> plan);
  void record_row(const record::RunRow& row, std::span<const NamedTensor> weights);
  /// Ids of recorded runs that have no predictions.
  [[nodiscard]] std::vector<std::string> without_predictions() const;
  /// Adds predictions from another store to a recorded run without predictions. Does nothing if the
  /// accuracies differ from those recorded here, because then they belong to another network.
  void add_predictions(const std::string& run_id, const record::RunResult& result);
  /// If the task is already recorded, only adds outcomes, to variants without them.
  void record_task(const RecordedTask& recorded);
  /// Like `keep`, for a session of another store.
  void copy_session(const record::SessionRecord& session);

 private:
  struct Recording;

  /// `runs`: number of runs of the study.
  void store_study(const record::StudyRecord& study, std::size_t runs);
  void store_dataset(const record::DatasetRecord& dataset);
  void update_notes(std::int64_t row, const record::DatasetRecord& dataset);
  void store_plan(std::span<const PlannedRun> plan);
  void record_locked(const std::string& run_id, const record::RunResult& result,
                     const std::string& session, std::span<const NamedTensor> weights);
  void record_locked(const RecordedTask& recorded);
  void insert_result(std::int64_t row, const record::RunResult& result, const std::string& session);

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
