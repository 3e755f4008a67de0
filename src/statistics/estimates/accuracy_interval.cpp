// Construction of the interval. The variance of a mean over replicates has two parts: one due to
// the replicates, known from few of them (Student's t), and one due to the shared images, known
// from many (normal). Each part gets its own quantile, and half-widths are added in squares (Zou
// and Donner 2008, "method of variance estimates recovery"). A single quantile with Satterthwaite's
// degrees of freedom is narrower, but covers only 88 % instead of 95 % with two or three
// replicates.
//
// Near 0 and 1 a symmetric interval is wrong. So the variance is converted to the number of
// independent images that would have it, and Wilson's interval is used for that number.
#include "statistics/estimates/accuracy_interval.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "statistics/distributions.h"
#include "statistics/statistics.h"

namespace minima {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double normal_quantile(double confidence) {
  return normal_score((1.0 - confidence) / 2.0);
}

/// A variance and half the width of its interval.
struct Part {
  double variance = 0.0;
  double half_width = 0.0;
  double df = 0.0;  ///< 0: unknown, or many
};

/// The part of the variance due to replicates, with `df` degrees of freedom; zero if there are
/// none, because nothing is known of it.
Part seeds_part(double variance, double df, double confidence) {
  if (df <= 0.0 || variance <= 0.0) return {};
  return {variance, student_t_quantile(confidence, df) * std::sqrt(variance), df};
}

AccuracyDifference difference_of(double mean, const Part& seeds, bool seeds_known,
                                 double images_variance, double confidence) {
  const double z = normal_quantile(confidence);
  const double half = std::sqrt(seeds.half_width * seeds.half_width + z * z * images_variance);
  return {.mean = mean,
          .low = std::max(-1.0, mean - half),
          .high = std::min(1.0, mean + half),
          .se_seeds = seeds_known ? std::sqrt(seeds.variance) : kUnknown,
          .se_images = std::sqrt(images_variance)};
}

double squared(double x) {
  return x * x;
}

/// Spread of the accuracies of some replicates.
struct Spread {
  double variance = 0.0;  ///< of the sample; 0 with one replicate
  double count = 1.0;
};

/// The variance of the difference of two means of independent replicates, with Welch's (1947)
/// degrees of freedom. A single replicate is assumed to vary like the other side.
Part welch_part(const Spread& a, const Spread& b, double confidence) {
  if (a.count < 2.0 && b.count < 2.0) return {};
  if (a.count < 2.0 || b.count < 2.0) {
    const Spread& known = a.count < 2.0 ? b : a;
    return seeds_part(known.variance * (1.0 / a.count + 1.0 / b.count), known.count - 1.0,
                      confidence);
  }
  const double first = a.variance / a.count;
  const double second = b.variance / b.count;
  if (first + second <= 0.0) return {};
  const double df = squared(first + second) /
                    (squared(first) / (a.count - 1.0) + squared(second) / (b.count - 1.0));
  return seeds_part(first + second, df, confidence);
}

const Part& wider(const Part& a, const Part& b) {
  return a.half_width < b.half_width ? b : a;
}

/// The part of a mean of several independent differences, with Satterthwaite's (1946) degrees of
/// freedom. They are at least those of a single difference, so several differences have a narrower
/// interval.
class MeanPart {
 public:
  void add(const Part& part, bool known) {
    variance_ += part.variance;
    if (part.df > 0.0) squares_ += squared(part.variance) / part.df;
    known_ = known_ && known;
    count_ += 1.0;
  }
  [[nodiscard]] Part part(double confidence) const {
    const double df = squares_ > 0.0 ? squared(variance_) / squares_ : 0.0;
    return seeds_part(variance_ / squared(count_), df, confidence);
  }
  [[nodiscard]] bool known() const { return known_; }
  [[nodiscard]] double count() const { return count_; }

 private:
  double variance_ = 0.0;
  double squares_ = 0.0;
  double count_ = 0.0;
  bool known_ = true;
};

/// The part of the same mean, if replicates of equal number are good or bad together.
Part part_of(const ReplicateMeans& replicates, double confidence) {
  const auto spread = [](const std::vector<double>& means) {
    const double deviation = moments_of(means).sample_sd();
    return Spread{squared(deviation), static_cast<double>(means.size())};
  };
  if (replicates.first.empty() || replicates.second.empty()) return {};
  return welch_part(spread(replicates.first), spread(replicates.second), confidence);
}

/// The variance of the mean of one image's outcome with one more discordant image, half in either
/// direction (Agresti and Min 2005): that none of N images is discordant does not mean that none
/// exists.
double with_one_more(double image_variance, double images) {
  return (image_variance * (images - 1.0) + 1.0) / squared(images + 1.0);
}

}  // namespace

