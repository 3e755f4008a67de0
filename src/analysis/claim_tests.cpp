#include "analysis/claim_tests.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/normal_score.h"

namespace minima::analysis {
namespace {

double two_sided_score(double confidence) {
  return normal_score((1.0 - confidence) / 2);
}

}  // namespace

void add_interval(ClaimTest& test, double confidence) {
  if (test.count < 4) return;
  const double z = std::atanh(std::clamp(test.effect, -0.9999, 0.9999));
  const double half =
      two_sided_score(confidence) * std::sqrt(1.06 / (static_cast<double>(test.count) - 3.0));
  test.low = std::tanh(z - half);
  test.high = std::tanh(z + half);
}

std::optional<ClaimTest> trend(const std::vector<RankedPair>& pairs, const std::string& subject,
                               const study::AnalysisSettings& settings) {
  // With fewer than four no order is rare enough to mean anything.
  if (pairs.size() < 4) return std::nullopt;
  const auto found = rank_correlation(
      pairs, settings.permutations,
      RandomStream(settings.seed, subject_of("finding: " + subject), Purpose::bootstrap));
  if (!found) return std::nullopt;
  ClaimTest test{.statistic = "rank correlation",
                 .effect = found->rho,
                 .count = static_cast<std::int64_t>(found->observations),
                 .p = found->p};
  add_interval(test, settings.confidence);
  return test;
}

ClaimTest majority(std::int64_t yes, std::int64_t all, const study::AnalysisSettings& settings) {
  const double one_side = (1.0 + settings.confidence) / 2;
  const double tail =
      std::min(binomial_upper_tail(yes, all, 0.5), binomial_upper_tail(all - yes, all, 0.5));
  return {.effect = static_cast<double>(yes) / static_cast<double>(all),
          .low = 1.0 - binomial_upper_limit(all - yes, all, one_side),
          .high = binomial_upper_limit(yes, all, one_side),
          .bound = 0.5,
          .count = all,
          .p = std::min(1.0, 2 * tail)};
}

double p_of_interval(double effect, double low, double high, double bound,
                     const study::AnalysisSettings& settings) {
  const double z = two_sided_score(settings.confidence);
  const double error = (effect < bound ? high - effect : effect - low) / z;
  const double least = 1.0 / (settings.permutations + 1);
  if (error <= 0.0) return effect == bound ? 1.0 : least;
  return std::max(least, std::erfc(std::abs(effect - bound) / error / std::numbers::sqrt2));
}

}  // namespace minima::analysis
