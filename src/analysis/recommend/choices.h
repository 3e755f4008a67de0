// The choices of networks that a study offers on a dataset, each with its replicates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "analysis/recommend/test_order.h"
#include "statistics/mean_estimate.h"

namespace minima::analysis {

struct Demand {
  double accuracy = 0.0;     ///< least accuracy, a fraction
  double reliability = 0.5;  ///< share of replicates that is to reach it, 0 < R < 1
  double confidence = 0.95;
  std::optional<double> max_bytes;             ///< packed, as in docs/pruning.md
  std::optional<std::int64_t> max_parameters;  ///< of the network that is left, zeros included
};

/// How well a choice meets the demand; the strongest first.
enum class ChoiceEvidence {
  shown,     ///< with the confidence asked for, whatever the number of choices
  observed,  ///< a share R of the replicates did, which by itself shows nothing
  missed,    ///< fewer did
};

/// "shown", "observed", "missed".
[[nodiscard]] std::string to_string(ChoiceEvidence evidence);

/// What the test images say of a choice.
struct TestFigures {
  std::int64_t met = 0;      ///< replicates that met the demand on test images
  AccuracySummary accuracy;  ///< of all replicates
};

/// A run that can be exported.
struct ChoiceRun {
  std::string id;
  double accuracy = 0.0;  ///< on the images that choose; NaN: no number
  double test_accuracy = 0.0;
};

/// Accuracies are means over all replicates. One without a number (a diverged run) enters with the
/// share of the largest class, as in answer.h.
struct Choice {
  std::string family;
  std::string architecture;     ///< of the trained run
  std::int64_t parameters = 0;  ///< of the network that is left: mean, rounded
  std::string pruning;          ///< empty: not pruned
  double sparsity_asked = 0.0;
  double sparsity = 0.0;     ///< achieved, mean
  std::string quantization;  ///< empty: not quantized
  std::string format = "fp32";
  int bits = 32;
  std::string activations = "fp32";
  std::string arithmetic = "float";  ///< as in store/variant.h
  std::int64_t replicates = 0;       ///< that it was tried on, and diverged ones
  std::int64_t met = 0;              ///< that met the demand on the images that choose
  /// That reached the accuracy and are no better than always answering with the largest class.
  std::int64_t guessed = 0;
  /// All runs of the architecture were tried, not one that its result had selected.
  bool has_all_runs = true;
  AccuracySummary accuracy;  ///< on the images that choose
  TestFigures test;          ///< the same two on test images
  double p_value = 1.0;      ///< of the hypothesis that the probability to meet it is below R
  double level = 0.0;        ///< at which that was tested; 0: it was not
  double least_share = 0.0;  ///< lower limit of the probability, for this choice alone
  double bytes = 0.0;        ///< packed, mean; 4 per parameter of a trained network
  /// Of one prediction: mean over replicates, zeros included.
  std::optional<std::int64_t> multiply_adds;
  /// Activations and logits of the exported C program, without its stack; nothing: no C program.
  std::optional<std::int64_t> ram_bytes;
  ChoiceEvidence evidence = ChoiceEvidence::missed;
  /// Runs that met the demand, from the one in the middle outwards; of a choice that missed, all.
  std::vector<ChoiceRun> runs;

  [[nodiscard]] double share() const {
    return static_cast<double>(met) / static_cast<double>(replicates);
  }
  [[nodiscard]] bool is_dense() const { return pruning.empty() && quantization.empty(); }
  [[nodiscard]] bool is_integer() const { return arithmetic == "integer"; }
};

/// What was done to the network: "54 % sparse, int4 in integers"; "fp32" for a trained network.
[[nodiscard]] std::string compression_of(const Choice& choice);

/// "pruning by ...; quantization by ..."; empty for a network that was not compressed.
[[nodiscard]] std::string protocols_of(const Choice& choice);

/// A choice, and what the study asked for.
struct JudgedChoice {
  Choice choice;
  PlannedChoice planned;
};

/// Of one dataset, in the order of their names, not yet tested. `significance`: of being better
/// than always answering with the largest class.
[[nodiscard]] std::vector<JudgedChoice> choices_of(const Population& population,
                                                   const store::DatasetRecord& dataset,
                                                   const Demand& demand, double significance);

}  // namespace minima::analysis
