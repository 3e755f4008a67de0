// Records and reads labels of datasets, predictions of runs and outcomes of variants.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "record/predictions.h"
#include "store/database/sqlite_database.h"

namespace minima::store {

/// What the database records about a dataset's images. Reading checks it, because a store may come
/// from an untrusted source.
struct LabelledImages {
  std::string name;
  int classes = 0;
  std::size_t test = 0;        ///< images
  std::size_t validation = 0;  ///< images
  std::optional<record::DatasetLabels> labels;
};

/// The recorded accuracies of a network on both splits; NaN: not recorded.
struct RecordedAccuracies {
  double test = 0.0;
  double validation = 0.0;
};

/// The outcomes of a run, relative to which those of its variants are stored.
struct OutcomeBase {
  std::int64_t run = 0;                    ///< row of the run
  const LabelledImages* images = nullptr;  ///< valid until labels are inserted
  record::VariantOutcomes outcomes = {};   ///< of the run; empty: predictions were not recorded
};

/// The tables of per-image results. Rows are identified by the row ids of `dataset`, `run` and
/// `variant`. Decoding throws an input error that names file, table and run if the bytes do not fit
/// the dataset or contradict the recorded accuracy.
class PredictionTables {
 public:
  explicit PredictionTables(const Database& database) : database_(database) {}

  /// Keeps existing labels, because the labels of a dataset do not change.
  void insert_labels(std::int64_t dataset, const record::DatasetLabels& labels);
  /// Inserts the predictions of a run; its dataset must have labels. Throws std::logic_error if the
  /// number of images differs. Existing outcomes of the run's variants are rewritten relative to
  /// these predictions.
  void insert(std::int64_t run, const record::RunPredictions& predictions);
  /// Throws like the overload for a run.
  void insert(std::int64_t variant, const record::VariantOutcomes& outcomes,
              const OutcomeBase& base);

  /// Returns nullopt if the dataset is unknown or has no labels.
  [[nodiscard]] std::optional<record::DatasetLabels> labels(const std::string& dataset) const;
  /// Empty if the run has no predictions.
  [[nodiscard]] record::RunPredictions predictions(std::int64_t run) const;
  /// Visits all runs with predictions, in plan order.
  void for_each_run(
      const std::function<void(const std::string&, record::RunPredictions&&)>& on_run) const;

  [[nodiscard]] OutcomeBase base_of(std::int64_t run) const;
  /// Decodes a row in which the two splits of `variant_outcome` start at `column`.
  [[nodiscard]] record::VariantOutcomes decoded(const Statement& row, int column,
                                                const OutcomeBase& base,
                                                const RecordedAccuracies& accuracies) const;

 private:
  [[nodiscard]] const LabelledImages& images(std::int64_t dataset) const;
  [[nodiscard]] const LabelledImages& images_of_run(std::int64_t run) const;
  [[nodiscard]] Error damaged(const std::string& table, std::int64_t run,
                              const std::string& misfit = "the images of its dataset") const;
  /// `outcomes`: decoded from `table`.
  void check(const record::VariantOutcomes& outcomes, const RecordedAccuracies& accuracies,
             const std::string& table, std::int64_t run) const;
  /// Outcomes of all variants of a run without predictions, with the rows of the variants.
  [[nodiscard]] std::vector<std::pair<std::int64_t, record::VariantOutcomes>> outcomes_without_base(
      std::int64_t run) const;
  /// Decodes a row in which both splits and both accuracies start at `column`.
  [[nodiscard]] record::RunPredictions decoded_run(const Statement& row, int column,
                                                   std::int64_t run,
                                                   const LabelledImages& known) const;

  const Database& database_;
  mutable std::map<std::int64_t, LabelledImages> images_;  // key: row of the dataset
};

}  // namespace minima::store
