#include "analysis/sizes/flat_end.h"

#include <algorithm>
#include <cmath>

#include "analysis/sizes/conditions.h"
#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

constexpr double kFactor = 4;
// Doubling the width twice gives nearly a factor of 4; biases make it a little less.
constexpr double kNearlyFactor = 3.5;
constexpr double kLeastFlatVariance = 1e-12;  // keeps weights finite if all runs are equal
constexpr double kMany = 1e6;                 // degrees of freedom of a known variance

std::size_t window_start(const std::vector<Level>& levels) {
  std::size_t first = levels.size() - 1;
  const double most = static_cast<double>(levels.back().parameters) / kNearlyFactor;
  while (first > 0 && static_cast<double>(levels[first].parameters) > most) --first;
  return first;
}

struct Slope {
  double value = 0.0;
  double variance = 0.0;
  double degrees = 0.0;
};

Slope slope_of(const std::vector<Level>& levels, const std::vector<Sample>& samples,
               std::size_t first) {
  const std::vector<double> by_runs = smoothed_variances(samples);
  const std::vector<double> uneven = uneven_variances(samples);
  const std::size_t size = samples.size();
  std::vector<double> seeds(size);
  std::vector<double> variances(size);
  double weight = 0.0;
  double centre = 0.0;
  const auto x = [&](std::size_t i) { return std::log(static_cast<double>(levels[i].parameters)); };
  for (std::size_t i = first; i < size; ++i) {
    seeds[i] = by_runs[i] / static_cast<double>(std::max<std::int64_t>(samples[i].count, 1));
    variances[i] = seeds[i] + uneven[i] + (1.0 - kSharedImages) * samples[i].image_variance +
                   kLeastFlatVariance;
    weight += 1.0 / variances[i];
    centre += x(i) / variances[i];
  }
  centre /= weight;
  double spread = 0.0;
  for (std::size_t i = first; i < size; ++i) {
    spread += (x(i) - centre) * (x(i) - centre) / variances[i];
  }
  Slope slope;
  double squares = 0.0;
  for (std::size_t i = first; i < size; ++i) {
    const double part = (x(i) - centre) / variances[i] / spread;
    slope.value += part * samples[i].mean;
    slope.variance += part * part * variances[i];
    const double term = part * part * seeds[i];
    squares += term * term / static_cast<double>(std::max<std::int64_t>(samples[i].count - 1, 1));
  }
  slope.degrees =
      squares > 0.0 ? std::min(slope.variance * slope.variance / squares, kMany) : kMany;
  return slope;
}

}  // namespace

EndOfCurve end_of_curve(const std::vector<Level>& levels, const std::vector<Sample>& samples,
                        double confidence) {
  EndOfCurve end;
  const bool any_spread =
      std::ranges::any_of(samples, [](const Sample& sample) { return sample.count > 1; });
  if (levels.empty()) return end;
  const std::size_t first = window_start(levels);
  end.from = levels[first].parameters;
  end.to = levels.back().parameters;
  if (levels.size() < 2 || !any_spread) return end;
  end.tested = true;
  const Slope slope = slope_of(levels, samples, first);
  const double range = std::log(static_cast<double>(end.to) / static_cast<double>(end.from));
  const double scale = std::max(range, std::log(kFactor));
  end.gain = slope.value * scale;
  const double quantile = student_t_upper_quantile(1.0 - confidence, slope.degrees);
  const double half = quantile * scale * std::sqrt(slope.variance);
  end.gain_low = end.gain - half;
  end.gain_high = end.gain + half;
  return end;
}

}  // namespace minima::analysis
