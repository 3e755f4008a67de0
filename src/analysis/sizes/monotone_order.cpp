#include "analysis/sizes/monotone_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/sizes/conditions.h"
#include "core/text.h"
#include "statistics/fits/isotonic.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

/// The variance of each level's mean; `floor`: its components other than replicates.
std::vector<double> variances_of_means(const std::vector<Sample>& samples,
                                       const std::vector<double>& floor) {
  std::vector<double> variances = smoothed_variances(samples);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto runs = static_cast<double>(std::max<std::int64_t>(samples[i].count, 1));
    variances[i] = variances[i] / runs + floor[i];
  }
  return variances;
}

double misfit_of(const std::vector<Sample>& samples, const std::vector<double>& floor) {
  const std::vector<double> variances = variances_of_means(samples, floor);
  std::vector<double> means;
  std::vector<double> weights;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    means.push_back(samples[i].mean);
    weights.push_back(1.0 / variances[i]);
  }
  const std::vector<double> fit = isotonic_fit(means, weights);
  double sum = 0.0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    sum += weights[i] * (means[i] - fit[i]) * (means[i] - fit[i]);
  }
  return sum;
}

/// Draws levels with equal true means; `variances`: of single runs.
std::vector<Sample> draw(const std::vector<Sample>& samples, const std::vector<double>& variances,
                         const std::vector<double>& floor, RandomStream& stream) {
  std::vector<Sample> drawn;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    Moments runs;
    for (std::int64_t run = 0; run < samples[i].count; ++run) runs.add(stream.normal());
    const double sd = std::sqrt(variances[i]);
    drawn.push_back({.count = samples[i].count,
                     .mean = sd * runs.mean() + std::sqrt(floor[i]) * stream.normal(),
                     .variance = variances[i] * runs.sample_sd() * runs.sample_sd()});
  }
  return drawn;
}

void set_fall(const std::vector<Level>& levels, const std::vector<Sample>& samples,
              MonotoneOrder& order) {
  std::size_t highest = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const double fall = samples[highest].mean - samples[i].mean;
    if (fall > order.fall) {
      order.fall = fall;
      order.fall_from = levels[highest].parameters;
      order.fall_to = levels[i].parameters;
    }
    if (samples[i].mean > samples[highest].mean) highest = i;
  }
}

}  // namespace

std::string MonotoneOrder::text() const {
  return fmt::format("accuracy falls by {:.1f} points from {} to {} parameters", 100.0 * fall,
                     grouped(fall_from), grouped(fall_to));
}

MonotoneOrder monotone_order_of(const std::vector<Level>& levels,
                                const std::vector<Sample>& samples, double tolerance,
                                double confidence, int draws, RandomStream stream) {
  MonotoneOrder order;
  set_fall(levels, samples, order);
  const bool any_spread =
      std::ranges::any_of(samples, [](const Sample& sample) { return sample.count > 1; });
  if (order.fall <= tolerance || !any_spread) return order;
  std::vector<double> floor;
  for (const Sample& sample : samples) {
    floor.push_back((1.0 - kSharedImages) * sample.image_variance + tolerance * tolerance / 4 +
                    1e-12);
  }
  const double observed = misfit_of(samples, floor);
  const std::vector<double> variances = smoothed_variances(samples);
  int as_large = 0;
  for (int i = 0; i < draws; ++i) {
    if (misfit_of(draw(samples, variances, floor, stream), floor) >= observed) ++as_large;
  }
  order.p = (1.0 + as_large) / (1.0 + draws);
  order.rejected = *order.p <= 1.0 - confidence;
  return order;
}

}  // namespace minima::analysis
