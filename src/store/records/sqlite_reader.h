#pragma once

#include "store/database/sqlite_database.h"
#include "store/database/sqlite_open.h"
#include "store/records/sqlite_stored_weights.h"
#include "store/records/sqlite_writer.h"
#include "store/store.h"

namespace minima::store {

class SqliteReader : public Reader {
 public:
  /// `integrity` unchecked: for examining damaged stores.
  explicit SqliteReader(std::filesystem::path directory, Integrity integrity = Integrity::checked);

  [[nodiscard]] StoreSize size() const override;
  [[nodiscard]] record::StudyRecord study() const override;
  [[nodiscard]] std::vector<record::DatasetRecord> datasets() const override;
  [[nodiscard]] std::vector<record::SessionRecord> sessions() const override;
  [[nodiscard]] std::vector<record::BackendUse> backends() const override;
  [[nodiscard]] std::vector<record::RunRow> runs() const override;
  [[nodiscard]] std::vector<record::EpochRecord> history(const std::string& run_id) const override;
  void histories(const std::function<void(const std::string&, record::EpochRecord&&)>& on_epoch)
      const override;
  void weight_summaries(const std::function<void(const std::string&, record::WeightSummary&&)>&
                            on_summary) const override;
  [[nodiscard]] std::vector<record::VariantRow> variants() const override;
  [[nodiscard]] std::optional<record::DatasetLabels> labels(
      const std::string& dataset) const override;
  void predictions(const std::function<void(const std::string&, record::RunPredictions&&)>& on_run)
      const override;
  void outcomes(const std::function<void(const std::string&, const record::Variant&,
                                         record::VariantOutcomes&&)>& on_variant) const override;
  [[nodiscard]] std::vector<record::CompressionTask> recorded_tasks() const override;
  [[nodiscard]] std::vector<record::CompressionTask> tasks_before(int schema) const override;
  [[nodiscard]] std::vector<std::string> lacks() const override;
  [[nodiscard]] std::string changed_values() const override;
  [[nodiscard]] std::vector<std::string> table_names() const override;
  void table(const std::string& name,
             const std::function<void(const std::vector<std::string>&)>& on_columns,
             const std::function<void(const std::vector<record::Cell>&)>& on_row) const override;
  [[nodiscard]] std::vector<StoredTensor> weights(const std::string& run_id) const override;
  [[nodiscard]] std::vector<std::string> runs_with_weights() const override;

  /// In plan order.
  [[nodiscard]] std::vector<PlannedRun> plan() const;

  /// The summaries of one run, like RunResult::weights.
  [[nodiscard]] std::vector<record::WeightSummary> weight_summaries(
      const std::string& run_id) const;

  /// The predictions of one run; empty if none were recorded.
  [[nodiscard]] record::RunPredictions predictions(const std::string& run_id) const;

  /// The outcomes of the variants of one run, like the overload for all runs.
  void outcomes(const std::string& run_id,
                const std::function<void(const std::string&, const record::Variant&,
                                         record::VariantOutcomes&&)>& on_variant) const;

  /// For `minima doctor`, which examines the tables directly.
  [[nodiscard]] const Database& database() const { return database_; }
  [[nodiscard]] const StoredWeights& stored_weights() const { return weights_; }

  /// Visits tasks in the order in which they were recorded. Only the variants of one task are in
  /// memory at a time.
  void compressions(const std::function<void(RecordedTask&&)>& on_task) const;

 private:
  void read_outcomes(Statement& statement,
                     const std::function<void(const std::string&, const record::Variant&,
                                              record::VariantOutcomes&&)>& on_variant) const;

  std::filesystem::path directory_;
  Database database_;
  PredictionTables images_;
  StoredWeights weights_;
};

}  // namespace minima::store
