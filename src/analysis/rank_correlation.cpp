#include "analysis/rank_correlation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "core/permutation_test.h"

namespace minima::analysis {
namespace {

// Ranks less their mean; ties share theirs.
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

}  // namespace

std::optional<RankCorrelation> rank_correlation(std::span<const RankedPair> pairs, int permutations,
                                                RandomStream random) {
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
  constexpr double kRounding = 1e-9;  // equal orders of ties may add up differently
  const double least = std::abs(observed) * (1.0 - kRounding);
  PermutationTest test(permutations, result.observations);
  while (test.goes_on()) {
    for (Group& group : groups) random.shuffle(std::span<double>(group.y));
    test.add(std::abs(product_of(groups)) >= least);
  }
  result.p = test.p();
  return result;
}

}  // namespace minima::analysis
