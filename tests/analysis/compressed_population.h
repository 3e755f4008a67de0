// A small population with variants of every kind.
#pragma once

#include "planted_variants.h"

namespace minima::analysis {

/// Three architectures of two runs, pruned, quantized, both, and tensor by tensor; and one that
/// guesses.
inline Population compressed_population() {
  Population population = one_dataset();
  population.study.name = "compressed";
  const auto add = [&](const std::string& architecture, double accuracy, std::int64_t parameters,
                       double redundancy) {
    add_pruned_run(
        population, architecture, accuracy, default_sparsities(),
        [=](double s) {
          return s <= redundancy ? accuracy : std::max(0.1, accuracy - 3.0 * (s - redundancy));
        },
        parameters);
    const std::string id = population.runs.back().id;
    add_variant(population, id, quantized("int8", 8, accuracy));
    add_variant(population, id,
                quantized("int4", 4, accuracy - 3.0 / static_cast<double>(parameters)));
    store::Variant one = pruned(0.5, accuracy - 0.05, "one-shot one-layer magnitude");
    one.tensor = "fc1.weight";
    add_variant(population, id, one);
    one = quantized("int4", 4, accuracy - 0.01, "ptq one-layer tensor symmetric max");
    one.tensor = "fc1.weight";
    add_variant(population, id, one);
    store::Variant both = quantized("int8", 8, accuracy - 0.02);
    both.pruning = kOneShot;
    both.sparsity_asked = 0.5;
    both.kept = kPlantedWeights / 2;
    both.bytes.packed = kPlantedWeights / 2;
    add_variant(population, id, both);
  };
  for (const double noise : {-0.002, 0.002}) {
    add("dnn 8", 0.9 + noise, 100, 0.4 + 10 * noise);
    add("dnn 8-8", 0.93 + noise, 200, 0.6 + 10 * noise);
    add("dnn 8-8-8", 0.95 + noise, 300, 0.8 + 10 * noise);
    add("dnn 1", 0.1, 20, 0.99);
  }
  return population;
}

}  // namespace minima::analysis
