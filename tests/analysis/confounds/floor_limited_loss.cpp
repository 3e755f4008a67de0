// Low precision takes the same fraction of skill from every network, but half of the networks never
// learned much. In points of accuracy those lose little, because they have little: the old rule
// found that precision hurts large networks more, against the claim.
#include <cmath>

#include "analysis/claim_protocols.h"
#include "analysis/claim_tests.h"
#include "confound.h"
#include "planted_variants.h"

namespace minima::analysis {
namespace {

constexpr int kArchitectures = 24;
constexpr int kReplicates = 3;

Population drawn(RandomStream& random) {
  Population population = one_dataset();
  for (int i = 0; i < kArchitectures; ++i) {
    const std::int64_t parameters = 800 * (i + 1);
    // The smaller half is anywhere between chance and the best.
    const bool is_small = i < kArchitectures / 2;
    const double skill = is_small ? 0.05 + 0.07 * i : 0.86;
    const double lost = 0.3 + 0.05 * random.normal();  // of its skill
    for (int r = 0; r < kReplicates; ++r) {
      const double dense = 0.1 + skill + 0.004 * random.normal();
      const std::string id =
          add_run(population, "dnn " + std::to_string(i + 1), dense, parameters).id;
      add_variant(population, id, quantized("int4", 4, dense - lost * (dense - 0.1)));
    }
  }
  return population;
}

bool is_decided(double p) {
  return p <= 0.05;
}

/// Loss in points, over all runs that learned.
bool decided_before(const Compression& compression, const study::AnalysisSettings& settings) {
  std::vector<RankedPair> pairs;
  for (const auto& family : compression.families) {
    for (const QuantizationCurve& curve : family.quantization) {
      pairs.push_back({static_cast<double>(curve.parameters), curve.points[0].loss.mean});
    }
  }
  const auto test = trend(pairs, "before", settings);
  return test && is_decided(test->p);
}

}  // namespace

Confound floor_limited_loss() {
  const auto simulate = [](int populations, std::uint64_t seed) {
    ConfoundResult result{.conclusion = "precision hurts small or large networks more",
                          .populations = populations,
                          .nominal = 0.05,
                          .wrong_before = 0};
    study::AnalysisSettings settings;
    settings.bootstrap_samples = 100;
    settings.permutations = 1000;
    for (int i = 0; i < populations; ++i) {
      RandomStream random(seed, static_cast<std::uint64_t>(i), Purpose::random_design, 44);
      settings.seed = static_cast<std::uint64_t>(i) + 1;
      const Population population = drawn(random);
      const Compression compression = compression_of(population, settings);
      const Convergence convergence{.study = "", .settings = settings, .runs = 0, .families = {}};
      const auto tests = precision_hurts_small({population, convergence, compression, settings});
      result.wrong += !tests.empty() && is_decided(tests[0].p) ? 1 : 0;
      *result.wrong_before += decided_before(compression, settings) ? 1 : 0;
    }
    return std::vector<ConfoundResult>{result};
  };
  return {"floor-limited loss", "each network loses the same fraction of its skill, many have none",
          simulate};
}

}  // namespace minima::analysis
