// Runs with pruned and quantized networks built by hand, to compare the results of analyses with a
// known truth.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "planted_runs.h"
#include "record/variant.h"

namespace minima::analysis {

inline constexpr const char* kOneShot = "one-shot global magnitude";
inline constexpr const char* kPtq = "ptq tensor symmetric max";
inline constexpr std::int64_t kPlantedWeights = 100'000;

/// The dense network and twelve sparsities, the defaults of a study.
inline std::vector<double> default_sparsities() {
  return {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99};
}

/// A network with a fraction `asked` of its weights pruned; each remaining weight takes 4 bytes.
inline record::Variant pruned(double asked, double accuracy,
                              const std::string& protocol = kOneShot) {
  record::Variant variant;
  variant.pruning = protocol;
  variant.sparsity_asked = asked;
  variant.weights = kPlantedWeights;
  variant.kept = std::llround((1.0 - asked) * static_cast<double>(kPlantedWeights));
  variant.test_accuracy = accuracy;
  variant.bytes.packed = 4 * variant.kept;
  return variant;
}

inline record::Variant quantized(const std::string& format, int bits, double accuracy,
                                 const std::string& protocol = kPtq) {
  record::Variant variant;
  variant.quantization = protocol;
  variant.format = study::parse_value_format(format).value();
  variant.weights = variant.kept = kPlantedWeights;
  variant.bits = bits;
  variant.test_accuracy = accuracy;
  variant.bytes.packed = kPlantedWeights * bits / 8;
  return variant;
}

inline void add_variant(Population& population, const std::string& run_id,
                        record::Variant variant) {
  population.variants.push_back({run_id, std::move(variant)});
}

/// Adds a run whose pruned accuracies are `accuracy_at(sparsity)`.
inline void add_pruned_run(Population& population, const std::string& architecture,
                           double dense_accuracy, const std::vector<double>& sparsities,
                           const std::function<double(double)>& accuracy_at,
                           std::int64_t parameters = 100) {
  const std::string id = add_run(population, architecture, dense_accuracy, parameters).id;
  for (const double sparsity : sparsities) {
    add_variant(population, id, pruned(sparsity, accuracy_at(sparsity)));
  }
}

/// Accuracy falls by 0.2 per unit of sparsity; the loss is 0.01, the default tolerance, at
/// `redundancy`.
inline std::function<double(double)> line_through(double redundancy, double dense_accuracy) {
  return [=](double sparsity) { return dense_accuracy - 0.01 - 0.2 * (sparsity - redundancy); };
}

}  // namespace minima::analysis
