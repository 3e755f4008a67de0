#include "analysis/contrast.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/normal_score.h"
#include "core/permutation_test.h"

namespace minima::analysis {
namespace {

struct Stratum {
  std::vector<double> ranks;  // mean ranks from 0, ties share theirs
  std::vector<char> successful;
  double positives = 0.0;
  double negatives = 0.0;
};

std::vector<double> mean_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) {
      ranks[order[i]] = static_cast<double>(begin + end - 1) / 2.0;
    }
    begin = end;
  }
  return ranks;
}

std::vector<Stratum> strata_of(std::span<const ContrastedRun> runs) {
  std::map<std::string, std::vector<const ContrastedRun*>> members;
  for (const ContrastedRun& run : runs) members[run.stratum].push_back(&run);
  std::vector<Stratum> strata;
  for (const auto& [name, stratum_runs] : members) {
    Stratum stratum;
    std::vector<double> values;
    for (const ContrastedRun* run : stratum_runs) {
      values.push_back(run->value);
      stratum.successful.push_back(run->successful ? 1 : 0);
      (run->successful ? stratum.positives : stratum.negatives) += 1.0;
    }
    if (stratum.positives == 0.0 || stratum.negatives == 0.0) continue;
    stratum.ranks = mean_ranks(values);
    strata.push_back(std::move(stratum));
  }
  return strata;
}

double pairs_of(const std::vector<Stratum>& strata) {
  double pairs = 0.0;
  for (const Stratum& stratum : strata) pairs += stratum.positives * stratum.negatives;
  return pairs;
}

// From the sum of the successful runs' ranks (Mann and Whitney's U).
double delta_of(const std::vector<Stratum>& strata, double pairs) {
  double wins = 0.0;
  for (const Stratum& stratum : strata) {
    double sum = 0.0;
    for (std::size_t i = 0; i < stratum.ranks.size(); ++i) {
      if (stratum.successful[i] != 0) sum += stratum.ranks[i];
    }
    wins += sum - stratum.positives * (stratum.positives - 1.0) / 2.0;
  }
  return 2.0 * wins / pairs - 1.0;
}

// Of the estimate of a probability theta = (delta + 1) / 2 (Newcombe 2006, method 5).
double variance_of(const std::vector<Stratum>& strata, double pairs, double theta) {
  double sum = 0.0;
  for (const Stratum& stratum : strata) {
    const double n = (stratum.positives + stratum.negatives) / 2.0 - 1.0;
    sum += stratum.positives * stratum.negatives * theta * (1.0 - theta) *
           (1.0 + n * (1.0 - theta) / (2.0 - theta) + n * theta / (1.0 + theta));
  }
  return sum / (pairs * pairs);
}

// Where |theta - estimate| is z standard deviations at theta, on the side of `end`.
double limit_of(const std::vector<Stratum>& strata, double pairs, double estimate, double z,
                double end) {
  double inside = estimate;
  double outside = end;
  for (int step = 0; step < 60; ++step) {
    const double theta = (inside + outside) / 2.0;
    const bool is_inside =
        std::abs(theta - estimate) <= z * std::sqrt(variance_of(strata, pairs, theta));
    (is_inside ? inside : outside) = theta;
  }
  return 2.0 * inside - 1.0;
}

double permutation_p(std::vector<Stratum> strata, double pairs, double observed, int permutations,
                     RandomStream& random) {
  constexpr double kRounding = 1e-9;
  std::size_t runs = 0;
  for (const Stratum& stratum : strata) runs += stratum.successful.size();
  PermutationTest test(permutations, runs);
  while (test.goes_on()) {
    for (Stratum& stratum : strata) random.shuffle(std::span<char>(stratum.successful));
    test.add(std::abs(delta_of(strata, pairs)) >= std::abs(observed) - kRounding);
  }
  return test.p();
}

// Sums of squares and products of deviations from the means of strata.
struct Products {
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;

  void add(const std::vector<const Observation*>& stratum) {
    const Observation& first = *stratum.front();  // less it, equal values are exactly 0
    const auto n = static_cast<double>(stratum.size());
    double x_mean = 0.0;
    double y_mean = 0.0;
    for (const Observation* each : stratum) {
      x_mean += (each->x - first.x) / n;
      y_mean += (each->y - first.y) / n;
    }
    for (const Observation* each : stratum) {
      const double x = each->x - first.x - x_mean;
      const double y = each->y - first.y - y_mean;
      xx += x * x;
      yy += y * y;
      xy += x * y;
    }
  }
};

}  // namespace

std::optional<Contrast> contrast(std::span<const ContrastedRun> runs, double confidence,
                                 int permutations, RandomStream random) {
  const std::vector<Stratum> strata = strata_of(runs);
  if (strata.empty()) return std::nullopt;
  const double pairs = pairs_of(strata);
  Contrast result;
  for (const Stratum& stratum : strata) {
    result.successful += static_cast<std::int64_t>(stratum.positives);
    result.failed += static_cast<std::int64_t>(stratum.negatives);
  }
  result.delta = delta_of(strata, pairs);
  const double z = normal_score((1.0 - confidence) / 2.0);
  const double theta = (result.delta + 1.0) / 2.0;
  result.low = limit_of(strata, pairs, theta, z, 0.0);
  result.high = limit_of(strata, pairs, theta, z, 1.0);
  result.p = permutation_p(strata, pairs, result.delta, permutations, random);
  return result;
}

std::optional<Correlation> correlation(std::span<const Observation> observations,
                                       double confidence) {
  std::map<std::string, std::vector<const Observation*>> strata;
  for (const Observation& each : observations) strata[each.stratum].push_back(&each);
  Products sums;
  std::int64_t used = 0;
  Correlation result;
  for (const auto& [name, members] : strata) {
    if (members.size() < 2) continue;
    ++used;
    result.runs += static_cast<std::int64_t>(members.size());
    sums.add(members);
  }
  const auto free = static_cast<double>(result.runs - used - 2);
  if (!(sums.xx > 0.0) || !(sums.yy > 0.0) || free < 1.0) return std::nullopt;
  result.r = std::clamp(sums.xy / std::sqrt(sums.xx * sums.yy), -1.0, 1.0);
  const double reach = normal_score((1.0 - confidence) / 2.0) / std::sqrt(free);
  result.low = std::abs(result.r) == 1.0 ? result.r : std::tanh(std::atanh(result.r) - reach);
  result.high = std::abs(result.r) == 1.0 ? result.r : std::tanh(std::atanh(result.r) + reach);
  return result;
}

Verdict verdict_of(double low, double high, int sign, double border) {
  const bool above = low > border;
  const bool below = high < border;
  if (!above && !below) return Verdict::undecided;
  return above == (sign > 0) ? Verdict::supported : Verdict::contradicted;
}

}  // namespace minima::analysis
