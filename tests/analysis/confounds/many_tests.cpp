// One claim has many tests in a store (layer by layer, for example), another one has two. The old
// rule applied Holm to all tests of the store, so the many tests cost the other claim its power.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/claims/findings.h"
#include "confound.h"
#include "core/numbers/random.h"

namespace minima::analysis {
namespace {

constexpr int kManyTests = 70;
constexpr int kManyClaims = 20;
constexpr double kEffect = 2.8;  // in each of the two tests, in standard errors

ClaimTest test_of(double z, const std::string& dataset) {
  return {.dataset = dataset,
          .family = network::Family::dnn,
          .statistic = "score",
          .effect = z,
          .count = 1,
          .p = std::erfc(std::abs(z) / std::numbers::sqrt2)};
}

/// Tests of 20 claims: the first has two datasets with an effect each, the second many dependent
/// tests without one, the others one test without an effect.
std::vector<std::vector<ClaimTest>> tests_of(RandomStream& random, double effect) {
  std::vector<std::vector<ClaimTest>> tests(kManyClaims);
  tests[0] = {test_of(effect + random.normal(), "a"), test_of(effect + random.normal(), "b")};
  const double common = random.normal();
  for (int i = 0; i < kManyTests; ++i) {
    tests[1].push_back(test_of(std::sqrt(0.5) * (common + random.normal()), "a"));
  }
  for (std::size_t c = 2; c < kManyClaims; ++c) tests[c] = {test_of(random.normal(), "a")};
  return tests;
}

std::vector<Claim> planted_claims() {
  std::vector<Claim> claims(kManyClaims);
  claims[1].dependence = Dependence::dependent;
  return claims;
}

bool is_decided(const Finding& finding) {
  return finding.verdict != Verdict::undecided && finding.verdict != Verdict::not_tested;
}

/// Holm over all tests: for each claim, whether any of its tests is significant.
std::vector<bool> holm_decided_before(const std::vector<std::vector<ClaimTest>>& tests) {
  std::vector<double> p;
  for (const auto& claim : tests) {
    for (const ClaimTest& test : claim) p.push_back(test.p);
  }
  const std::vector<double> adjusted = holm(p);
  std::vector<bool> decided;
  auto next = adjusted.begin();
  for (const auto& claim : tests) {
    bool any = false;
    for (std::size_t i = 0; i < claim.size(); ++i) any = *next++ <= 0.05 || any;
    decided.push_back(any);
  }
  return decided;
}

}  // namespace

Confound many_tests() {
  const auto simulate = [](int populations, std::uint64_t seed) {
    ConfoundResult none{.conclusion = "a claim without an effect is decided (family-wise)",
                        .populations = populations,
                        .nominal = 0.05,
                        .wrong_before = 0};
    // With an effect of 2.8 standard errors on each of two datasets the power is 0.85 at 0.05 / 20.
    ConfoundResult missed{.conclusion = "a real effect on two datasets is missed",
                          .populations = populations,
                          .nominal = 0.2,
                          .wrong_before = 0};
    const std::vector<Claim> claims = planted_claims();
    for (int i = 0; i < populations; ++i) {
      RandomStream random(seed, static_cast<std::uint64_t>(i), Purpose::random_design, 41);
      const auto nulls = tests_of(random, 0.0);
      none.wrong += std::ranges::any_of(combined_findings(claims, nulls, 0.95), is_decided);
      *none.wrong_before += std::ranges::count(holm_decided_before(nulls), true) > 0;
      const auto effects = tests_of(random, kEffect);
      missed.wrong += !is_decided(combined_findings(claims, effects, 0.95)[0]);
      *missed.wrong_before += !holm_decided_before(effects)[0];
    }
    return std::vector<ConfoundResult>{none, missed};
  };
  return {"many tests", "one claim asked in 70 tests beside 19 others, no effect or one", simulate};
}

}  // namespace minima::analysis
