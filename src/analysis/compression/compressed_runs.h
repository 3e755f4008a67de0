// The runs whose compressed networks are analysed, and these networks grouped by compression.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/population/population.h"
#include "record/run_row.h"
#include "record/variant.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// A run and some networks made from it. Both belong to a Population.
struct CompressedRun {
  const record::RunRow* run = nullptr;
  std::vector<const record::Variant*> variants;
};

/// The runs of one family on one dataset that learned (all but not_converged in diagnosis.h): a
/// network that only guesses has no accuracy left to lose.
struct CompressedFamily {
  std::string dataset;
  network::Family family = network::Family::dnn;
  double majority_share = 0.0;      ///< fraction of the majority class of the test images
  double least_error = 0.0;         ///< error of half a test image
  double test_count = 1.0;          ///< test images
  std::vector<CompressedRun> runs;  ///< in the order of the plan; some may have no variants
  /// Runs that reached settings.stable_skill of the dataset's best skill, in an architecture most
  /// of whose runs did. Such an architecture is called stable.
  std::set<const record::RunRow*> stable;

  [[nodiscard]] bool has_variants() const;
  /// Test accuracy. If it is not a number, as for a diverged run: the fraction of the majority
  /// class.
  [[nodiscard]] double accuracy_of(const record::Variant& variant) const;
  /// The skill that a network lost, as a fraction of the skill of the run it was made from. Skill
  /// is accuracy minus the fraction of the majority class. Negative if the network gained.
  [[nodiscard]] double skill_loss(const record::RunRow& run, const record::Variant& variant) const;
};

/// Sorted by dataset in the order of the store, then by family alphabetically; only families with a
/// run that learned. Variants of runs missing from the population are left out.
[[nodiscard]] std::vector<CompressedFamily> compressed_runs_of(
    const Population& population, const study::AnalysisSettings& settings);

/// Identifies the networks of one curve: the same compression at increasing strength.
struct CurveKey {
  std::int64_t parameters = 0;  ///< of the trained run
  std::string architecture;
  std::string protocol;
  std::string tensor;  ///< the only compressed tensor; empty: all
  bool operator<(const CurveKey& other) const {
    return std::tie(parameters, architecture, protocol, tensor) <
           std::tie(other.parameters, other.architecture, other.protocol, other.tensor);
  }
};

/// The runs of each curve, each with the variants that belong to it.
using RunsOfCurves = std::map<CurveKey, std::vector<CompressedRun>>;

/// Pruned networks that are not quantized.
[[nodiscard]] RunsOfCurves runs_of_pruning_curves(const CompressedFamily& family);

/// Quantized networks that are not pruned.
[[nodiscard]] RunsOfCurves runs_of_quantization_curves(const CompressedFamily& family);

}  // namespace minima::analysis
