// For a fixed exponent the model is linear in two coefficients, so the fit only searches over b: a
// grid on ln b, then golden-section search. Profiles fix one more parameter and repeat the search.
#include "analysis/sizes/error_curve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "analysis/population/levels.h"
#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

constexpr double kLeastExponent = 0.05;
constexpr double kMostExponent = 8.0;
constexpr int kExponents = 48;   // grid points of the exponent
constexpr int kSections = 24;    // golden-section steps
constexpr int kGrid = 96;        // grid points of a profiled parameter
constexpr int kBisections = 24;  // bisections per interval limit
constexpr std::size_t kFewest = 4;
constexpr double kPoorFit = 0.01;
constexpr double kLeastSkill = 0.5;
constexpr double kFarthest = 1e4;  // largest searched size, relative to the largest trained one
constexpr double kLeastVariance = 1e-9;  // of a mean: standard deviation of 0.003 points
constexpr double kInfinite = std::numeric_limits<double>::infinity();

using Column = std::vector<double>;

/// Inner product under the inverse of the covariance D + u u' (Sherman-Morrison).
class Metric {
 public:
  explicit Metric(std::span<const CurvePoint> points) {
    double sum = 0.0;
    for (const CurvePoint& point : points) {
      own_.push_back(
          1.0 / (point.variance + (1.0 - kSharedImages) * point.image_variance + kLeastVariance));
      shared_.push_back(std::sqrt(kSharedImages * point.image_variance));
      sum += shared_.back() * shared_.back() * own_.back();
    }
    factor_ = 1.0 / (1.0 + sum);
  }
  [[nodiscard]] double operator()(const Column& x, const Column& y) const {
    double product = 0.0;
    double x_shared = 0.0;
    double y_shared = 0.0;
    for (std::size_t i = 0; i < own_.size(); ++i) {
      product += own_[i] * x[i] * y[i];
      x_shared += own_[i] * shared_[i] * x[i];
      y_shared += own_[i] * shared_[i] * y[i];
    }
    return product - factor_ * x_shared * y_shared;
  }

 private:
  std::vector<double> own_;
  std::vector<double> shared_;
  double factor_ = 1.0;
};

/// Least squares of y on one or two columns with bounded coefficients.
struct Fitted {
  double squares = kInfinite;
  double first = 0.0;
  double second = 0.0;
};

double residual(const Metric& metric, const Column& y, const Column& x, const Column& z, double a,
                double c) {
  Column rest(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) rest[i] = y[i] - a * x[i] - c * z[i];
  return metric(rest, rest);
}

/// Regresses y on z alone, coefficient within 0..most.
Fitted fit_one(const Metric& metric, const Column& y, const Column& z, double most) {
  const double c = std::clamp(metric(y, z) / std::max(metric(z, z), 1e-300), 0.0, most);
  return {residual(metric, y, z, z, 0.0, c), 0.0, c};
}

/// Regresses y on x and z, both coefficients at least 0.
Fitted fit_two(const Metric& metric, const Column& y, const Column& x, const Column& z) {
  const double xx = metric(x, x);
  const double xz = metric(x, z);
  const double zz = metric(z, z);
  const double yx = metric(y, x);
  const double yz = metric(y, z);
  const double determinant = xx * zz - xz * xz;
  if (determinant > 1e-12 * xx * zz) {
    const double a = (yx * zz - yz * xz) / determinant;
    const double c = (yz * xx - yx * xz) / determinant;
    if (a >= 0.0 && c >= 0.0) return {residual(metric, y, x, z, a, c), a, c};
  }
  const double alone = std::max(yx / xx, 0.0);
  const Fitted power{residual(metric, y, x, z, alone, 0.0), alone, 0.0};
  const Fitted flat = fit_one(metric, y, z, kInfinite);
  return power.squares <= flat.squares ? power : flat;
}

/// The minimum of `squares_at` over exponents, and its location.
struct Exponent {
  double value = kLeastExponent;
  double squares = kInfinite;
};

