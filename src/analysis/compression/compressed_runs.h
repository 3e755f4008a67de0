// The runs whose compressed networks are looked at, and those networks by what was done to them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/population/population.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// A run and some of the networks that were made of it. Both belong to a Population.
struct CompressedRun {
  const store::RunRow* run = nullptr;
  std::vector<const store::Variant*> variants;
};

/// The runs of one family on one dataset that learned (not those of not_converged in diagnosis.h):
/// what is left of a network that guesses says nothing.
struct CompressedFamily {
  std::string dataset;
  std::string family;
  double majority_share = 0.0;      ///< of the largest class of the test images
  double least_error = 0.0;         ///< half a test image's
  double test_count = 1.0;          ///< test images
  std::vector<CompressedRun> runs;  ///< in the order of the plan; some may have no variants
  /// Runs that reached settings.stable_skill of the dataset's best skill, in an architecture most
  /// of whose runs did: such an architecture is called stable.
  std::set<const store::RunRow*> stable;

  [[nodiscard]] bool has_variants() const;
  /// Of a network that gave no number, the share of the largest class, as of a run that diverged.
  [[nodiscard]] double accuracy_of(const store::Variant& variant) const;
  /// The skill that a network lost, as a fraction of the skill of the run it was made of; skill is
  /// accuracy less the share of the largest class. Negative where it gained.
  [[nodiscard]] double skill_loss(const store::RunRow& run, const store::Variant& variant) const;
};

/// By dataset in the order of the store, then by family in alphabetical order; only those with a
/// run that learned. Variants of runs that the population does not have are left out.
[[nodiscard]] std::vector<CompressedFamily> compressed_runs_of(
    const Population& population, const study::AnalysisSettings& settings);

/// Networks that one curve is made of: the same was done to them, more and more of it.
struct CurveKey {
  std::int64_t parameters = 0;  ///< of the trained run
  std::string architecture;
  std::string protocol;
  std::string tensor;  ///< the only one that was compressed; empty: all
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
