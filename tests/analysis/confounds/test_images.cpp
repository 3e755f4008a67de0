// A finite test set that all replicates share. Every population draws new networks and new images
// (simulated_images.h).
//
// The earlier rules took the sample standard deviation over replicates as the only error, and a
// mean on one side of a tolerance as a decision.
#include <fmt/format.h>

#include <cmath>

#include "analysis/images/paired_outcomes.h"
#include "confound.h"
#include "core/numbers/random.h"
#include "simulated_images.h"
#include "statistics/distributions.h"
#include "statistics/estimates/accuracy_interval.h"
#include "statistics/estimates/mean_estimate.h"
#include "statistics/estimates/training_spread.h"

namespace minima::analysis {
namespace {

constexpr double kConfidence = 0.95;
constexpr double kPoint = 0.01;

double normal_probability(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

/// Standard deviation over networks of their accuracies on infinitely many images.
double true_spread(const Plant& plant) {
  Moments accuracies;
  constexpr int kSteps = 20'000;
  const double within = std::hypot(plant.image_sd, plant.rest_sd);
  for (int i = 0; i < kSteps; ++i) {
    const double network = normal_score((i + 0.5) / kSteps) * plant.network_sd;
    accuracies.add(normal_probability((plant.threshold() - network) / within));
  }
  return std::sqrt(accuracies.population_variance());
}

Moments accuracies_of(const TwoWaySums& sums) {
  Moments accuracies;
  for (const std::int64_t right : sums.replicate_sums()) {
    accuracies.add(static_cast<double>(right) / static_cast<double>(sums.image_sums().size()));
  }
  return accuracies;
}

/// Intervals of one type over all populations.
struct Intervals {
  int missed = 0;
  double width = 0.0;
  void add(double low, double high, double truth) {
    if (truth < low || truth > high) ++missed;
    width += high - low;
  }
};

/// Coverage of the interval of an architecture's accuracy.
void add_coverage(const Plant& plant, int populations, RandomStream& random,
                  std::vector<ConfoundResult>& results) {
  Intervals per_image;
  Intervals accuracies_only;
  Intervals before;
  for (int p = 0; p < populations; ++p) {
    const auto images = normals(plant.images, plant.image_sd, random);
    const TwoWaySums sums = sums_of(outcomes(plant, images, random));
    const Moments moments = accuracies_of(sums);
    std::vector<double> accuracies;
    for (const std::int64_t right : sums.replicate_sums()) {
      accuracies.push_back(static_cast<double>(right) / plant.images);
    }
    const AccuracyInterval exact = accuracy_interval(sums.result(), kConfidence);
    const AccuracyInterval rough = accuracy_interval(accuracies, plant.images, kConfidence);
    per_image.add(exact.low, exact.high, plant.accuracy);
    accuracies_only.add(rough.low, rough.high, plant.accuracy);
    const double half = student_t_half_width(moments, kConfidence);
    before.add(moments.mean() - half, moments.mean() + half, plant.accuracy);
  }
  const auto report = [&](const char* name, const Intervals& found) {
    results.push_back({.conclusion = fmt::format(
                           "{} runs, {}: width {:.2f} points ({:.2f})", plant.replicates, name,
                           100 * found.width / populations, 100 * before.width / populations),
                       .populations = populations,
                       .wrong = found.missed,
                       .wrong_before = before.missed});
  };
  report("accuracy from images", per_image);
  report("from accuracies", accuracies_only);
}

/// An architecture exactly one point below the best is called within one point of it.
ConfoundResult within_a_point(int populations, RandomStream& random) {
  const Plant best{.accuracy = 0.965};
  const Plant other{.accuracy = best.accuracy - kPoint};
  ConfoundResult result{.conclusion = "within 1 point of the best, which is 1 point away",
                        .populations = populations,
                        .nominal = (1 - kConfidence) / 2,
                        .wrong_before = 0};
  for (int p = 0; p < populations; ++p) {
    const auto images = normals(best.images, best.image_sd, random);
    const TwoWaySums a = sums_of(outcomes(best, images, random));
    const TwoWaySums b = sums_of(outcomes(other, images, random));
    const AccuracyDifference below = accuracy_difference(a, b, kConfidence);
    if (below.high < kPoint) ++result.wrong;
    if (below.mean <= kPoint) ++*result.wrong_before;
  }
  return result;
}

/// Networks that lose one point by compression; most errors stay on the same images.
ConfoundResult harmless_compression(int images_count, int populations, RandomStream& random) {
  constexpr double kKept = 0.95;  // correlation of the scores of single images
  const Plant dense{.images = images_count};
  const Plant compressed{.accuracy = dense.accuracy - kPoint};
  const std::vector<std::uint16_t> labels(static_cast<std::size_t>(images_count), 0);
  ConfoundResult result{
      .conclusion = fmt::format("loss below 1 point, where it is 1 point; {} images", images_count),
      .populations = populations,
      .nominal = 1 - kConfidence,
      .wrong_before = 0};
  std::vector<std::uint8_t> before(labels.size());
  std::vector<std::uint8_t> after(labels.size());
  for (int p = 0; p < populations; ++p) {
    const auto images = normals(images_count, dense.image_sd, random);
    PairedSums sums(labels, 1);
    for (const double network : normals(dense.replicates, dense.network_sd, random)) {
      for (std::size_t j = 0; j < images.size(); ++j) {
        const double own = random.normal();
        const double moved = kKept * own + std::sqrt(1 - kKept * kKept) * random.normal();
        before[j] = network + images[j] + dense.rest_sd * own < dense.threshold();
        after[j] = network + images[j] + dense.rest_sd * moved < compressed.threshold();
      }
      sums.add(before, after);
    }
    const PairedLoss loss = sums.result(kPoint, kConfidence);
    if (loss.verdict == LossVerdict::within) ++result.wrong;
    if (loss.loss.mean <= kPoint) ++*result.wrong_before;
  }
  return result;
}

/// Equally good networks: their spread is due only to the images.
ConfoundResult spread_of_equals(int populations, RandomStream& random) {
  const Plant plant{
      .accuracy = 0.7, .network_sd = 0.0, .rest_sd = 1.0, .replicates = 10, .images = 1000};
  ConfoundResult result{.conclusion = "networks differ by training, though they are equal",
                        .populations = populations,
                        .nominal = (1 - kConfidence) / 2,
                        .wrong_before = 0};
  for (int p = 0; p < populations; ++p) {
    const auto images = normals(plant.images, plant.image_sd, random);
    const auto spread =
        training_spread(sums_of(outcomes(plant, images, random)).result(), kConfidence);
    if (spread->low > 0.0) ++result.wrong;
    if (spread->observed > kPoint) ++*result.wrong_before;  // above the tolerance of the spread
  }
  return result;
}

/// The interval of the true spread, and the usual one of a standard deviation.
ConfoundResult spread_of_unequals(int populations, RandomStream& random) {
  const Plant plant{.accuracy = 0.9, .network_sd = 0.08, .rest_sd = 1.0, .replicates = 30};
  const double truth = true_spread(plant);
  const double df = plant.replicates - 1.0;
  const double tail = (1 - kConfidence) / 2;
  const double few = std::sqrt(df / chi_squared_quantile(1 - tail, df));
  const double many = std::sqrt(df / chi_squared_quantile(tail, df));
  Intervals found;
  Intervals before;
  for (int p = 0; p < populations; ++p) {
    const auto images = normals(plant.images, plant.image_sd, random);
    const auto spread =
        training_spread(sums_of(outcomes(plant, images, random)).result(), kConfidence);
    found.add(spread->low, spread->high, truth);
    before.add(few * spread->observed, many * spread->observed, truth);
  }
  return {
      .conclusion = fmt::format("sd by training, {:.2f} points: width {:.2f} ({:.2f})", 100 * truth,
                                100 * found.width / populations, 100 * before.width / populations),
      .populations = populations,
      .wrong = found.missed,
      .wrong_before = before.missed};
}

std::vector<ConfoundResult> simulate_test_images(int populations, std::uint64_t seed) {
  RandomStream random(seed, subject_of("test images"), Purpose::bootstrap);
  std::vector<ConfoundResult> results;
  for (const int replicates : {2, 5, 30}) {
    add_coverage({.replicates = replicates}, populations, random, results);
  }
  results.push_back(within_a_point(populations, random));
  results.push_back(harmless_compression(1000, populations, random));
  results.push_back(harmless_compression(10'000, populations, random));
  results.push_back(spread_of_equals(populations, random));
  results.push_back(spread_of_unequals(populations, random));
  return results;
}

}  // namespace

Confound finite_test_images() {
  return {.name = "finite test images",
          .planted =
              "1,000 test images, drawn anew, that all replicates share; widths (before) in points",
          .simulate = simulate_test_images};
}

}  // namespace minima::analysis
