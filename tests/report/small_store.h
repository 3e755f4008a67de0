// The input of a report, from a small hand-made population.
#pragma once

#include <cmath>
#include <string>

#include "analysis/claims/findings.h"
#include "analysis/compression/compression.h"
#include "analysis/convergence/convergence.h"
#include "analysis/headline.h"
#include "analysis/population/answer.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/variant.h"

namespace minima::report {

/// A name that tries to inject HTML and script.
inline constexpr const char* kHostile = "</script><img src=x onerror=alert(1)>\"'&";

struct SmallStore {
  analysis::Population population;
  analysis::Convergence convergence;
  analysis::Compression compression;
  analysis::Findings findings;
  analysis::ImageOutcomes outcomes;
  analysis::Answer answer;
  analysis::Headline headline;
};

/// A compressed version of a run; accuracy falls with compression.
inline record::VariantRow variant_of(const record::RunRow& run, double sparsity, int bits) {
  record::Variant variant;
  if (sparsity > 0) variant.pruning = "one-shot global magnitude";
  if (bits < 32) variant.quantization = "ptq tensor symmetric max";
  variant.sparsity_asked = sparsity;
  variant.format =
      study::parse_value_format(bits < 32 ? "int" + std::to_string(bits) : "fp32").value();
  variant.bits = bits;
  variant.weights = run.parameters;
  variant.kept = std::llround((1 - sparsity) * static_cast<double>(run.parameters));
  variant.test_accuracy = run.result.test_accuracy - 0.1 * sparsity - (bits < 8 ? 0.05 : 0.0);
  variant.bytes.packed = variant.kept * bits / 8;
  return {run.id, variant};
}

/// Three runs of each of `architectures` dnn; the first architecture fails.
inline analysis::Population small_population(int architectures, const std::string& dataset) {
  analysis::Population population;
  population.study = {.name = dataset, .text = "# " + dataset};
  population.datasets.push_back({.name = dataset,
                                 .problem = {{1, 8, 8}, 10},
                                 .train_count = 600,
                                 .test_count = 1000,
                                 .majority_share = 0.1,
                                 .class_names = {dataset, "two"},
                                 .checksum = "00ff"});
  for (int i = 0; i < architectures; ++i) {
    for (int replicate = 0; replicate < 3; ++replicate) {
      record::RunRow& run = population.runs.emplace_back();
      run.id = std::to_string(population.runs.size());
      run.dataset = dataset;
      run.family = network::Family::dnn;
      run.architecture = "dnn " + std::to_string(i + 1);
      run.parameters = 100 * (i + 1);
      run.replicate = replicate;
      run.result.status = record::RunStatus::finished;
      run.result.epochs = 6;
      run.result.test_accuracy = i == 0 ? 0.1 : 0.8 + 0.01 * std::min(i, 15) + 0.001 * replicate;
      run.result.train_accuracy = run.result.test_accuracy;
      for (int epoch = 1; epoch <= 6; ++epoch) {
        run.result.history.push_back(
            {.epoch = epoch,
             .train_loss = 2.0 / epoch,
             .train_accuracy = run.result.train_accuracy,
             .test_loss = 2.0 / epoch,
             .test_accuracy = run.result.test_accuracy,
             .predicted_classes = i == 0 ? 1 : 10,
             .layers = {{.units = 4, .dead_units = i == 0 ? 4 : 0}, {.units = 10}}});
      }
    }
  }
  return population;
}

inline SmallStore store_of(analysis::Population population) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 50;
  SmallStore store{.population = std::move(population)};
  store.convergence = analysis::convergence_of(store.population, settings);
  store.compression = analysis::compression_of(store.population, settings);
  store.findings =
      analysis::findings_of({store.population, store.convergence, store.compression, settings});
  store.outcomes = analysis::image_outcomes_of(store.population, {}, settings);
  store.answer.study = store.population.study.name;
  store.headline = analysis::headline_of({.population = store.population,
                                          .convergence = store.convergence,
                                          .outcomes = store.outcomes,
                                          .findings = store.findings,
                                          .store = "digits.minima"});
  return store;
}

/// Fully connected networks on `first`, convolutional ones on "letters".
inline analysis::Population two_datasets(const std::string& first) {
  analysis::Population population = small_population(3, first);
  analysis::Population more = small_population(3, "letters");
  population.datasets.push_back(more.datasets[0]);
  for (record::RunRow run : more.runs) {
    run.id = "l" + run.id;
    run.family = network::Family::cnn;
    run.architecture.replace(0, 3, "cnn");
    population.runs.push_back(run);
  }
  return population;
}

/// A population with pruned, quantized, and pruned and quantized networks.
inline SmallStore small_store(const std::string& dataset = "digits") {
  analysis::Population population = small_population(4, dataset);
  for (const record::RunRow& run : population.runs) {
    for (const double sparsity : {0.0, 0.5, 0.9}) {
      for (const int bits : {32, 8, 4}) {
        if (sparsity > 0 || bits < 32) {
          population.variants.push_back(variant_of(run, sparsity, bits));
        }
      }
    }
    record::VariantRow one = variant_of(run, 0.5, 32);
    one.variant.tensor = "fc1.weight";
    population.variants.push_back(one);
    one = variant_of(run, 0.0, 4);
    one.variant.tensor = "fc1.weight";
    population.variants.push_back(one);
  }
  return store_of(std::move(population));
}

}  // namespace minima::report
