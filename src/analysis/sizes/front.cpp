#include "analysis/sizes/front.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "analysis/population/levels.h"
#include "analysis/sizes/conditions.h"
#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

struct Measured {
  Sample sample;
  double choosing = 0.0;
  double by_runs = 0.0;  // variance of the mean due to replicates
};

/// Sets variances due to replicates that fall with accuracy.
void set_variances(std::vector<Measured>& measured) {
  std::vector<std::size_t> order(measured.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return measured[i].sample.mean; });
  std::vector<Sample> sorted;
  for (const std::size_t i : order) sorted.push_back(measured[i].sample);
  const std::vector<double> variances = smoothed_variances(sorted);
  for (std::size_t i = 0; i < order.size(); ++i) {
    measured[order[i]].by_runs = variances[i] / static_cast<double>(sorted[i].count);
  }
}

Sample sample_of_point(const Point& point) {
  if (!point.summary) return sample_of(point.accuracies);
  const double sd = point.summary->sd.value_or(0.0);
  return {.count = point.summary->runs, .mean = point.summary->mean, .variance = sd * sd};
}

std::vector<Measured> measured_points(std::span<const Point> points) {
  std::vector<Measured> measured;
  for (const Point& point : points) {
    Measured of{.sample = sample_of_point(point)};
    of.sample.image_variance = image_variance(of.sample.mean, point.images);
    of.choosing = std::isnan(point.choosing) ? of.sample.mean : point.choosing;
    measured.push_back(of);
  }
  set_variances(measured);
  return measured;
}

/// Sorted by size. Of equal sizes the most accurate comes first, which excludes the others.
std::vector<std::size_t> chosen(std::span<const Point> points,
                                const std::vector<Measured>& measured) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    if (points[a].size != points[b].size) return points[a].size < points[b].size;
    return measured[a].choosing > measured[b].choosing;
  });
  std::vector<std::size_t> front;
  for (const std::size_t i : order) {
    if (front.empty() || measured[i].choosing > measured[front.back()].choosing) front.push_back(i);
  }
  return front;
}

/// Two-sided quantile for `tests` simultaneous intervals.
double simultaneous(double confidence, double tests, double degrees) {
  const double miss = (1.0 - confidence) / tests / 2.0;
  return student_t_upper_quantile(miss, degrees);
}

/// Degrees of freedom of the variance due to replicates: trained runs minus architectures; 0 if no
/// architecture has two runs.
double degrees_of(std::span<const Point> points, const std::vector<Measured>& measured) {
  double degrees = 0.0;
  std::map<std::size_t, std::int64_t> shared;  // by Point::trained
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::int64_t own = std::max<std::int64_t>(measured[i].sample.count - 1, 0);
    if (points[i].trained) {
      std::int64_t& most = shared[*points[i].trained];
      most = std::max(most, own);
    } else {
      degrees += static_cast<double>(own);
    }
  }
  for (const auto& [trained, most] : shared) degrees += static_cast<double>(most);
  return degrees;
}

}  // namespace

Front front_of(std::span<const Point> points, double confidence) {
  Front front{.points = {}, .compared = points.size(), .confidence = confidence};
  if (points.empty()) return front;
  const std::vector<Measured> measured = measured_points(points);
  const double known_degrees = degrees_of(points, measured);
  const bool is_known = known_degrees > 0.0;
  const double degrees = std::max(known_degrees, 1.0);
  const auto all = static_cast<double>(points.size());
  const double of_means = simultaneous(confidence, all, degrees);
  // One-sided: twice the error probability of a two-sided limit.
  const double pairs = std::max(all * (all - 1.0) / 2.0, 1.0);
  const double of_gains = simultaneous(confidence, pairs / 2.0, degrees);
  const Measured* before = nullptr;
  for (const std::size_t i : chosen(points, measured)) {
    const Measured& each = measured[i];
    const double error = std::sqrt(each.by_runs + each.sample.image_variance);
    FrontPoint row{.point = i, .accuracy = each.sample.mean};
    if (is_known) {
      row.low = std::max(row.accuracy - of_means * error, 0.0);
      row.high = std::min(row.accuracy + of_means * error, 1.0);
    }
    row.shown = before == nullptr;
    if (before != nullptr) {
      row.gain = row.accuracy - before->sample.mean;
      const double images =
          (1.0 - kSharedImages) * (each.sample.image_variance + before->sample.image_variance);
      if (is_known) {
        row.gain_low = row.gain - of_gains * std::sqrt(each.by_runs + before->by_runs + images);
      }
      row.shown = row.gain_low.value_or(0.0) > 0.0;
    }
    front.points.push_back(row);
    before = &each;
  }
  return front;
}

}  // namespace minima::analysis
