#include "analysis/convergence/series_convergence.h"

#include <algorithm>

#include "analysis/sizes/conditions.h"

namespace minima::analysis {
namespace {

ErrorCurve curve_of(const Population& population, const Series& series,
                    const SeriesConvergence& result, const Target& target,
                    const study::AnalysisSettings& settings) {
  if (result.minimal.order.rejected) return {.missing = result.minimal.order.text()};
  const std::vector<Level> levels =
      levels_of(population, series.selection(), settings.significance);
  CurveSettings curve{.tolerance = settings.accuracy_tolerance, .confidence = settings.confidence};
  curve.chance_error = 1.0 - population.datasets.at(series.dataset).majority_share;
  if (target.missing.empty()) curve.target_error = 1.0 - target.accuracy;
  return error_curve_of(curve_points(accuracy_samples(levels), levels), curve);
}

}  // namespace

std::vector<CurvePoint> curve_points(const std::vector<Sample>& samples,
                                     const std::vector<Level>& levels) {
  const std::vector<double> variances = smoothed_variances(samples);
  std::vector<CurvePoint> points;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto runs = static_cast<double>(samples[i].count);
    points.push_back({.parameters = static_cast<double>(levels[i].parameters),
                      .error = 1.0 - samples[i].mean,
                      .variance = variances[i] / runs,
                      .degrees = runs - 1.0,
                      .image_variance = samples[i].image_variance});
  }
  return points;
}

SeriesConvergence series_convergence_of(const Population& population, const Series& series,
                                        const Target& target,
                                        const study::AnalysisSettings& settings) {
  const Selection selection = series.selection();
  SeriesConvergence result{.dataset = population.datasets.at(series.dataset).name,
                           .series = series};
  result.minimal = minimal_parameters_of(population, selection, settings);
  result.reliability = reliability_of(population, selection, target, settings);
  if (result.minimal.order.rejected && result.reliability.missing.empty()) {
    result.reliability.missing = result.minimal.order.text();
    result.reliability.sizes.clear();
  }
  result.regimes = regimes_of(population, selection, target, settings);
  if (result.minimal.order.rejected) withhold(result.regimes, result.minimal.order.text());
  result.curve = curve_of(population, series, result, target, settings);
  return result;
}

}  // namespace minima::analysis
