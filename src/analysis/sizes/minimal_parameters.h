// The smallest size of a series that is as good as its larger ones: P_min, after arXiv 2601.17987.
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
#include "study/analysis_settings.h"

namespace minima::analysis {

/// What was measured at one number of parameters. Accuracies are fractions on the test images after
/// the last epoch; a diverged run counts with the share of the largest class.
struct LevelAccuracy {
  std::int64_t parameters = 0;
  std::vector<std::string> architectures;  ///< all of exactly this size
  std::int64_t runs = 0;
  double mean = 0.0;  ///< A(P)
  /// Interval of the mean accuracy over all replicates and all images that might have been drawn;
  /// absent below two runs.
  std::optional<double> low;
  std::optional<double> high;
  std::optional<double> sd;  ///< sigma(P), divided by n - 1; absent below two runs
  double fitted_mean = 0.0;  ///< isotonic regression of A on P, weighted with the runs
};

enum class MinimalStatus {
  found,
  one_size,      ///< the series has one size: no answer
  still_rising,  ///< not reached: end_text() says how the curve ends
  one_run_each,  ///< no size has two runs: nothing can be tested
  not_monotone,  ///< accuracy falls with size: no size is one "from which on"
};
/// A few words for a table: "found", "one size", "still rising", ...
[[nodiscard]] std::string to_string(MinimalStatus status);

/// P_min = min{P : A(P') >= A(P_max) - eps_A for all P' >= P}, of the isotonic fit of A
/// (crossing.h), where the series is shown to be flat at its end and does not fall.
struct MinimalParameters {
  std::size_t dataset = 0;
  std::string family;
  std::string series;
  MinimalStatus status = MinimalStatus::one_size;
  /// P_min. Without `parameters` unless found; still rising: `low` is the lower end of its interval
  /// and `high` is absent, because it is open.
  SizeEstimate size;
  /// Still rising: the largest size that the data exclude as P_min; absent if they exclude none.
  std::optional<std::int64_t> above;
  std::vector<std::string> architectures;  ///< of P_min parameters
  std::int64_t largest = 0;                ///< P_max
  double accuracy_at_largest = 0.0;        ///< A(P_max)
  double confidence = 0.95;
  double tolerance = 0.01;  ///< eps_A
  EndOfCurve end;
  MonotoneOrder order;
  std::vector<LevelAccuracy> levels;  ///< by parameters, ascending

  [[nodiscard]] std::string reason() const;  ///< why there is no P_min, in words; empty if found
};

/// Still rising: how the curve ends, in words that are true of it. "still rising at 800
/// parameters", "not shown to be flat at 800 parameters" or, of a flat end, "no size well below the
/// largest, 800 parameters, is as good".
[[nodiscard]] std::string end_text(const MinimalParameters& minimal);

/// `selection` has at least one run.
[[nodiscard]] MinimalParameters minimal_parameters_of(const Population& population,
                                                      const Selection& selection,
                                                      const study::AnalysisSettings& settings);

}  // namespace minima::analysis