AccuracyInterval accuracy_interval(const VarianceParts& parts, double confidence) {
  const double z = normal_quantile(confidence);
  const Part seeds = seeds_part(parts.seeds_variance, parts.seeds_df, confidence);
  AccuracyInterval interval{.mean = parts.mean};
  interval.se_seeds = parts.seeds_df > 0.0 ? std::sqrt(seeds.variance) : kUnknown;
  interval.se_images = std::sqrt(parts.images_variance);
  const double variance = seeds.variance + parts.images_variance;
  double trials = static_cast<double>(parts.images);
  double quantile = z;
  if (variance > 0.0) {
    trials = parts.mean * (1.0 - parts.mean) / variance;
    quantile = std::sqrt((squared(seeds.half_width) + z * z * parts.images_variance) / variance);
  }
  const ProportionInterval limits = wilson_limits(parts.mean, trials, quantile);
  interval.low = limits.low;
  interval.high = limits.high;
  return interval;
}

AccuracyInterval accuracy_interval(std::span<const double> accuracies, std::int64_t images,
                                   double confidence) {
  if (accuracies.empty() || images < 1) {
    throw std::invalid_argument("an interval needs an accuracy and an image");
  }
  return accuracy_interval(summary_of(moments_of(accuracies)), images, confidence);
}

AccuracyInterval accuracy_interval(const AccuracySummary& accuracies, std::int64_t images,
                                   double confidence) {
  const auto n = static_cast<double>(accuracies.runs);
  const double mean = std::clamp(accuracies.mean, 0.0, 1.0);
  return accuracy_interval({.mean = mean,
                            .seeds_variance = squared(accuracies.sd.value_or(0.0)) / n,
                            .seeds_df = n - 1.0,
                            .images_variance = mean * (1.0 - mean) / static_cast<double>(images),
                            .images = images},
                           confidence);
}

AccuracyInterval accuracy_interval(const TwoWay& right, double confidence) {
  if (right.replicates < 2 || right.images < 2) {
    return accuracy_interval(std::span(&right.mean, 1), right.images, confidence);
  }
  return accuracy_interval({.mean = right.mean,
                            .seeds_variance = right.seeds_variance(),
                            .seeds_df = static_cast<double>(right.replicates) - 1.0,
                            .images_variance = right.images_variance(),
                            .images = right.images},
                           confidence);
}

AccuracyDifference accuracy_difference(std::span<const double> first,
                                       std::span<const double> second, std::int64_t images,
                                       double confidence) {
  if (first.empty() || second.empty() || images < 1) {
    throw std::invalid_argument("a difference needs two accuracies and an image");
  }
  const Moments a = moments_of(first);
  const Moments b = moments_of(second);
  const auto n = static_cast<double>(a.count());
  const auto m = static_cast<double>(b.count());
  const auto count = static_cast<double>(images);
  const Part seeds =
      welch_part({squared(a.sample_sd()), n}, {squared(b.sample_sd()), m}, confidence);
  const double of_an_image = a.mean() * (1.0 - a.mean()) + b.mean() * (1.0 - b.mean());
  return difference_of(a.mean() - b.mean(), seeds, n > 1.0 || m > 1.0,
                       with_one_more(of_an_image, count), confidence);
}

AccuracyDifference accuracy_difference(const TwoWaySums& first, const TwoWaySums& second,
                                       double confidence) {
  const TwoWay a = first.result();
  const TwoWay b = second.result();
  if (a.images != b.images || a.images < 2 || a.replicates < 1 || b.replicates < 1) {
    throw std::invalid_argument("a difference needs outcomes on the same images");
  }
  const auto n = static_cast<double>(a.replicates);
  const auto m = static_cast<double>(b.replicates);
  Moments images;
  for (std::size_t j = 0; j < first.image_sums().size(); ++j) {
    images.add(first.image_sums()[j] / n - second.image_sums()[j] / m);
  }
  const Part seeds =
      welch_part({a.observed_spread_variance(), n}, {b.observed_spread_variance(), m}, confidence);
  // The variance between images also contains a contribution of the replicates. It is subtracted,
  // because the other part already includes it.
  const double of_an_image =
      std::max(0.0, squared(images.sample_sd()) - a.rest_mean_square / n - b.rest_mean_square / m);
  return difference_of(a.mean - b.mean, seeds, n > 1.0 || m > 1.0,
                       with_one_more(of_an_image, static_cast<double>(a.images)), confidence);
}

AccuracyDifference accuracy_difference(const TwoWay& differences, double confidence) {
  if (differences.replicates < 1 || differences.images < 2) {
    throw std::invalid_argument("a difference needs outcomes on at least two images");
  }
  const auto n = static_cast<double>(differences.replicates);
  const auto images = static_cast<double>(differences.images);
  const Part seeds = seeds_part(differences.seeds_variance(), n - 1.0, confidence);
  return difference_of(differences.mean, seeds, n > 1.0,
                       with_one_more(differences.images_variance() * images, images), confidence);
}

