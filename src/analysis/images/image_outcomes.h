// Analysis by single test image: accuracies with intervals over replicates and images, per-class
// accuracies, agreement of replicates, and compressed networks compared with their runs.
// docs/predictions.md has the definitions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/images/class_outcomes.h"
#include "analysis/images/paired_outcomes.h"
#include "analysis/population/population.h"
#include "record/analysis.h"
#include "record/predictions.h"
#include "record/variant.h"
#include "statistics/estimates/accuracy_interval.h"
#include "statistics/estimates/training_spread.h"
#include "statistics/tests/agreement.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// The per-image records of a store; the functions are those of store::Reader. Each may be empty.
struct OutcomeSource {
  using OnRun = std::function<void(const std::string& run_id, record::RunPredictions&&)>;
  using OnVariant = std::function<void(const std::string& run_id, const record::Variant& which,
                                       record::VariantOutcomes&&)>;
  std::function<std::optional<record::DatasetLabels>(const std::string& dataset)> labels;
  std::function<void(const OnRun&)> predictions;   ///< in the order of the plan
  std::function<void(const OnVariant&)> outcomes;  ///< in the order of the plan
};

/// Reads from a store, which must outlive the result.
[[nodiscard]] OutcomeSource outcomes_in(const store::Reader& store);

/// Results of one network on the test images.
struct RunOutcomes {
  std::size_t run = 0;  ///< index into Population::runs
  double accuracy = 0.0;
  double balanced = 0.0;
  std::size_t worst = 0;  ///< the class with the lowest accuracy
  double worst_accuracy = 0.0;
  TopClass top = {};
  bool constant = false;  ///< predicts a single class (setting constant_prediction)
};

/// One compression method, applied to the runs of an architecture.
struct CompressedOutcomes {
  std::string pruning;
  double sparsity_asked = 0.0;
  std::string quantization;
  study::ValueFormat format;
  std::string tensor;
  PairedLoss loss;
};

/// One architecture on one dataset. As in all analyses, a diverged run counts as predicting the
/// most frequent class for every image.
struct ArchitectureOutcomes {
  network::Family family = network::Family::dnn;
  std::string architecture;
  std::int64_t parameters = 0;
  std::int64_t runs = 0;  ///< recorded
  std::int64_t diverged = 0;
  /// Whether all finished runs have predictions. If not, intervals use accuracies alone and
  /// per-image results are absent.
  bool per_image = false;
  AccuracyInterval test;
  std::optional<AccuracyInterval> validation;
  /// Mean test accuracy of the best architecture minus that of this one; empty for the best.
  std::optional<AccuracyDifference> below_best;

  std::optional<TrainingSpread> spread;  ///< needs two runs, as does agreement
  ClassAccuracies classes;
  /// If a dataset needs more than kMostConfusionCells, only the best and the smallest have one.
  std::optional<Confusion> confusion;
  std::optional<Agreement> agreement;  ///< among runs that did not diverge
  std::vector<RunOutcomes> outcomes;   ///< one per run that did not diverge
  std::vector<CompressedOutcomes> compressed;
};

inline constexpr std::size_t kMostConfusionCells = 1'000'000;

/// A tolerance setting, and the smallest difference that the dataset's test images can resolve.
struct SettingResolution {
  std::string setting;  ///< "accuracy_tolerance"
  double tolerance = 0.0;
  double resolution = 0.0;
  std::optional<Unresolved> unresolved;
};

struct DatasetOutcomes {
  std::string dataset;
  std::int64_t images = 0;  ///< test images
  std::vector<std::string> class_names;
  std::vector<ArchitectureOutcomes> architectures = {};  ///< by parameters, then by name
  /// Largest mean accuracy on the selection images; on ties the smaller one.
  std::optional<std::size_t> best = {};
  /// Fewest parameters within accuracy_tolerance of the best.
  std::optional<std::size_t> smallest = {};
  std::vector<SettingResolution> resolutions = {};  ///< at the accuracy of the best architecture

  /// Null if the architecture has none.
  [[nodiscard]] const ArchitectureOutcomes* find(const std::string& architecture) const;
  /// The number of the class if it has no name.
  [[nodiscard]] std::string class_name(std::size_t label) const;
};

struct ImageOutcomes {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;              ///< recorded
  std::int64_t with_predictions = 0;  ///< recorded runs that have predictions
  std::int64_t finished = 0;          ///< recorded runs that did not diverge
  std::vector<DatasetOutcomes> datasets = {};

  /// Null if the architecture has none.
  [[nodiscard]] const ArchitectureOutcomes* find(const std::string& dataset,
                                                 const std::string& architecture) const;
};

/// Reads predictions twice and outcomes once, run by run. If the runs of an architecture are
/// consecutive in the plan, memory holds the predictions of one architecture and sums over its
/// variants. It also holds one bit per test image for every run that has variants.
[[nodiscard]] ImageOutcomes image_outcomes_of(const Population& population,
                                              const OutcomeSource& source,
                                              const study::AnalysisSettings& settings);

/// The record to store: the analysis `predictions`, with the tables that docs/store.md describes.
/// Empty tables are left out.
[[nodiscard]] record::AnalysisRecord record_of(const ImageOutcomes& outcomes,
                                               const Population& population,
                                               const std::string& program_version);

}  // namespace minima::analysis
