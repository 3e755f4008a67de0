// The error of a series as a function of size: error(P) = a (P / P0)^-b + c.
//
// A power law with a floor describes how test error falls with the size of a network (Rosenfeld et
// al. 2020, arXiv 1909.12673). Fitted to a series it says where the series would level off, and at
// which size it would reach an accuracy that no trained network has: an extrapolation, with an
// interval that may be open.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace minima::analysis {

/// The mean of the runs of one size.
struct CurvePoint {
  double parameters = 0.0;
  double error = 0.0;           ///< 1 - mean accuracy
  double variance = 0.0;        ///< of that mean, by replicates
  double degrees = 0.0;         ///< degrees of freedom of `variance`
  double image_variance = 0.0;  ///< of that mean, by the choice of the test images
};

/// An estimate with the limits of its interval; an absent limit: the data set none.
struct CurveEstimate {
  double value = 0.0;
  std::optional<double> low;
  std::optional<double> high;
};

/// A size at which the fitted curve reaches something.
struct ReachedSize {
  std::optional<double> parameters;  ///< absent: the curve levels off before
  double low = 0.0;                  ///< the smallest size fitted where the data set no limit
  std::optional<double> high;        ///< absent: open, the data set no limit
  bool extrapolated = false;         ///< `parameters` exceeds the largest size, or is absent
};

struct ErrorCurve {
  std::string missing;  ///< why there is no curve; else empty
  std::vector<double> sizes;
  double reference = 0.0;  ///< P0: the smallest size fitted
  double scale = 0.0;      ///< a: error at P0 above the floor
  CurveEstimate exponent;  ///< b
  CurveEstimate floor;     ///< c
  double fit_p = 1.0;      ///< p-value of the hypothesis that the sizes lie on such a curve
  ReachedSize target;      ///< accuracy_target, if that was asked for
  ReachedSize near_floor;  ///< error within `tolerance` of the floor

  [[nodiscard]] double error_at(double parameters) const;
};

struct CurveSettings {
  std::optional<double> target_error;  ///< 1 - target accuracy
  double tolerance = 0.01;
  double chance_error = 0.9;  ///< error of always answering with the largest class
  double confidence = 0.95;
};

/// Generalised least squares with a, c >= 0 and 0.05 <= b <= 8. Errors of two sizes by test images
/// are correlated by kSharedImages, so the floor's interval has the error that all sizes share.
/// Intervals: profile likelihood with the squared quantile of Student's t (pooled degrees of
/// freedom) as limit.
///
/// Sizes with less than half of the skill that is possible are left out: there the error is bounded
/// by guessing, and no power law. If the rest does not fit (F test, 1 %), the smallest size is left
/// out, again and again, while four remain. `points`: by parameters, ascending.
[[nodiscard]] ErrorCurve error_curve_of(std::span<const CurvePoint> points,
                                        const CurveSettings& settings);

}  // namespace minima::analysis
