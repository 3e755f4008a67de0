#include "analysis/sizes/conditions.h"

#include <algorithm>
#include <cmath>

#include "core/numbers/tolerance.h"
#include "statistics/distributions.h"
#include "statistics/fits/isotonic.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

constexpr double kCertain = std::numeric_limits<double>::infinity();

double degrees_of(const Sample& sample) {
  return static_cast<double>(std::max<std::int64_t>(sample.count - 1, 0));
}

bool any_spread(const std::vector<Sample>& samples) {
  return std::any_of(samples.begin(), samples.end(),
                     [](const Sample& sample) { return sample.count > 1; });
}

// Degrees of freedom of one block of an isotonic fit (Meyer and Woodroofe 2000).
constexpr double kDegreesOfBlock = 1.5;
constexpr double kLeastNoise = 1e-8;  // a variance: that due to 10,000 test images

// Student's t of the mean of a range of levels against the bound, as a normal score.
struct MeanScore {
  std::vector<Sample> samples;
  std::vector<double> variances;
  std::vector<double> uneven;
  Bound bound;

  [[nodiscard]] double count(std::size_t first, std::size_t last) const {
    double sum = 0.0;
    for (std::size_t i = first; i < last; ++i) sum += static_cast<double>(samples[i].count);
    return sum;
  }
  [[nodiscard]] double mean(std::size_t first, std::size_t last) const {
    const double runs = count(first, last);
    double sum = 0.0;
    for (std::size_t i = first; i < last; ++i) {
      sum += static_cast<double>(samples[i].count) * samples[i].mean;
    }
    return runs > 0.0 ? sum / runs : 0.0;
  }
  [[nodiscard]] double threshold() const {
    const bool relative = bound.reference < samples.size();
    return bound.value + (relative ? mean(bound.reference, samples.size()) : 0.0);
  }

  // Variance due to test-image sampling, averaged over the runs of the levels.
  [[nodiscard]] double image_part(std::size_t first, std::size_t last) const {
    const double runs = count(first, last);
    double sum = 0.0;
    for (std::size_t i = first; i < last; ++i) {
      sum += static_cast<double>(samples[i].count) * samples[i].image_variance;
    }
    return runs > 0.0 ? sum / runs : 0.0;
  }
  // Variance of the distance due to test-image sampling. Levels share the test images, so it does
  // not shrink with their number. What the range shares with the reference cancels.
  [[nodiscard]] double images(std::size_t first, std::size_t last) const {
    if (bound.reference >= samples.size()) return image_part(first, last);
    const double runs = count(first, last);
    const double others = count(bound.reference, samples.size());
    double common = 0.0;
    for (std::size_t i = std::max(first, bound.reference); i < last; ++i) {
      common += static_cast<double>(samples[i].count) * std::min(1.0 / runs, 1.0 / others);
    }
    const double apart = std::max(1.0 - common, 0.0);
    return apart * apart * (1.0 - kSharedImages) *
           (image_part(first, last) + image_part(bound.reference, samples.size()));
  }

  [[nodiscard]] double operator()(std::size_t first, std::size_t last) const {
    const double runs = count(first, last);
    if (runs <= 0.0) return 0.0;
    const double distance = mean(first, last) - threshold();
    if (std::abs(distance) < kRounding) return 0.0;
    const double others =
        bound.reference < samples.size() ? count(bound.reference, samples.size()) : 1.0;
    double variance = 0.0;
    double squares = 0.0;  // squared terms, for Welch's degrees of freedom
    const auto add = [&](std::size_t i) {
      const double n = static_cast<double>(samples[i].count);
      if (n <= 0.0) return;
      const double own = i >= first && i < last ? n / runs : 0.0;
      const double part = own - (i >= bound.reference ? n / others : 0.0);
      const double term = part * part * variances[i] / n;
      const double shape = bound.trend ? part : own;
      variance += term + shape * shape * uneven[i];
      squares += term * term / std::max(n - 1, 1.0);
    };
    for (std::size_t i = first; i < last; ++i) add(i);
    for (std::size_t i = std::max(bound.reference, last); i < samples.size(); ++i) add(i);
    for (std::size_t i = bound.reference; i < first; ++i) add(i);
    variance += images(first, last);
    if (variance <= 0.0) return std::copysign(kCertain, distance);
    const double degrees = squares > 0.0 ? variance * variance / squares : 1e9;
    return student_t_score(distance / std::sqrt(variance), degrees);
  }
};

// Pooled variance of a range of levels against its bound, as a normal score: positive if it exceeds
// the bound.
struct SpreadScore {
  std::vector<Sample> samples;
  std::vector<double> variances;
  double bound = 0.0;  // a variance, like `least`
  double least = 0.0;  // what the pooled variance counts at least

  [[nodiscard]] double operator()(std::size_t first, std::size_t last) const {
    double degrees = 0.0;
    double sum = 0.0;
    double squares = 0.0;
    double fourth = 0.0;
    double runs = 0.0;
    for (std::size_t i = first; i < last; ++i) {
      if (samples[i].count < 2) continue;
      degrees += degrees_of(samples[i]);
      sum += degrees_of(samples[i]) * variances[i];
      squares += degrees_of(samples[i]) * samples[i].variance;
      fourth += samples[i].fourth;
      runs += static_cast<double>(samples[i].count);
    }
    if (degrees <= 0.0) return 0.0;
    const double pooled = std::max(sum / degrees, least);
    if (std::abs(std::sqrt(pooled) - std::sqrt(bound)) < kRounding) return 0.0;
    if (bound <= 0.0) return kCertain;
    const double kurtosis = squares > 0.0 ? runs * fourth / (squares * squares) : 3.0;
    const double effective = degrees * std::min(1.0, 2.0 / std::max(kurtosis - 1.0, 1e-3));
    return chi_squared_score(effective * pooled / bound, effective);
  }
};

}  // namespace