AccuracyDifference mean_difference(std::span<const OutcomePair> pairs,
                                   const ReplicateMeans& replicates, double confidence) {
  if (pairs.empty()) throw std::invalid_argument("a mean difference needs a pair");
  const std::size_t images = pairs.front().first->image_sums().size();
  std::vector<double> by_image(images, 0.0);
  MeanPart seeds;
  double mean = 0.0;
  double rest = 0.0;  // of the replicates, within the variance between images
  for (const OutcomePair& pair : pairs) {
    const TwoWay a = pair.first->result();
    const TwoWay b = pair.second->result();
    const auto of_all = static_cast<std::int64_t>(images);
    if (a.images != of_all || b.images != of_all || images < 2 || a.replicates < 1 ||
        b.replicates < 1) {
      throw std::invalid_argument("a mean difference needs outcomes on the same images");
    }
    const auto n = static_cast<double>(a.replicates);
    const auto m = static_cast<double>(b.replicates);
    for (std::size_t j = 0; j < images; ++j) {
      by_image[j] += pair.first->image_sums()[j] / n - pair.second->image_sums()[j] / m;
    }
    seeds.add(welch_part({a.observed_spread_variance(), n}, {b.observed_spread_variance(), m},
                         confidence),
              n > 1.0 || m > 1.0);
    mean += a.mean - b.mean;
    rest += a.rest_mean_square / n + b.rest_mean_square / m;
  }
  Moments differences;
  for (const double sum : by_image) differences.add(sum / seeds.count());
  const double of_an_image =
      std::max(0.0, squared(differences.sample_sd()) - rest / squared(seeds.count()));
  return difference_of(
      mean / seeds.count(), wider(seeds.part(confidence), part_of(replicates, confidence)),
      seeds.known(), with_one_more(of_an_image, static_cast<double>(images)), confidence);
}

AccuracyDifference mean_difference(std::span<const AccuracyPair> pairs,
                                   const ReplicateMeans& replicates, std::int64_t images,
                                   double confidence) {
  if (pairs.empty()) throw std::invalid_argument("a mean difference needs a pair");
  MeanPart seeds;
  double mean = 0.0;
  double deviations = 0.0;  // of one image, summed: those of the same images add up
  for (const AccuracyPair& pair : pairs) {
    if (pair.first.empty() || pair.second.empty() || images < 1) {
      throw std::invalid_argument("a difference needs two accuracies and an image");
    }
    const Moments a = moments_of(pair.first);
    const Moments b = moments_of(pair.second);
    const auto n = static_cast<double>(a.count());
    const auto m = static_cast<double>(b.count());
    seeds.add(welch_part({squared(a.sample_sd()), n}, {squared(b.sample_sd()), m}, confidence),
              n > 1.0 || m > 1.0);
    mean += a.mean() - b.mean();
    deviations += std::sqrt(a.mean() * (1.0 - a.mean()) + b.mean() * (1.0 - b.mean()));
  }
  return difference_of(
      mean / seeds.count(), wider(seeds.part(confidence), part_of(replicates, confidence)),
      seeds.known(),
      with_one_more(squared(deviations / seeds.count()), static_cast<double>(images)), confidence);
}

double resolution_of(std::int64_t images, double accuracy, double confidence) {
  const double z = normal_quantile(confidence);
  // As Agresti and Coull (1998): with no errors, a variance of 0 would resolve any difference.
  const double trials = static_cast<double>(images) + z * z;
  const double share = (accuracy * static_cast<double>(images) + z * z / 2.0) / trials;
  return z * std::sqrt(share * (1.0 - share) / trials);
}

std::int64_t images_to_resolve(double difference, double accuracy, double confidence) {
  if (difference <= 0.0) throw std::invalid_argument("a difference to resolve is above 0");
  std::int64_t enough = 1;
  while (resolution_of(enough, accuracy, confidence) > difference) enough *= 2;
  std::int64_t low = enough / 2;
  while (enough - low > 1) {
    const std::int64_t middle = low + (enough - low) / 2;
    (resolution_of(middle, accuracy, confidence) > difference ? low : enough) = middle;
  }
  std::int64_t unit = 1;
  while (enough / unit >= 100) unit *= 10;
  return (enough + unit - 1) / unit * unit;
}

std::optional<Unresolved> unresolved_tolerance(double tolerance, std::int64_t images,
                                               double accuracy, double confidence) {
  if (tolerance <= 0.0 || images < 1) return std::nullopt;
  const double resolution = resolution_of(images, accuracy, confidence);
  if (resolution <= tolerance) return std::nullopt;
  return Unresolved{.tolerance = tolerance,
                    .images = images,
                    .resolution = resolution,
                    .images_needed = images_to_resolve(tolerance, accuracy, confidence)};
}

}  // namespace minima
