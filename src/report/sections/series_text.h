// The series of a dataset as text: smallest sufficient size, regimes, curve, and the Pareto front.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/convergence/convergence.h"
#include "report/text/style.h"

namespace minima::report {

/// The table cells of one series.
struct SeriesText {
  std::string name;          ///< "dnn, 1 layer"
  std::string status;        ///< "found", "still rising", "one size", ...
  std::string minimal;       ///< P_min: "3,000", "above 2,000" or "-"
  std::string reliable;      ///< size for AnalysisSettings::reliability: "3,000" or "-"
  std::string extrapolated;  ///< "95 % at 56,000 [16,000, open]"; empty: no extrapolation
};
[[nodiscard]] SeriesText series_text(const analysis::SeriesConvergence& series,
                                     const study::AnalysisSettings& settings);

/// "[2,000, open]"; empty without an interval.
[[nodiscard]] std::string interval_text(const analysis::SizeEstimate& size);

/// The target of a dataset, a table of its series with their remarks, and the Pareto front.
[[nodiscard]] std::string dataset_text(const analysis::DatasetConvergence& dataset,
                                       const analysis::Convergence& convergence,
                                       const TextStyle& style);

}  // namespace minima::report
