#include "statistics/tests/combined_tests.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "statistics/distributions.h"

namespace minima {
namespace {

template <typename Combine>
TwoSides of_each_side(std::span<const TwoSides> sides, const Combine& combine) {
  std::vector<double> supporting;
  std::vector<double> opposing;
  for (const TwoSides& each : sides) {
    supporting.push_back(each.supporting);
    opposing.push_back(each.opposing);
  }
  return {combine(supporting), combine(opposing)};
}

TwoSides any_of(std::span<const TwoSides> sides) {
  TwoSides result{1.0, 0.0};
  for (const TwoSides& each : sides) {
    result.supporting = std::min(result.supporting, each.supporting);
    result.opposing = std::max(result.opposing, each.opposing);
  }
  result.supporting = std::min(1.0, result.supporting * static_cast<double>(sides.size()));
  return result;
}

/// The claim that an effect holds in each test is opposed by an effect on the other side in any
/// test.
std::vector<TwoSides> exchanged(std::span<const TwoSides> sides) {
  std::vector<TwoSides> result;
  for (const TwoSides& each : sides) result.push_back({each.opposing, each.supporting});
  return result;
}

}  // namespace

TwoSides sides_of(double two_sided_p, bool is_on_claimed_side) {
  const double half = std::min(two_sided_p, 1.0) / 2.0;
  return is_on_claimed_side ? TwoSides{half, 1.0 - half} : TwoSides{1.0 - half, half};
}

double two_sided(const TwoSides& sides) {
  return std::min(1.0, 2.0 * std::min(sides.supporting, sides.opposing));
}

double stouffer(std::span<const double> p, std::span<const double> weights) {
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    sum += weights[i] * normal_score(p[i]);
    squares += weights[i] * weights[i];
  }
  return normal_upper_tail(sum / std::sqrt(squares));
}

TwoSides stouffer(std::span<const TwoSides> sides, std::span<const double> weights) {
  return of_each_side(sides, [&](const auto& p) { return stouffer(p, weights); });
}

double simes(std::span<const double> p) {
  std::vector<double> sorted(p.begin(), p.end());
  std::ranges::sort(sorted);
  double least = 1.0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double factor = static_cast<double>(sorted.size()) / static_cast<double>(i + 1);
    least = std::min(least, factor * sorted[i]);
  }
  return least;
}

TwoSides simes(std::span<const TwoSides> sides) {
  return of_each_side(sides, [](const auto& p) { return simes(std::span<const double>(p)); });
}

TwoSides combined_sides(std::span<const TwoSides> sides, std::span<const double> weights,
                        Combination combination) {
  if (combination == Combination::mean) return stouffer(sides, weights);
  if (combination == Combination::any) return any_of(sides);
  const TwoSides result = any_of(exchanged(sides));
  return {result.opposing, result.supporting};
}

std::size_t deciding(std::span<const TwoSides> sides, Combination combination) {
  if (combination == Combination::each) return deciding(exchanged(sides), Combination::any);
  const TwoSides all = any_of(sides);
  const auto at = all.supporting <= all.opposing
                      ? std::ranges::min_element(sides, {}, &TwoSides::supporting)
                      : std::ranges::max_element(sides, {}, &TwoSides::opposing);
  return static_cast<std::size_t>(at - sides.begin());
}

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double factor = static_cast<double>(p.size() - rank);
    largest = std::max(largest, std::min(1.0, factor * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

std::vector<bool> testable(std::span<const double> least_p, double level) {
  std::size_t k = 1;
  const auto can_reach = [&](double least) { return least <= level / static_cast<double>(k); };
  while (static_cast<std::size_t>(std::ranges::count_if(least_p, can_reach)) > k) ++k;
  std::vector<bool> result;
  for (const double least : least_p) result.push_back(can_reach(least));
  return result;
}

}  // namespace minima
