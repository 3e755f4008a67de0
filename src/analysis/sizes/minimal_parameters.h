// P_min, the smallest size of a series that is as good as its larger ones, after arXiv 2601.17987.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "analysis/sizes/crossing.h"
#include "analysis/sizes/flat_end.h"
#include "analysis/sizes/monotone_order.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// Measurements at one number of parameters. Accuracies are fractions on the test images after the
/// last epoch; a diverged run counts with the fraction of the majority class.
struct LevelAccuracy {
  std::int64_t parameters = 0;
  std::vector<std::string> architectures;  ///< all architectures of exactly this size
  std::int64_t runs = 0;
  double mean = 0.0;  ///< A(P)
  /// Confidence interval of the mean accuracy, over new replicates and new test images; absent with
  /// fewer than two runs.
  std::optional<double> low;
  std::optional<double> high;
  std::optional<double> sd;  ///< sigma(P), divided by n - 1; absent below two runs
  double fitted_mean = 0.0;  ///< isotonic regression of A on P, weighted with the runs
};

enum class MinimalStatus {
  found,
  one_size,      ///< the series has one size only
  still_rising,  ///< not reached; end_text() describes the end of the curve
  one_run_each,  ///< no size has two runs, so nothing can be tested
  not_monotone,  ///< accuracy falls with size, so P_min is undefined
};
/// A few words for a table: "found", "one size", "still rising", ...
[[nodiscard]] std::string to_string(MinimalStatus status);

/// P_min = min{P : A(P') >= A(P_max) - eps_A for all P' >= P}, from the isotonic fit of A
/// (crossing.h). Requires that the series is shown to be flat at its end and does not fall.
struct MinimalParameters {
  std::size_t dataset = 0;
  network::Family family = network::Family::dnn;
  std::string series;
  MinimalStatus status = MinimalStatus::one_size;
  /// P_min; `parameters` is absent unless found. Still rising: `low` is the lower limit of the
  /// interval, and `high` is absent because the interval is open.
  SizeEstimate size;
  /// Still rising: the largest size that the data exclude as P_min; absent if there is none.
  std::optional<std::int64_t> above;
  std::vector<std::string> architectures;  ///< those with P_min parameters
  std::int64_t largest = 0;                ///< P_max
  double accuracy_at_largest = 0.0;        ///< A(P_max)
  double confidence = 0.95;
  double tolerance = 0.01;  ///< eps_A
  EndOfCurve end;
  MonotoneOrder order;
  std::vector<LevelAccuracy> levels;  ///< by parameters, ascending

  [[nodiscard]] std::string reason() const;  ///< why there is no P_min; empty if found
};

/// Still rising: describes how the curve ends. "still rising at 800 parameters", "not shown to be
/// flat at 800 parameters" or, for a flat end, "no size well below the largest, 800 parameters, is
/// as good".
[[nodiscard]] std::string end_text(const MinimalParameters& minimal);

/// `selection` has at least one run.
[[nodiscard]] MinimalParameters minimal_parameters_of(const Population& population,
                                                      const Selection& selection,
                                                      const study::AnalysisSettings& settings);

}  // namespace minima::analysis
