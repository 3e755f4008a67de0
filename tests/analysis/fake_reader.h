// A store built by hand.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace minima::analysis {

class FakeReader : public store::Reader {
 public:
  /// A dataset of ten equal classes and 1000 test images.
  void add_dataset(const std::string& name, double majority_share = 0.1,
                   std::int64_t validation_count = 0) {
    datasets_.push_back({.name = name,
                         .problem = {{1, 8, 8}, 10},
                         .train_count = 5000,
                         .test_count = 1000,
                         .validation_count = validation_count,
                         .majority_share = majority_share});
  }

  void add_run(const std::string& dataset, const std::string& architecture, std::int64_t parameters,
               record::RunStatus status, double accuracy = 0.0, double seconds = 2.0,
               double validation_accuracy = std::numeric_limits<double>::quiet_NaN()) {
    record::RunRow row;
    row.id = std::to_string(rows_.size());
    row.dataset = dataset;
    row.family = network::Family::dnn;
    row.architecture = architecture;
    row.parameters = parameters;
    row.result.status = status;
    row.result.test_accuracy = accuracy;
    row.result.validation_accuracy = validation_accuracy;
    row.result.seconds = seconds;
    rows_.push_back(std::move(row));
  }
  void add_finished(const std::string& dataset, const std::string& architecture,
                    std::int64_t parameters, const std::vector<double>& accuracies) {
    for (const double accuracy : accuracies) {
      add_run(dataset, architecture, parameters, record::RunStatus::finished, accuracy);
    }
  }

  [[nodiscard]] store::StoreSize size() const override { return {}; }
  [[nodiscard]] record::StudyRecord study() const override { return {.name = "by hand"}; }
  [[nodiscard]] std::vector<record::DatasetRecord> datasets() const override { return datasets_; }
  [[nodiscard]] std::vector<record::SessionRecord> sessions() const override { return {}; }
  [[nodiscard]] std::vector<record::BackendUse> backends() const override { return {}; }
  [[nodiscard]] std::vector<record::RunRow> runs() const override { return rows_; }
  [[nodiscard]] std::vector<record::EpochRecord> history(const std::string&) const override {
    return {};
  }
  void histories(const std::function<void(const std::string&, record::EpochRecord&&)>& on_epoch)
      const override {
    for (const record::RunRow& row : rows_) {
      for (record::EpochRecord epoch : row.result.history) on_epoch(row.id, std::move(epoch));
    }
  }
  void weight_summaries(
      const std::function<void(const std::string&, record::WeightSummary&&)>&) const override {}
  [[nodiscard]] std::vector<record::VariantRow> variants() const override { return {}; }
  [[nodiscard]] std::optional<record::DatasetLabels> labels(const std::string&) const override {
    return std::nullopt;
  }
  void predictions(
      const std::function<void(const std::string&, record::RunPredictions&&)>&) const override {}
  void outcomes(const std::function<void(const std::string&, const record::Variant&,
                                         record::VariantOutcomes&&)>&) const override {}
  [[nodiscard]] std::vector<record::CompressionTask> recorded_tasks() const override { return {}; }
  [[nodiscard]] std::vector<record::CompressionTask> tasks_before(int) const override { return {}; }
  [[nodiscard]] std::vector<std::string> lacks() const override { return {}; }
  [[nodiscard]] std::string changed_values() const override { return ""; }
  [[nodiscard]] std::vector<std::string> table_names() const override { return {}; }
  void table(const std::string&, const std::function<void(const std::vector<std::string>&)>&,
             const std::function<void(const std::vector<record::Cell>&)>&) const override {}
  [[nodiscard]] std::vector<StoredTensor> weights(const std::string&) const override { return {}; }
  [[nodiscard]] std::vector<std::string> runs_with_weights() const override { return {}; }

 private:
  std::vector<record::DatasetRecord> datasets_;
  std::vector<record::RunRow> rows_;
};

}  // namespace minima::analysis
