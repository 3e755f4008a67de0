// Two datasets, each with a loss for all networks that has its own cause, unrelated to difficulty.
// The old rule permuted the losses within architectures, as if each architecture were an
// independent draw of two datasets.
#include <algorithm>
#include <cmath>

#include "analysis/claims/claim_tests.h"
#include "compressed_confound.h"
#include "planted_variants.h"
#include "record/study.h"

namespace minima::analysis {
namespace {

constexpr int kDatasetArchitectures = 12;

std::string name_of(int dataset) {
  return "glyphs difficulty=0." + std::to_string(dataset + 1);
}

Population population_of_datasets(RandomStream& random, int datasets) {
  Population population;
  for (int d = 0; d < datasets; ++d) {
    record::DatasetRecord record = one_dataset().datasets[0];
    record.name = name_of(d);
    population.datasets.push_back(record);
    const double peculiar = 0.1 * random.normal();  // of the dataset, independent of its difficulty
    for (int i = 0; i < kDatasetArchitectures; ++i) {
      const double lost = std::max(0.0, 0.4 + peculiar + 0.02 * random.normal());
      const double dense = 0.95 - 0.01 * d;
      auto& run = add_run(population, "dnn " + std::to_string(i + 8), dense, 1000 * (i + 1));
      run.dataset = name_of(d);
      run.id += "-" + std::to_string(d);
      add_variant(population, run.id, quantized("int4", 4, dense - lost * (dense - 0.1)));
    }
  }
  return population;
}

/// The old rule: difficulty against loss, within architectures.
bool permutations_decided_before(const Compression& compression,
                                 const study::AnalysisSettings& settings) {
  std::vector<RankedPair> pairs;
  double hardness = 0.0;
  for (const auto& family : compression.families) {
    hardness += 1.0;
    for (const QuantizationCurve& curve : family.quantization) {
      pairs.push_back({hardness, curve.points[0].loss.mean, curve.architecture});
    }
  }
  const auto test = trend(pairs, "before", settings);
  return test && test->p <= 0.05;
}

ConfoundResult dataset_rate(int datasets, int populations, std::uint64_t seed) {
  const auto draw = [datasets](RandomStream& random) {
    return population_of_datasets(random, datasets);
  };
  const auto is_wrong = [](const ClaimEvidence& evidence) {
    return std::ranges::any_of(precision_hurts_hard_data(evidence), [](const ClaimTest& test) {
      return test.least_p <= 0.05 && test.p <= 0.05;
    });
  };
  return count_wrong(
      {.conclusion = "harder data lose more or less, " + std::to_string(datasets) + " datasets",
       .populations = populations},
      seed, 46, draw, is_wrong, permutations_decided_before);
}

}  // namespace

Confound two_datasets() {
  const auto simulate = [](int populations, std::uint64_t seed) {
    return std::vector<ConfoundResult>{dataset_rate(2, populations, seed),
                                       dataset_rate(6, populations, seed)};
  };
  return {"two datasets", "each dataset has a peculiarity that its difficulty does not explain",
          simulate};
}

}  // namespace minima::analysis