Exponent best_exponent(const std::function<double(double)>& squares_at) {
  const double low = std::log(kLeastExponent);
  const double step = (std::log(kMostExponent) - low) / (kExponents - 1);
  int best = 0;
  Exponent found;
  for (int i = 0; i < kExponents; ++i) {
    const double exponent = std::exp(low + step * i);
    const double squares = squares_at(exponent);
    if (squares < found.squares) {
      found = {exponent, squares};
      best = i;
    }
  }
  constexpr double kGolden = 0.6180339887498949;
  double left = low + step * std::max(best - 1, 0);
  double right = low + step * std::min(best + 1, kExponents - 1);
  for (int i = 0; i < kSections; ++i) {
    const double a = right - kGolden * (right - left);
    const double b = left + kGolden * (right - left);
    const double at_a = squares_at(std::exp(a));
    const double at_b = squares_at(std::exp(b));
    if (at_a < found.squares) found = {std::exp(a), at_a};
    if (at_b < found.squares) found = {std::exp(b), at_b};
    (at_a < at_b ? right : left) = at_a < at_b ? b : a;
  }
  return found;
}

/// The sizes of one fit and cached quantities.
class Problem {
 public:
  explicit Problem(std::span<const CurvePoint> points)
      : points_(points), metric_(points), ones_(points.size(), 1.0) {
    for (const CurvePoint& point : points) {
      errors_.push_back(point.error);
      degrees_ += point.degrees;
    }
  }
  [[nodiscard]] double degrees() const { return degrees_; }
  [[nodiscard]] double reference() const { return points_.front().parameters; }
  [[nodiscard]] double largest() const { return points_.back().parameters; }
  [[nodiscard]] double most_error() const { return *std::ranges::max_element(errors_); }
  [[nodiscard]] std::size_t size() const { return points_.size(); }

  [[nodiscard]] Fitted at_exponent(double exponent) const {
    return fit_two(metric_, errors_, powers(exponent, reference()), ones_);
  }
  /// Sum of squares for a fixed floor.
  [[nodiscard]] double at_floor(double floor, double exponent) const {
    Column rest = errors_;
    for (double& error : rest) error -= floor;
    return fit_one(metric_, rest, powers(exponent, reference()), kInfinite).squares;
  }
  /// Sum of squares if the error at `size` is `tolerance` above the floor.
  [[nodiscard]] double at_near_floor(double size, double tolerance, double exponent) const {
    const Column power = powers(exponent, size);
    Column rest = errors_;
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= tolerance * power[i];
    return fit_one(metric_, rest, ones_, kInfinite).squares;
  }
  /// Sum of squares if the error at `size` is `target`: error = t p + c (1 - p), 0 <= c <= t.
  [[nodiscard]] double at_target(double size, double target, double exponent) const {
    const Column power = powers(exponent, size);
    Column rest = errors_;
    Column other = ones_;
    for (std::size_t i = 0; i < rest.size(); ++i) {
      rest[i] -= target * power[i];
      other[i] -= power[i];
    }
    return fit_one(metric_, rest, other, target).squares;
  }

 private:
  [[nodiscard]] Column powers(double exponent, double size) const {
    Column column;
    for (const CurvePoint& point : points_) {
      column.push_back(std::pow(point.parameters / size, -exponent));
    }
    return column;
  }

  std::span<const CurvePoint> points_;
  Metric metric_;
  Column ones_;
  Column errors_;
  double degrees_ = 0.0;
};

/// The range of values whose profile is at most `limit`, searched from `value` to both sides on the
/// grid. An absent limit means that the end of the grid is still within.
CurveEstimate range_of(double value, double low, double high, double limit,
                       const std::function<double(double)>& profile) {
  const auto inside = [&](double x) { return profile(x) <= limit; };
  CurveEstimate range{.value = value};
  const auto end_from = [&](double to) -> std::optional<double> {
    double last = value;
    for (int i = 1; i <= kGrid; ++i) {
      const double x = value + (to - value) * i / kGrid;
      if (inside(x)) {
        last = x;
        continue;
      }
      double out = x;
      for (int k = 0; k < kBisections; ++k) {
        const double middle = (last + out) / 2;
        (inside(middle) ? last : out) = middle;
      }
      return last;
    }
    return std::nullopt;
  };
  range.low = end_from(low);
  range.high = end_from(high);
  return range;
}

