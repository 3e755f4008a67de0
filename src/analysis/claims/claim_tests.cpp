#include "analysis/claims/claim_tests.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "statistics/distributions.h"
#include "statistics/permutation_test.h"

namespace minima::analysis {
namespace {

// With four pairs, the smallest p is 2 / 24. Such a test is shown as `too few`.
constexpr std::size_t kFewestPairs = 4;

RandomStream stream_of(const std::string& subject, const study::AnalysisSettings& settings) {
  return {settings.seed, subject_of("finding: " + subject), Purpose::bootstrap};
}

}  // namespace

std::optional<ClaimTest> trend(const std::vector<RankedPair>& pairs, const std::string& subject,
                               const study::AnalysisSettings& settings) {
  if (pairs.size() < kFewestPairs) return std::nullopt;
  const auto found = rank_correlation(pairs, settings.permutations, stream_of(subject, settings),
                                      settings.confidence);
  if (!found) return std::nullopt;
  return ClaimTest{.statistic = "rank correlation",
                   .effect = found->rho,
                   .low = found->low,
                   .high = found->high,
                   .count = static_cast<std::int64_t>(found->observations),
                   .p = found->p,
                   .least_p = found->least_p};
}

namespace {

double sign_of(double value) {
  return value > 0.0 ? 1.0 : value < 0.0 ? -1.0 : 0.0;
}

/// Kendall's statistic: concordant minus discordant pairs of points, with y permuted by `order`.
double kendall_sum(const std::vector<RankedPair>& pairs, const std::vector<std::size_t>& order) {
  double sum = 0.0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      sum += sign_of(pairs[i].x - pairs[j].x) * sign_of(pairs[order[i]].y - pairs[order[j]].y);
    }
  }
  return sum;
}

std::vector<double> slopes_of(const std::vector<RankedPair>& pairs) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (pairs[i].x == pairs[j].x) continue;
      slopes.push_back((pairs[i].y - pairs[j].y) / (pairs[i].x - pairs[j].x));
    }
  }
  std::ranges::sort(slopes);
  return slopes;
}

}  // namespace

std::optional<ClaimTest> median_slope(const std::vector<RankedPair>& pairs,
                                      const std::string& subject,
                                      const study::AnalysisSettings& settings) {
  const std::vector<double> slopes = slopes_of(pairs);
  if (pairs.size() < kFewestPairs || slopes.empty()) return std::nullopt;
  std::vector<std::size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), 0);
  const double observed = std::abs(kendall_sum(pairs, order));
  RandomStream random = stream_of(subject, settings);
  PermutationTest test(settings.permutations, slopes.size());
  std::vector<double> draws;
  while (test.goes_on()) {
    random.shuffle(std::span<std::size_t>(order));
    draws.push_back(std::abs(kendall_sum(pairs, order)));
    test.add(draws.back() >= observed);
  }
  const double orders = std::exp(log_factorial(static_cast<double>(pairs.size())));
  ClaimTest result{.statistic = "slope",
                   .effect = quantile(slopes, 0.5),
                   .count = static_cast<std::int64_t>(pairs.size()),
                   .p = test.p(),
                   .least_p = std::max(2.0 / orders, 1.0 / (settings.permutations + 1.0))};
  // A slope b is in the interval if Kendall's statistic of y - b x is not beyond the critical value
  // (Sen 1968). So a minimum number of slopes must lie below b, and as many above.
  const auto critical = critical_value(std::move(draws), 1.0 - settings.confidence);
  const auto all = static_cast<double>(slopes.size());
  if (!critical || *critical >= all) return result;
  const auto outside = static_cast<std::size_t>(std::max(0.0, (all - *critical - 1.0) / 2.0));
  result.low = slopes[outside];
  result.high = slopes[slopes.size() - 1 - outside];
  return result;
}

ClaimTest fraction(std::int64_t yes, std::int64_t all, const study::AnalysisSettings& settings) {
  const double one_side = (1.0 + settings.confidence) / 2;
  return {.effect = static_cast<double>(yes) / static_cast<double>(all),
          .low = 1.0 - binomial_upper_limit(all - yes, all, one_side),
          .high = binomial_upper_limit(yes, all, one_side),
          .count = all};
}

std::vector<SizedSeries> sized_series(const ClaimEvidence& evidence) {
  std::vector<SizedSeries> all;
  for (const SeriesConvergence& series : evidence.convergence.series) {
    all.push_back({.dataset = series.dataset,
                   .family = series.series.family,
                   .name = series.series.name,
                   .dataset_index = series.series.dataset,
                   .regimes = &series.regimes});
  }
  return all;
}

}  // namespace minima::analysis
