// The network choices that a study offers on a dataset, each with its replicates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "analysis/recommend/device_use.h"
#include "analysis/recommend/test_order.h"
#include "record/study.h"
#include "record/variant.h"
#include "statistics/estimates/mean_estimate.h"

namespace minima::analysis {

struct Demand {
  double accuracy = 0.0;     ///< minimum accuracy, a fraction
  double reliability = 0.5;  ///< R: required fraction of replicates, 0 < R < 1
  double confidence = 0.95;
  std::optional<double> max_bytes;             ///< packed size, as in docs/pruning.md
  std::optional<std::int64_t> max_parameters;  ///< of the remaining network, zeros included
  std::optional<study::Device> device;         ///< its C program must fit
};

/// Strength of the evidence that a choice meets the demand, strongest first.
enum class ChoiceEvidence {
  /// Shown at the requested confidence, for any number of choices.
  shown,
  /// At least a fraction R of the replicates met it, which alone shows nothing.
  observed,
  missed,  ///< fewer than that met it
};

constexpr auto words_of(ChoiceEvidence /*any*/) {
  return std::to_array<EnumWord<ChoiceEvidence>>({
      {ChoiceEvidence::shown, "shown"},
      {ChoiceEvidence::observed, "observed"},
      {ChoiceEvidence::missed, "missed"},
  });
}

/// Results of a choice on the test images.
struct TestFigures {
  std::int64_t met = 0;      ///< replicates that met the demand on test images
  AccuracySummary accuracy;  ///< over all replicates
};

/// A run that can be exported.
struct ChoiceRun {
  std::string id;
  double accuracy = 0.0;  ///< on the images used for selection; NaN: none
  double test_accuracy = 0.0;
};

/// Accuracies are means over all replicates. A replicate without an accuracy (a diverged run)
/// counts with the fraction of the majority class, as in answer.h.
struct Choice {
  network::Family family = network::Family::dnn;
  std::string architecture;     ///< of the trained run
  std::int64_t parameters = 0;  ///< of the remaining network: mean, rounded
  std::string pruning;          ///< empty: not pruned
  double sparsity_asked = 0.0;
  double sparsity = 0.0;     ///< mean of the achieved sparsity
  std::string quantization;  ///< empty: not quantized
  study::ValueFormat format;
  int bits = 32;
  study::ValueFormat activations;
  record::Arithmetic arithmetic = record::Arithmetic::floating;
  std::int64_t replicates = 0;  ///< runs it was applied to, and diverged ones
  std::int64_t met = 0;         ///< those that met the demand on the images used for selection
  /// Replicates that reached the accuracy but are no better than the majority class.
  std::int64_t guessed = 0;
  /// Applied to all runs of the architecture, not to one selected by its result.
  bool has_all_runs = true;
  AccuracySummary accuracy;  ///< on the images used for selection
  TestFigures test;          ///< `met` and `accuracy` on test images
  /// P-value of the hypothesis that the probability of meeting the demand is below R.
  double p_value = 1.0;
  double level = 0.0;  ///< significance level of that test; 0: not tested
  /// Lower confidence limit of the probability, for this choice alone.
  double least_share = 0.0;
  double bytes = 0.0;  ///< packed size, mean; 4 per parameter of a trained network
  /// Per prediction: mean over replicates, zeros included.
  std::optional<std::int64_t> multiply_adds;
  /// Activations and logits of the exported C program, excluding its stack; nullopt: no C export.
  std::optional<std::int64_t> ram_bytes;
  /// Estimated for the device of the demand: bytes of the largest replicate, mean time. nullopt: no
  /// device, or no C export.
  std::optional<DeviceUse> device;
  ChoiceEvidence evidence = ChoiceEvidence::missed;
  /// Runs that met the demand, from the median outwards; all runs if the choice missed it.
  std::vector<ChoiceRun> runs;

  [[nodiscard]] double share() const {
    return static_cast<double>(met) / static_cast<double>(replicates);
  }
  [[nodiscard]] bool is_dense() const { return pruning.empty() && quantization.empty(); }
  [[nodiscard]] bool is_integer() const { return arithmetic == record::Arithmetic::integer; }
};

/// The compression of the network: "54 % sparse, int4 in integers"; "fp32" for a trained network.
[[nodiscard]] std::string compression_of(const Choice& choice);

/// "pruning by ...; quantization by ..."; empty for an uncompressed network.
[[nodiscard]] std::string protocols_of(const Choice& choice);

/// A choice and its planned architecture and compression.
struct JudgedChoice {
  Choice choice;
  PlannedChoice planned;
};

/// The choices on one dataset, sorted by name, not yet tested. `significance`: for being better
/// than the majority class.
[[nodiscard]] std::vector<JudgedChoice> choices_of(const Population& population,
                                                   const record::DatasetRecord& dataset,
                                                   const Demand& demand, double significance);

}  // namespace minima::analysis