/// range_of for a size, on the logarithmic scale.
ReachedSize size_range(std::optional<double> estimate, const Problem& problem, double limit,
                       const std::function<double(double)>& profile) {
  const double low = std::log(problem.reference());
  const double high = std::log(problem.largest() * kFarthest);
  const auto at = [&](double log_size) { return profile(std::exp(log_size)); };
  const double from = std::clamp(estimate ? std::log(*estimate) : high, low, high);
  const CurveEstimate range = range_of(from, low, high, limit, at);
  ReachedSize size{.parameters = estimate};
  size.low = std::exp(range.low.value_or(low));
  if (range.high && estimate && at(high) > limit) size.high = std::exp(*range.high);
  size.extrapolated = !estimate || *estimate > problem.largest();
  return size;
}

double p_of_fit(double squares, std::size_t sizes, double degrees) {
  const double freedom = static_cast<double>(sizes) - 3.0;
  return f_upper_tail(squares / freedom, freedom, degrees);
}

Exponent fitted_exponent(const Problem& problem) {
  return best_exponent([&](double exponent) { return problem.at_exponent(exponent).squares; });
}

/// Sets the parameters and their intervals; `limit` is the sum of squares at the limits.
void set_parameters(const Problem& problem, double limit, ErrorCurve& curve) {
  const double value = curve.exponent.value;
  const CurveEstimate logarithm = range_of(
      std::log(value), std::log(kLeastExponent), std::log(kMostExponent), limit,
      [&](double log_exponent) { return problem.at_exponent(std::exp(log_exponent)).squares; });
  if (logarithm.low) curve.exponent.low = std::exp(*logarithm.low);
  if (logarithm.high) curve.exponent.high = std::exp(*logarithm.high);
  curve.floor = range_of(curve.floor.value, 0.0, problem.most_error(), limit, [&](double floor) {
    return best_exponent([&](double b) { return problem.at_floor(floor, b); }).squares;
  });
  if (!curve.floor.low) curve.floor.low = 0.0;  // an error is never negative
}

void set_sizes(const Problem& problem, const CurveSettings& settings, double limit,
               ErrorCurve& curve) {
  const auto size_at = [&](double above_floor) -> std::optional<double> {
    if (above_floor <= 0.0) return std::nullopt;
    return curve.reference * std::pow(curve.scale / above_floor, 1.0 / curve.exponent.value);
  };
  const double tolerance = settings.tolerance;
  curve.near_floor = size_range(size_at(tolerance), problem, limit, [&](double size) {
    return best_exponent([&](double b) { return problem.at_near_floor(size, tolerance, b); })
        .squares;
  });
  if (!settings.target_error) return;
  const double target = *settings.target_error;
  curve.target = size_range(size_at(target - curve.floor.value), problem, limit, [&](double size) {
    return best_exponent([&](double b) { return problem.at_target(size, target, b); }).squares;
  });
}

}  // namespace

ErrorCurve error_curve_of(std::span<const CurvePoint> points, const CurveSettings& settings) {
  ErrorCurve curve;
  const auto without = [&](const char* why) {
    curve.missing = why;
    return curve;
  };
  const double most = settings.chance_error * (1.0 - kLeastSkill);
  while (!points.empty() && points.front().error > most) points = points.subspan(1);
  for (;; points = points.subspan(1)) {
    if (points.size() < kFewest) {
      return without(curve.sizes.empty() ? "fewer than four sizes have half of the possible skill"
                                         : "no power law fits the sizes");
    }
    const Problem problem(points);
    if (problem.degrees() < 1.0) return without("every size has one run");
    const Exponent best = fitted_exponent(problem);
    curve.sizes.clear();
    for (const CurvePoint& point : points) curve.sizes.push_back(point.parameters);
    curve.fit_p = p_of_fit(best.squares, points.size(), problem.degrees());
    if (curve.fit_p < kPoorFit) continue;
    const Fitted fit = problem.at_exponent(best.value);
    if (fit.first <= 0.0) return without("the error does not fall along the sizes");
    curve.reference = problem.reference();
    curve.scale = fit.first;
    curve.exponent.value = best.value;
    curve.floor.value = fit.second;
    const double t = student_t_quantile(settings.confidence, problem.degrees());
    const double limit = best.squares + t * t;
    set_parameters(problem, limit, curve);
    if (!curve.exponent.low && !curve.exponent.high) {
      return without("the sizes do not determine the curve");
    }
    set_sizes(problem, settings, limit, curve);
    return curve;
  }
}

}  // namespace minima::analysis
