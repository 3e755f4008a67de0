// The error of a series as a function of size: error(P) = a (P / P0)^-b + c.
//
// Test error falls with network size as a power law with a floor (Rosenfeld et al. 2020, arXiv
// 1909.12673). The fit estimates where the series levels off. It also extrapolates to the size that
// would reach an accuracy no trained network has; that interval may be open.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace minima::analysis {

/// The mean over the runs of one size.
struct CurvePoint {
  double parameters = 0.0;
  double error = 0.0;           ///< 1 - mean accuracy
  double variance = 0.0;        ///< of the mean, due to replicates
  double degrees = 0.0;         ///< degrees of freedom of `variance`
  double image_variance = 0.0;  ///< of the mean, due to test-image sampling
};

/// An estimate with its interval; an absent limit means that the data do not bound it.
struct CurveEstimate {
  double value = 0.0;
  std::optional<double> low;
  std::optional<double> high;
};

/// A size at which the fitted curve reaches a given error.
struct ReachedSize {
  std::optional<double> parameters;  ///< absent: the curve levels off above it
  double low = 0.0;                  ///< the smallest fitted size if the data set no limit
  std::optional<double> high;        ///< absent: open, not bounded by the data
  bool extrapolated = false;         ///< `parameters` exceeds the largest size or is absent
};

struct ErrorCurve {
  std::string missing;  ///< why the curve is missing; else empty
  std::vector<double> sizes;
  double reference = 0.0;  ///< P0: the smallest fitted size
  double scale = 0.0;      ///< a: error at P0 above the floor
  CurveEstimate exponent;  ///< b
  CurveEstimate floor;     ///< c
  double fit_p = 1.0;      ///< p-value of the goodness of fit
  ReachedSize target;      ///< size for accuracy_target, if requested
  ReachedSize near_floor;  ///< size with error within `tolerance` of the floor
};

struct CurveSettings {
  std::optional<double> target_error;  ///< 1 - target accuracy
  double tolerance = 0.01;
  double chance_error = 0.9;  ///< error of predicting the majority class
  double confidence = 0.95;
};

/// Generalised least squares with a, c >= 0 and 0.05 <= b <= 8. The test-image errors of two sizes
/// have correlation kSharedImages, so the interval of the floor includes the error shared by all
/// sizes. Intervals: profile likelihood, limited by the squared quantile of Student's t (pooled
/// degrees of freedom).
///
/// Sizes with less than half of the possible skill are left out: there, guessing bounds the error
/// and the power law fails. If the rest does not fit (F test, 1 %), the smallest size is dropped
/// repeatedly while at least four remain. `points`: by parameters, ascending.
[[nodiscard]] ErrorCurve error_curve_of(std::span<const CurvePoint> points,
                                        const CurveSettings& settings);

}  // namespace minima::analysis
