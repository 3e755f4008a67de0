// Every network loses the same fraction of its skill to low precision, but half of the networks
// learned little. In points of accuracy those lose little, because they have little to lose. So the
// old rule found, against the claim, that low precision hurts large networks more.
#include <cmath>

#include "analysis/claims/claim_protocols.h"
#include "analysis/claims/claim_tests.h"
#include "compressed_confound.h"
#include "planted_variants.h"

namespace minima::analysis {
namespace {

constexpr int kFloorArchitectures = 24;
constexpr int kFloorReplicates = 3;

Population floor_limited_population(RandomStream& random) {
  Population population = one_dataset();
  for (int i = 0; i < kFloorArchitectures; ++i) {
    const std::int64_t parameters = 800 * (i + 1);
    // The smaller half ranges from chance level to the best.
    const bool is_small = i < kFloorArchitectures / 2;
    const double skill = is_small ? 0.05 + 0.07 * i : 0.86;
    const double lost = 0.3 + 0.05 * random.normal();  // fraction of its skill
    for (int r = 0; r < kFloorReplicates; ++r) {
      const double dense = 0.1 + skill + 0.004 * random.normal();
      const std::string id =
          add_run(population, "dnn " + std::to_string(i + 1), dense, parameters).id;
      add_variant(population, id, quantized("int4", 4, dense - lost * (dense - 0.1)));
    }
  }
  return population;
}

bool is_significant(double p) {
  return p <= 0.05;
}

/// The old rule: loss in points, over all runs that learned.
bool points_decided_before(const Compression& compression,
                           const study::AnalysisSettings& settings) {
  std::vector<RankedPair> pairs;
  for (const auto& family : compression.families) {
    for (const QuantizationCurve& curve : family.quantization) {
      pairs.push_back({static_cast<double>(curve.parameters), curve.points[0].loss.mean});
    }
  }
  const auto test = trend(pairs, "before", settings);
  return test && is_significant(test->p);
}

}  // namespace

Confound floor_limited_loss() {
  const auto simulate = [](int populations, std::uint64_t seed) {
    const auto is_wrong = [](const ClaimEvidence& evidence) {
      const auto tests = precision_hurts_small(evidence);
      return !tests.empty() && is_significant(tests[0].p);
    };
    return std::vector<ConfoundResult>{count_wrong(
        {.conclusion = "precision hurts small or large networks more", .populations = populations},
        seed, 44, floor_limited_population, is_wrong, points_decided_before)};
  };
  return {"floor-limited loss", "each network loses the same fraction of its skill, many have none",
          simulate};
}

}  // namespace minima::analysis
