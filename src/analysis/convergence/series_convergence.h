// The results for one series: its smallest sufficient size, reliability, regimes and error curve.
#pragma once

#include <string>

#include "analysis/convergence/regimes.h"
#include "analysis/convergence/reliability.h"
#include "analysis/convergence/series.h"
#include "analysis/population/target.h"
#include "analysis/sizes/error_curve.h"
#include "analysis/sizes/minimal_parameters.h"

namespace minima::analysis {

struct SeriesConvergence {
  std::string dataset;
  Series series;
  MinimalParameters minimal;
  Reliability reliability;
  Regimes regimes;
  ErrorCurve curve;
};

/// If accuracy falls along the series, the sizes for a reliability and the regimes are withheld,
/// like P_min: no size exists from which on a condition holds.
[[nodiscard]] SeriesConvergence series_convergence_of(const Population& population,
                                                      const Series& series, const Target& target,
                                                      const study::AnalysisSettings& settings);

/// The mean accuracies of a series as points of its error curve.
[[nodiscard]] std::vector<CurvePoint> curve_points(const std::vector<Sample>& samples,
                                                   const std::vector<Level>& levels);

}  // namespace minima::analysis
