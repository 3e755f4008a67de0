#include "statistics/tests/rank_correlation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "core/numbers/tolerance.h"
#include "statistics/distributions.h"
#include "statistics/permutation_test.h"

namespace minima {
namespace {

// Ranks minus their mean; ties get their mean rank.
std::vector<double> centred_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  const double mean = (static_cast<double>(values.size()) - 1.0) / 2.0;
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = static_cast<double>(begin + end - 1) / 2.0 - mean;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = rank;
    begin = end;
  }
  return ranks;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

struct Group {
  std::vector<double> x;
  std::vector<double> y;
};

std::vector<Group> ranked_groups(std::span<const RankedPair> pairs) {
  std::map<std::string, Group> values;
  for (const RankedPair& pair : pairs) {
    values[pair.group].x.push_back(pair.x);
    values[pair.group].y.push_back(pair.y);
  }
  std::vector<Group> groups;
  for (const auto& [name, group] : values) {
    Group ranked{centred_ranks(group.x), centred_ranks(group.y)};
    const bool differ = product(ranked.x, ranked.x) > 0.0 && product(ranked.y, ranked.y) > 0.0;
    if (differ) groups.push_back(std::move(ranked));
  }
  return groups;
}

double product_of(const std::vector<Group>& groups) {
  double sum = 0.0;
  for (const Group& group : groups) sum += product(group.x, group.y);
  return sum;
}

// ln of the number of orders of a group's values, minus ln of the number of orders with the same
// largest correlation: the order among ties does not matter.
double log_orders(const Group& group) {
  const auto log_ties = [](std::vector<double> values) {
    std::ranges::sort(values);
    double sum = 0.0;
    for (std::size_t begin = 0, end = 0; begin < values.size(); begin = end) {
      ++end;  // always advances: NaN is not equal even to itself
      while (end < values.size() && values[end] == values[begin]) ++end;
      sum += log_factorial(static_cast<double>(end - begin));
    }
    return sum;
  };
  return log_factorial(static_cast<double>(group.x.size())) -
         std::max(log_ties(group.x), log_ties(group.y));
}

/// The probability of one of the two extreme orders in every group.
double least_p_of(const std::vector<Group>& groups, double permutations) {
  double logs = 0.0;
  for (const Group& group : groups) logs += log_orders(group);
  return std::max(std::min(1.0, 2.0 * std::exp(-logs)), 1.0 / (permutations + 1.0));
}

constexpr double kNearOne = 1.0 - 1e-9;

/// The end of the interval in this `direction` (-1 or 1).
double end_of(double z, double critical, double direction) {
  double inside = z;
  double outside = direction * std::atanh(kNearOne);
  const auto is_inside = [&](double end) {
    const double r = std::tanh(end);
    return std::abs(z - end) < critical * std::sqrt(1.0 + r * r / 2.0);
  };
  if (is_inside(outside)) return direction;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (inside + outside);
    (is_inside(middle) ? inside : outside) = middle;
  }
  return std::tanh(outside);
}

}  // namespace

std::optional<double> critical_value(std::vector<double> draws, double level) {
  const auto made = static_cast<double>(draws.size());
  // p = (as extreme + 1) / (made + 1)
  const double most = std::floor(level * (made + 1.0) + 1e-9) - 1.0;
  if (most < 0.0) return std::nullopt;
  const auto at = static_cast<std::ptrdiff_t>(most);
  if (at >= static_cast<std::ptrdiff_t>(draws.size())) return 0.0;
  std::ranges::nth_element(draws, draws.begin() + at, std::ranges::greater());
  return draws[static_cast<std::size_t>(at)];
}

std::optional<RankCorrelation> rank_correlation(std::span<const RankedPair> pairs, int permutations,
                                                RandomStream random, double confidence) {
  std::vector<Group> groups = ranked_groups(pairs);
  if (groups.empty()) return std::nullopt;
  RankCorrelation result;
  double x_squares = 0.0;
  double y_squares = 0.0;
  for (const Group& group : groups) {
    result.observations += group.x.size();
    x_squares += product(group.x, group.x);
    y_squares += product(group.y, group.y);
  }
  const double observed = product_of(groups);
  result.rho = observed / std::sqrt(x_squares * y_squares);
  const double least = std::abs(observed) * (1.0 - kRounding);
  PermutationTest test(permutations, result.observations);
  std::vector<double> draws;
  result.least_p = least_p_of(groups, permutations);
  while (test.goes_on()) {
    for (Group& group : groups) random.shuffle(std::span<double>(group.y));
    draws.push_back(std::abs(product_of(groups)));
    test.add(draws.back() >= least);
  }
  result.p = test.p();
  const auto critical = critical_value(std::move(draws), 1.0 - confidence);
  if (!critical) return result;
  // A correlation of 1 that does not exceed the critical value must not be significant.
  constexpr double kNearerOne = 1.0 - 1e-12;
  const double bound = *critical * (1.0 + kRounding) / std::sqrt(x_squares * y_squares);
  const double c = std::atanh(std::min(bound, kNearerOne));
  const double z = std::atanh(std::clamp(result.rho, -kNearOne, kNearOne));
  result.low = end_of(z, c, -1.0);
  result.high = end_of(z, c, 1.0);
  return result;
}

}  // namespace minima
