// Labels of datasets, predictions of runs and outcomes of variants: recording and reading them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "store/predictions.h"
#include "store/sqlite_database.h"

namespace minima::store {

/// What the database says of a dataset's images. Reading checks it: a store may come from anywhere.
struct LabelledImages {
  std::string name;
  int classes = 0;
  std::size_t test = 0;        ///< images
  std::size_t validation = 0;  ///< images
  std::optional<DatasetLabels> labels;
};

/// What the database says of how a network does on both splits; NaN: nothing.
struct RecordedAccuracies {
  double test = 0.0;
  double validation = 0.0;
};

/// What the outcomes of a run's variants are recorded relative to.
struct OutcomeBase {
  std::int64_t run = 0;                    ///< its row
  const LabelledImages* images = nullptr;  ///< until labels are inserted
  VariantOutcomes outcomes = {};           ///< of the run; empty: it has no predictions
};

/// The tables of single images. Rows are those of `dataset`, `run` and `variant`. Decoding throws
/// an input error that names file, table and run where bytes do not fit the dataset, or do not
/// count to the recorded accuracy.
class PredictionTables {
 public:
  explicit PredictionTables(const Database& database) : database_(database) {}

  /// Keeps what is there already: the labels of a dataset do not change.
  void insert_labels(std::int64_t dataset, const DatasetLabels& labels);
  /// Of a run on a dataset with labels. Throws std::logic_error for other numbers of images.
  /// Outcomes of its variants that are there already are recorded again, relative to these.
  void insert(std::int64_t run, const RunPredictions& predictions);
  /// Throws as that of a run.
  void insert(std::int64_t variant, const VariantOutcomes& outcomes, const OutcomeBase& base);

  /// Nothing for a dataset that is not there, or has no labels.
  [[nodiscard]] std::optional<DatasetLabels> labels(const std::string& dataset) const;
  /// Empty for a run without predictions.
  [[nodiscard]] RunPredictions predictions(std::int64_t run) const;
  /// Of all runs that have any, in the order of the plan.
  void for_each_run(const std::function<void(const std::string&, RunPredictions&&)>& on_run) const;

  [[nodiscard]] OutcomeBase base_of(std::int64_t run) const;
  /// Of a row whose columns from `column` on are the two splits of `variant_outcome`.
  [[nodiscard]] VariantOutcomes decoded(const Statement& row, int column, const OutcomeBase& base,
                                        const RecordedAccuracies& accuracies) const;

 private:
  [[nodiscard]] const LabelledImages& images(std::int64_t dataset) const;
  [[nodiscard]] const LabelledImages& images_of_run(std::int64_t run) const;
  [[nodiscard]] Error damaged(const std::string& table, std::int64_t run,
                              const std::string& misfit = "the images of its dataset") const;
  /// `outcomes`: those that were decoded from `table`.
  void check(const VariantOutcomes& outcomes, const RecordedAccuracies& accuracies,
             const std::string& table, std::int64_t run) const;
  /// Outcomes of all variants of a run without predictions, by row of the variant.
  [[nodiscard]] std::vector<std::pair<std::int64_t, VariantOutcomes>> outcomes_without_base(
      std::int64_t run) const;
  /// Of a row whose columns from `column` on are both splits and both accuracies.
  [[nodiscard]] RunPredictions decoded_run(const Statement& row, int column, std::int64_t run,
                                           const LabelledImages& known) const;

  const Database& database_;
  mutable std::map<std::int64_t, LabelledImages> images_;  // by row of the dataset
};

}  // namespace minima::store
