// What single test images say: accuracies with intervals that cover replicates and images, classes,
// agreement of replicates, and compressed networks against their runs. docs/predictions.md defines
// everything here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/images/class_outcomes.h"
#include "analysis/images/paired_outcomes.h"
#include "analysis/population/population.h"
#include "statistics/accuracy_interval.h"
#include "statistics/agreement.h"
#include "statistics/training_spread.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// What a store has of single images; the functions are those of store::Reader. All may be empty.
struct OutcomeSource {
  using OnRun = std::function<void(const std::string& run_id, store::RunPredictions&&)>;
  using OnVariant = std::function<void(const std::string& run_id, const store::Variant& which,
                                       store::VariantOutcomes&&)>;
  std::function<std::optional<store::DatasetLabels>(const std::string& dataset)> labels;
  std::function<void(const OnRun&)> predictions;   ///< in the order of the plan
  std::function<void(const OnVariant&)> outcomes;  ///< likewise
};

/// Of a store, which must outlive the result.
[[nodiscard]] OutcomeSource outcomes_in(const store::Reader& store);

/// One network on the test images.
struct RunOutcomes {
  std::size_t run = 0;  ///< index into Population::runs
  double accuracy = 0.0;
  double balanced = 0.0;
  std::size_t worst = 0;  ///< the class of the lowest accuracy
  double worst_accuracy = 0.0;
  TopClass top = {};
  bool constant = false;  ///< answers with one class (setting constant_prediction)
};

/// One way of compression, applied to the runs of an architecture.
struct CompressedOutcomes {
  std::string pruning;
  double sparsity_asked = 0.0;
  std::string quantization;
  std::string format;
  std::string tensor;
  PairedLoss loss;
};

/// One architecture on one dataset. A run that diverged counts as always answering with the most
/// frequent class, as everywhere.
struct ArchitectureOutcomes {
  std::string family;
  std::string architecture;
  std::int64_t parameters = 0;
  std::int64_t runs = 0;  ///< recorded
  std::int64_t diverged = 0;
  /// Whether all finished runs have predictions. Without, intervals rest on accuracies alone, and
  /// what needs single images is absent.
  bool per_image = false;
  AccuracyInterval test;
  std::optional<AccuracyInterval> validation;
  /// Mean test accuracy of the best architecture minus that of this one; nothing for the best.
  std::optional<AccuracyDifference> below_best;

  std::optional<TrainingSpread> spread;  ///< from two runs on, like agreement
  ClassAccuracies classes;
  /// Left out where a dataset would need more than kMostConfusionCells, but for best and smallest.
  std::optional<Confusion> confusion;
  std::optional<Agreement> agreement;  ///< of the runs that did not diverge
  std::vector<RunOutcomes> outcomes;   ///< of the runs that did not diverge
  std::vector<CompressedOutcomes> compressed;
};

inline constexpr std::size_t kMostConfusionCells = 1'000'000;

/// A tolerance of the analyses beside what the test images of a dataset can resolve.
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
  std::vector<ArchitectureOutcomes> architectures = {};  ///< by parameters, then by text
  std::optional<std::size_t> best = {};  ///< largest mean accuracy on the images that choose;
                                         ///< the smaller one of equals
  std::optional<std::size_t> smallest =
      {};  ///< fewest parameters within accuracy_tolerance of the best
  std::vector<SettingResolution> resolutions = {};  ///< at the accuracy of the best

  /// Nothing if there is no such architecture.
  [[nodiscard]] const ArchitectureOutcomes* find(const std::string& architecture) const;
};

struct ImageOutcomes {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;              ///< recorded
  std::int64_t with_predictions = 0;  ///< of them
  std::int64_t finished = 0;          ///< of them, those that did not diverge
  std::vector<DatasetOutcomes> datasets = {};

  /// Nothing if there is no such architecture.
  [[nodiscard]] const ArchitectureOutcomes* find(const std::string& dataset,
                                                 const std::string& architecture) const;
};

/// Reads predictions twice and outcomes once, run by run. In memory at a time: the predictions of
/// one architecture and sums over its variants, while the runs of an architecture follow each other
/// in the plan; and one bit per test image of every run that has variants.
[[nodiscard]] ImageOutcomes image_outcomes_of(const Population& population,
                                              const OutcomeSource& source,
                                              const study::AnalysisSettings& settings);

/// As a store keeps it: the analysis `predictions`, with the tables that docs/store.md describes; a
/// table without rows is left out.
[[nodiscard]] store::AnalysisRecord record_of(const ImageOutcomes& outcomes,
                                              const Population& population,
                                              const std::string& program_version);

}  // namespace minima::analysis
