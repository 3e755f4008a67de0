// Claims on architecture: the shape of hidden layers, and the family.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/claims/claim_tests.h"
#include "analysis/convergence/shape_spread.h"
#include "analysis/population/levels.h"
#include "record/run_row.h"
#include "statistics/distributions.h"

namespace minima::analysis {

std::vector<ClaimTest> shape_hardly_matters(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  const double tolerance = evidence.settings.accuracy_tolerance;
  for (const Selection& selection : selections_of(evidence.population)) {
    const std::vector<ShapedNetwork> networks = large_shapes(evidence.population, selection);
    const std::int64_t images = evidence.population.datasets[selection.dataset].test_count;
    const ShapeSpread spread =
        shape_spread(networks, images, tolerance, evidence.settings.confidence);
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
    // The estimate may exceed the tolerance although neither p is small, so p decides the side.
    ClaimTest& test = tests.back();
    const bool is_small = spread.p_of_large < spread.p_of_small;
    if ((test.effect < tolerance) != is_small) test.p = 1.0;
  }
  return tests;
}

namespace {

// Largest ratio of sizes in a matched pair of networks from two families.
constexpr double kMatched = 1.25;
constexpr std::int64_t kFewestMatches = 4;
// The slope of accuracy at a size uses networks whose size differs by at most this factor.
constexpr double kNear = 4.0;
// Sizes with a smaller ratio count as equal; no slope is needed.
constexpr double kEqual = 1.01;

/// An architecture with two runs or more.
struct Sized {
  double parameters = 0.0;
  double accuracy = 0.0;  ///< mean; a diverged run counts as the largest class
};

std::vector<Sized> sizes_of(const Population& population, const Selection& selection) {
  const double chance = population.datasets[selection.dataset].majority_share;
  std::map<std::string, Moments> accuracies;
  std::map<std::string, double> parameters;
  for (const std::size_t index : selection.runs) {
    const record::RunRow& run = population.runs[index];
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

/// Change of accuracy per unit of ln(parameters) near a size: least squares within both families,
/// each with its own mean. Empty if the sizes of a family are too far apart or too close together
/// for a reliable slope.
std::optional<double> slope_near(double log_size, const std::vector<Sized>& a,
                                 const std::vector<Sized>& b) {
  const auto is_near = [log_size](const Sized& each) {
    return std::abs(std::log(each.parameters) - log_size) <= std::log(kNear);
  };
  double products = 0.0;
  double squares = 0.0;
  for (const std::vector<Sized>* family : {&a, &b}) {
    Moments sizes;
    Moments accuracies;
    for (const Sized& each : *family) {
      if (!is_near(each)) continue;
      sizes.add(std::log(each.parameters));
      accuracies.add(each.accuracy);
    }
    for (const Sized& each : *family) {
      if (!is_near(each)) continue;
      const double size = std::log(each.parameters) - sizes.mean();
      products += size * (each.accuracy - accuracies.mean());
      squares += size * size;
    }
  }
  const double least = std::log(kMatched) * std::log(kMatched);
  return squares > least ? std::optional(products / squares) : std::nullopt;
}

/// Differences of mean accuracy between architectures of nearly equal size, one of each family. The
/// effect of the remaining size difference is subtracted, because one family may be the larger one
/// in every pair.
struct Matched {
  Moments differences;
  Moments a;  // the compared accuracies
  Moments b;
};

/// Matches the closest pairs first; each architecture is used once at most.
Matched matched_differences(const std::vector<Sized>& a, const std::vector<Sized>& b) {
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
  Matched matched;
  for (const Pair& pair : pairs) {
    if (used_a.contains(pair.a) || used_b.contains(pair.b)) continue;
    const Sized& one = a[pair.a];
    const Sized& other = b[pair.b];
    const double log_size = 0.5 * std::log(one.parameters * other.parameters);
    const auto slope = slope_near(log_size, a, b);
    if (!slope && pair.distance > std::log(kEqual)) continue;
    used_a.insert(pair.a);
    used_b.insert(pair.b);
    const double by_size = slope.value_or(0.0) * std::log(one.parameters / other.parameters);
    matched.differences.add(one.accuracy - other.accuracy - by_size);
    matched.a.add(one.accuracy);
    matched.b.add(other.accuracy);
  }
  return matched;
}

/// Variance of the mean difference due to the choice of test images. An error that the networks of
/// a family share shifts all pairs alike, so more pairs do not average it out.
double shared_image_variance(const Matched& matched, std::int64_t images) {
  return (1.0 - kSharedImages) *
         (image_variance(matched.a.mean(), images) + image_variance(matched.b.mean(), images));
}

/// Two one-sided t tests of a mean difference against the tolerance (Schuirmann 1987): the p-value
/// of equivalence if the difference is within the tolerance, else the p-value of a larger
/// difference; doubled. The variance due to images is known, so Satterthwaite's degrees of freedom
/// exceed those of the pairs.
std::optional<ClaimTest> equivalence(const Matched& matched, std::int64_t images,
                                     const study::AnalysisSettings& settings) {
  const Moments& differences = matched.differences;
  if (differences.count() < kFewestMatches) return std::nullopt;
  const auto n = static_cast<double>(differences.count());
  const double by_pairs = differences.sample_sd() * differences.sample_sd() / n;
  const double variance = by_pairs + shared_image_variance(matched, images);
  if (!(by_pairs > 0.0)) return std::nullopt;
  constexpr double kMany = 1e6;
  const double degrees = std::min(kMany, (n - 1.0) * variance * variance / (by_pairs * by_pairs));
  const double error = std::sqrt(variance);
  const double tolerance = settings.accuracy_tolerance;
  const double size = std::abs(differences.mean());
  const double half = error * student_t_quantile(settings.confidence, degrees);
  // The farther side of the tolerance gives the smaller probability, so only the nearer one is
  // computed. Doubled, it is a two-sided probability.
  const double p = student_t_two_sided_tail(std::abs(size - tolerance) / error, degrees);
  return ClaimTest{.statistic = "mean difference of accuracy at equal size",
                   .effect = size,
                   .low = std::max(0.0, size - half),
                   .high = size + half,
                   .bound = tolerance,
                   .claimed = Side::below,
                   .count = differences.count(),
                   .counted = "pairs of architectures",
                   .p = p};
}

/// Tests whether every pair of families agrees. Effect and interval are those of the deciding pair.
ClaimTest every_pair(const std::vector<ClaimTest>& pairs) {
  std::vector<TwoSides> sides;
  for (const ClaimTest& pair : pairs) sides.push_back(sides_of(pair.p, pair.effect < pair.bound));
  ClaimTest test = pairs[deciding(sides, Combination::each)];
  test.p = two_sided(combined_sides(sides, {}, Combination::each));
  return test;
}

}  // namespace

std::vector<ClaimTest> families_agree(const ClaimEvidence& evidence) {
  const Population& population = evidence.population;
  const std::vector<Selection> selections = selections_of(population);
  std::map<std::size_t, std::vector<ClaimTest>> pairs;
  for (std::size_t i = 0; i < selections.size(); ++i) {
    for (std::size_t j = i + 1; j < selections.size(); ++j) {
      if (selections[i].dataset != selections[j].dataset) continue;
      const Matched matched = matched_differences(sizes_of(population, selections[i]),
                                                  sizes_of(population, selections[j]));
      auto test = equivalence(matched, population.datasets[selections[i].dataset].test_count,
                              evidence.settings);
      if (!test) continue;
      test->scope = fmt::format("{} and {}", selections[i].family, selections[j].family);
      pairs[selections[i].dataset].push_back(std::move(*test));
    }
  }
  std::vector<ClaimTest> tests;
  for (const auto& [dataset, of_dataset] : pairs) {
    tests.push_back(every_pair(of_dataset));
    tests.back().dataset = population.datasets[dataset].name;
  }
  return tests;
}

}  // namespace minima::analysis
