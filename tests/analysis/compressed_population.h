// A small population with variants of every kind.
#pragma once

#include "planted_variants.h"
#include "record/variant.h"

namespace minima::analysis {

/// The size of a network counts its weights only, without scales and biases.
inline record::Variant scaled(record::Variant variant, std::int64_t weights) {
  const double share = static_cast<double>(weights) / static_cast<double>(variant.weights);
  for (std::int64_t* size : {&variant.weights, &variant.kept, &variant.bytes.packed}) {
    *size = std::llround(static_cast<double>(*size) * share);
  }
  return variant;
}

/// Adds a run with test accuracy `accuracy` and its compressed variants of every kind. Loss by
/// sparsity begins at `redundancy`; loss at int4 falls with the number of parameters.
inline void add_compressed_run(Population& population, const std::string& architecture,
                               double accuracy, std::int64_t parameters, double redundancy) {
  const std::string id = add_run(population, architecture, accuracy, parameters).id;
  const auto add = [&](const record::Variant& variant) {
    add_variant(population, id, scaled(variant, parameters));
  };
  for (const double s : default_sparsities()) {
    const double lost = s <= redundancy ? 0.0 : 3.0 * (s - redundancy);
    add(pruned(s, std::max(0.1, accuracy - lost)));
  }
  const double int4 = accuracy - 80.0 / static_cast<double>(parameters);
  add(quantized("int8", 8, accuracy));
  add(quantized("int4", 4, int4));
  record::Variant one = pruned(0.5, accuracy - 0.05, "one-shot one-layer magnitude");
  one.tensor = "fc1.weight";
  add(one);
  one = quantized("int4", 4, int4, "ptq one-layer tensor symmetric max");
  one.tensor = "fc1.weight";
  add(one);
  record::Variant both = quantized("int8", 8, accuracy - 0.005);
  both.pruning = kOneShot;
  both.sparsity_asked = 0.5;
  both.kept /= 2;
  both.bytes.packed /= 2;
  add(both);
}

/// Three architectures of four runs, and one that only guesses.
inline Population compressed_population() {
  Population population = one_dataset();
  population.study.name = "compressed";
  for (const double noise : {-0.002, -0.001, 0.001, 0.002}) {
    add_compressed_run(population, "dnn 4", 0.9 + noise, 3190, 0.45 + 10 * noise);
    add_compressed_run(population, "dnn 8-8", 0.93 + noise, 6442, 0.65 + 10 * noise);
    add_compressed_run(population, "dnn 16-16-16", 0.95 + noise, 13'274, 0.85 + 10 * noise);
    add_compressed_run(population, "dnn 1", 0.1, 805, 0.99);
  }
  return population;
}

}  // namespace minima::analysis
