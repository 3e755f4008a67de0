// Claims on architecture: the shape of hidden layers, and the family.
#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <set>

#include "analysis/claim_tests.h"
#include "analysis/shape_spread.h"
#include "core/student_t.h"

namespace minima::analysis {

std::vector<ClaimTest> shape_hardly_matters(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  const double tolerance = evidence.settings.accuracy_tolerance;
  for (const Selection& selection : selections_of(evidence.population)) {
    const std::vector<ShapedNetwork> networks = large_shapes(evidence.population, selection);
    const ShapeSpread spread = shape_spread(networks, tolerance, evidence.settings.confidence);
    if (!spread.missing.empty()) continue;
    tests.push_back({.dataset = evidence.population.datasets[selection.dataset].name,
                     .family = selection.family,
                     .scope = "",
                     .statistic = "standard deviation between shapes",
                     .effect = spread.sd,
                     .low = spread.low,
                     .high = spread.high,
                     .bound = tolerance,
                     .claimed = Side::below,
                     .count = spread.architectures,
                     .counted = "architectures",
                     .p = std::min(1.0, 2.0 * std::min(spread.p_of_large, spread.p_of_small))});
    // The estimate may be beyond the tolerance while neither p is small: the side is that of p.
    ClaimTest& test = tests.back();
    const bool is_small = spread.p_of_large < spread.p_of_small;
    if ((test.effect < tolerance) != is_small) test.p = 1.0;
  }
  return tests;
}

namespace {

// Sizes of a pair of families are matched when the larger is at most this much above the smaller.
constexpr double kMatched = 1.25;
constexpr std::size_t kFewestMatches = 4;

/// An architecture with two runs or more.
struct Sized {
  double parameters = 0.0;
  double accuracy = 0.0;  ///< mean; a diverged run counts with the largest class
};

std::vector<Sized> sizes_of(const Population& population, const Selection& selection) {
  const double chance = population.datasets[selection.dataset].majority_share;
  std::map<std::string, Moments> accuracies;
  std::map<std::string, double> parameters;
  for (const std::size_t index : selection.runs) {
    const store::RunRow& run = population.runs[index];
    const bool has_number = std::isfinite(run.result.test_accuracy);
    accuracies[run.architecture].add(has_number ? run.result.test_accuracy : chance);
    parameters[run.architecture] = static_cast<double>(run.parameters);
  }
  std::vector<Sized> all;
  for (const auto& [architecture, moments] : accuracies) {
    if (moments.count() > 1) all.push_back({parameters[architecture], moments.mean()});
  }
  return all;
}

/// Differences of mean accuracy between architectures of nearly equal size, one of each family. The
/// closest pairs are matched first, and no architecture twice.
std::vector<double> matched_differences(const std::vector<Sized>& a, const std::vector<Sized>& b) {
  struct Pair {
    double distance;
    std::size_t a;
    std::size_t b;
  };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      const double distance = std::abs(std::log(a[i].parameters / b[j].parameters));
      if (distance <= std::log(kMatched)) pairs.push_back({distance, i, j});
    }
  }
  std::ranges::sort(pairs, {},
                    [](const Pair& pair) { return std::tuple(pair.distance, pair.a, pair.b); });
  std::set<std::size_t> used_a;
  std::set<std::size_t> used_b;
  std::vector<double> differences;
  for (const Pair& pair : pairs) {
    if (used_a.contains(pair.a) || used_b.contains(pair.b)) continue;
    used_a.insert(pair.a);
    used_b.insert(pair.b);
    differences.push_back(a[pair.a].accuracy - b[pair.b].accuracy);
  }
  return differences;
}

/// Two one-sided t tests of a mean difference against the tolerance (Schuirmann 1987): the p-value
/// of equivalence where the difference is within it, else that of a larger difference; doubled.
std::optional<ClaimTest> equivalence(const std::vector<double>& differences, double tolerance,
                                     double confidence) {
  Moments moments;
  for (const double difference : differences) moments.add(difference);
  const auto n = static_cast<double>(moments.count());
  const double error = moments.sample_sd() / std::sqrt(n);
  if (differences.size() < kFewestMatches || !(error > 0.0)) return std::nullopt;
  const boost::math::students_t distribution(n - 1.0);
  const double size = std::abs(moments.mean());
  const double half = student_t_half_width(moments, confidence);
  // On the side of the tolerance that is farther away the probability is smaller.
  const double p = cdf(complement(distribution, std::abs(size - tolerance) / error));
  return ClaimTest{.statistic = "mean difference of accuracy at equal size",
                   .effect = size,
                   .low = std::max(0.0, size - half),
                   .high = size + half,
                   .bound = tolerance,
                   .claimed = Side::below,
                   .count = moments.count(),
                   .counted = "pairs of architectures",
                   .p = std::min(1.0, 2.0 * p)};
}

}  // namespace

std::vector<ClaimTest> families_agree(const ClaimEvidence& evidence) {
  const std::vector<Selection> selections = selections_of(evidence.population);
  std::vector<ClaimTest> tests;
  for (std::size_t i = 0; i < selections.size(); ++i) {
    for (std::size_t j = i + 1; j < selections.size(); ++j) {
      if (selections[i].dataset != selections[j].dataset) continue;
      auto test = equivalence(matched_differences(sizes_of(evidence.population, selections[i]),
                                                  sizes_of(evidence.population, selections[j])),
                              evidence.settings.accuracy_tolerance, evidence.settings.confidence);
      if (!test) continue;
      test->dataset = evidence.population.datasets[selections[i].dataset].name;
      test->family = selections[i].family + " and " + selections[j].family;
      tests.push_back(std::move(*test));
    }
  }
  return tests;
}

}  // namespace minima::analysis