std::vector<double> falling_variances(const std::vector<Sample>& samples) {
  std::vector<double> values;
  std::vector<double> weights;
  for (const Sample& sample : samples) {
    if (sample.count < 2) continue;
    values.push_back(sample.variance);
    weights.push_back(degrees_of(sample));
  }
  const std::vector<double> fit = antitonic_fit(values, weights);
  std::vector<double> variances;
  std::size_t seen = 0;  // levels with a variance so far
  for (const Sample& sample : samples) {
    if (sample.count >= 2) ++seen;
    variances.push_back(fit.empty() ? 0.0 : fit[seen > 0 ? seen - 1 : 0]);
  }
  return variances;
}

std::vector<double> smoothed_variances(const std::vector<Sample>& samples) {
  std::vector<double> variances = falling_variances(samples);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    variances[i] = std::max(variances[i], samples[i].variance);
  }
  return variances;
}

std::vector<double> uneven_variances(const std::vector<Sample>& samples) {
  const std::vector<double> variances = falling_variances(samples);
  const std::vector<double> fit = fitted_means(samples);
  std::vector<double> excess;  // one per block of two or more levels
  std::vector<double> weights_of_blocks;
  std::vector<std::size_t> block_of;
  for (std::size_t first = 0, last = 0; first < samples.size(); first = last) {
    Moments block;
    Moments noise;
    do {  // at least once: NaN does not equal itself
      if (samples[last].count == 0) continue;
      block.add(samples[last].mean);
      noise.add(variances[last] / static_cast<double>(samples[last].count));
    } while (++last < samples.size() && fit[last] == fit[first]);
    if (block.count() > 1) {
      const auto levels = static_cast<double>(block.count());
      excess.push_back(block.population_variance() * levels / (levels - kDegreesOfBlock) -
                       noise.mean());
      // Weighted by precision, so that the noise of small networks does not dominate.
      weights_of_blocks.push_back((levels - kDegreesOfBlock) /
                                  std::pow(noise.mean() + kLeastNoise, 2));
    }
    block_of.resize(last, excess.size());
  }
  const std::vector<double> fitted = antitonic_fit(excess, weights_of_blocks);
  std::vector<double> uneven;
  for (const std::size_t block : block_of) {
    const std::size_t at = block > 0 ? block - 1 : 0;
    uneven.push_back(at < fitted.size() ? std::max(fitted[at], 0.0) : 0.0);
  }
  return uneven;
}

Condition mean_condition(const std::vector<Sample>& samples, const Bound& bound) {
  Condition condition;
  const std::vector<double> variances = smoothed_variances(samples);
  const MeanScore score{samples, variances, uneven_variances(samples), bound};
  const double threshold = score.threshold();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double runs = static_cast<double>(samples[i].count);
    condition.surplus.push_back(runs > 0.0 ? runs * (samples[i].mean - threshold) : 0.0);
    const double level = score.uneven[i] + (1.0 - kSharedImages) * samples[i].image_variance;
    condition.information.push_back(runs * (score.variances[i] + runs * level));
  }
  if (any_spread(samples)) {
    condition.holds = score;
    condition.fails = [score](std::size_t first, std::size_t last) { return -score(first, last); };
  }
  return condition;
}

Condition spread_condition(const std::vector<Sample>& samples, double tolerance,
                           std::int64_t images) {
  Condition condition;
  const double bound = tolerance * tolerance;
  for (const Sample& sample : samples) {
    condition.surplus.push_back(degrees_of(sample) * (bound - sample.variance));
    condition.information.push_back(degrees_of(sample));
  }
  if (!any_spread(samples)) return condition;
  std::vector<double> own;
  for (const Sample& sample : samples) own.push_back(sample.variance);
  const double step = images > 0 ? 1.0 / static_cast<double>(images) : 0.0;
  const double rounding = step * step / 12.0;  // variance of a uniform rounding error
  const SpreadScore small{samples, smoothed_variances(samples), bound, rounding};
  condition.holds = [small](std::size_t first, std::size_t last) { return -small(first, last); };
  condition.fails = SpreadScore{samples, own, bound, rounding};
  return condition;
}

Condition share_condition(const std::vector<Count>& counts, double share) {
  Condition condition;
  std::vector<Count> before(1);  // cumulative counts of the levels before
  for (const Count& count : counts) {
    condition.surplus.push_back(static_cast<double>(count.successes) -
                                share * static_cast<double>(count.trials));
    condition.information.push_back(static_cast<double>(count.trials));
    before.push_back(
        {before.back().successes + count.successes, before.back().trials + count.trials});
  }
  const auto stretch = [before](std::size_t first, std::size_t last) {
    return Count{before[last].successes - before[first].successes,
                 before[last].trials - before[first].trials};
  };
  condition.holds = [stretch, share](std::size_t first, std::size_t last) {
    const Count count = stretch(first, last);
    return normal_score(binomial_upper_tail(count.successes, count.trials, share));
  };
  condition.fails = [stretch, share](std::size_t first, std::size_t last) {
    const Count count = stretch(first, last);
    return normal_score(
        binomial_upper_tail(count.trials - count.successes, count.trials, 1.0 - share));
  };
  return condition;
}

}  // namespace minima::analysis
