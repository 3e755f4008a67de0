#include "report/sections/series_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/text/entry.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

using analysis::ErrorCurve;
using analysis::MinimalStatus;
using analysis::ReachedSize;
using analysis::SeriesConvergence;
using analysis::SizeEstimate;

constexpr std::size_t kMostOfFront = 8;

std::string reached_text(const ReachedSize& size) {
  const std::string high = size.high ? grouped_two_digits(*size.high) : std::string("open");
  return size.parameters
             ? fmt::format("at {} [{}, {}] parameters", grouped_two_digits(*size.parameters),
                           grouped_two_digits(size.low), high)
             : fmt::format("at no size, or above {} parameters", grouped_two_digits(size.low));
}

std::string size_text(const SizeEstimate& size) {
  const std::string interval = interval_text(size);
  return grouped(*size.parameters) + (interval.empty() ? "" : " " + interval);
}

std::string minimal_text(const analysis::MinimalParameters& minimal) {
  if (minimal.above) return "above " + grouped(*minimal.above);
  return minimal.size.parameters ? grouped(*minimal.size.parameters) : "-";
}

std::string reliable_text(const SeriesConvergence& series, double reliability) {
  const auto& sizes = series.reliability.sizes;
  const auto at = std::ranges::find(sizes, reliability, &analysis::SizeForReliability::reliability);
  const bool is_known = at != sizes.end() && at->size.parameters;
  return is_known ? grouped(*at->size.parameters) : "-";
}

std::string extrapolated_text(const SeriesConvergence& series) {
  const ErrorCurve& curve = series.curve;
  if (!curve.missing.empty()) return "";
  std::string text;
  const auto add = [&](const std::string& what, const ReachedSize& size) {
    if (!size.extrapolated) return;
    text += (text.empty() ? "" : "; ") + what + " " + reached_text(size);
  };
  if (series.reliability.missing.empty()) {
    add(percent(series.reliability.threshold) + " %", curve.target);
  }
  if (series.minimal.status == MinimalStatus::still_rising) {
    add("within the tolerance of its final level", curve.near_floor);
  }
  return text;
}

std::string curve_text(const ErrorCurve& curve) {
  const auto limit = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.2f}", *value) : std::string("open");
  };
  const auto accuracy = [](const std::optional<double>& error) {
    return error ? percent(1.0 - *error) : std::string("open");
  };
  return fmt::format(
      "error = {:.3f} (P / {})^-{:.2f} [{}, {}] + {:.3f}; levels off at {} % [{}, {}]", curve.scale,
      grouped(std::llround(curve.reference)), curve.exponent.value, limit(curve.exponent.low),
      limit(curve.exponent.high), curve.floor.value, percent(1.0 - curve.floor.value),
      accuracy(curve.floor.high), accuracy(curve.floor.low));
}

std::string regimes_text(const analysis::Regimes& regimes) {
  if (!regimes.missing.empty()) return "none: " + regimes.missing;
  const std::int64_t first = regimes.levels.front().parameters;
  const std::optional<std::int64_t>& stable = regimes.stable_from.parameters;
  if (!stable) return "unstable at every trained size";
  std::string text = *stable > first ? fmt::format("unstable below {} {}", grouped(*stable),
                                                   interval_text(regimes.stable_from))
                                     : "no unstable sizes";
  const std::optional<std::int64_t>& over = regimes.overfitting_from.parameters;
  if (!regimes.loss_known)
    return text + ", learning from there; overfitting unknown: no test losses";
  if (!over) return text + ", learning from there; no overfitting seen";
  if (*over > *stable) text += ", learning";
  return text + fmt::format(", overfitting from {} {}", grouped(*over),
                            interval_text(regimes.overfitting_from));
}

std::string target_text(const analysis::Target& target) {
  if (!target.missing.empty()) return "none: " + target.missing;
  const std::string accuracy = percent(target.accuracy) + " % test accuracy";
  if (target.given) return accuracy + ", as set by the study";
  return fmt::format("{}: the best architecture{}, {}, has {} %; minus {} points, rounded down",
                     accuracy, target.by_validation ? " on validation images" : "",
                     target.best_architecture, percent(target.best_accuracy),
                     percent(target.tolerance));
}

std::string minimal_remark(const analysis::MinimalParameters& minimal, double tolerance) {
  if (minimal.status != MinimalStatus::found) return minimal.reason();
  return fmt::format(
      "{} parameters {}: from this size on, within {} points of the largest networks ({} %)",
      grouped(*minimal.size.parameters), interval_text(minimal.size), percent(tolerance),
      percent(minimal.accuracy_at_largest));
}

std::string reliable_remark(const analysis::Reliability& reliability) {
  if (!reliability.missing.empty()) return "none: " + reliability.missing;
  std::string text;
  for (const auto& [share, size] : reliability.sizes) {
    text += fmt::format("{}{:.0f} % of runs reach the target on test images ",
                        text.empty() ? "" : "; ", 100.0 * share);
    text += size.parameters ? "from " + size_text(size) + " parameters" : "at no trained size";
  }
  return text;
}

/// Remarks that do not fit the table.
std::string remarks_text(const SeriesConvergence& series, const std::string& extrapolated,
                         double tolerance, const TextStyle& style) {
  std::string out = bold("  " + series.series.name, style) + "\n";
  out += entry("P_min", minimal_remark(series.minimal, tolerance), style);
  out += entry("reliable", reliable_remark(series.reliability), style);
  out += entry("regimes", regimes_text(series.regimes), style);
  out += entry(
      "curve",
      series.curve.missing.empty() ? curve_text(series.curve) : "none: " + series.curve.missing,
      style);
  if (!extrapolated.empty()) out += entry("", "extrapolated: " + extrapolated, style);
  return out;
}

std::string front_text(const analysis::DatasetConvergence& dataset, const TextStyle& style) {
  TextTable table({{"  architecture", Align::left},
                   {"parameters"},
                   {"accuracy %"},
                   {"interval"},
                   {"gain shown"}});
  const std::string what = fmt::format(
      "architectures more accurate{} than every smaller one{}",
      dataset.target.by_validation ? " on validation images" : "",
      dataset.target.by_validation ? "; the accuracies are those of the test images" : "");
  const auto& points = dataset.front.points;
  const std::size_t first = points.size() > kMostOfFront ? points.size() - kMostOfFront : 0;
  for (std::size_t i = first; i < points.size(); ++i) {
    const auto& names = dataset.architectures[points[i].point];
    table.add({"  " + names.architecture, grouped(names.parameters), percent(points[i].accuracy),
               points[i].low
                   ? fmt::format("[{}, {}]", percent(*points[i].low), percent(*points[i].high))
                   : "-",
               i == 0            ? ""
               : points[i].shown ? "yes"
                                 : "no"});
  }
  return entry("front", what, style) + table.text(style);
}

}  // namespace

std::string interval_text(const SizeEstimate& size) {
  if (!size.has_interval) return "";
  const auto bound = [](const std::optional<std::int64_t>& value) {
    return value ? grouped(*value) : std::string("open");
  };
  return fmt::format("[{}, {}]", bound(size.low), bound(size.high));
}

SeriesText series_text(const SeriesConvergence& series, const study::AnalysisSettings& settings) {
  return {.name = series.series.name,
          .status = analysis::to_string(series.minimal.status),
          .minimal = minimal_text(series.minimal),
          .reliable = reliable_text(series, settings.reliability),
          .extrapolated = extrapolated_text(series)};
}

std::string dataset_text(const analysis::DatasetConvergence& dataset,
                         const analysis::Convergence& convergence, const TextStyle& style) {
  const study::AnalysisSettings& settings = convergence.settings;
  TextTable table({{"series", Align::left},
                   {"sizes"},
                   {"P_min"},
                   {fmt::format("{:.0f} % from", 100.0 * settings.reliability)},
                   {"status", Align::left}});
  std::string remarks;
  for (const SeriesConvergence& series : convergence.series) {
    if (series.dataset != dataset.dataset) continue;
    const SeriesText text = series_text(series, settings);
    table.add({text.name, grouped(static_cast<std::int64_t>(series.minimal.levels.size())),
               text.minimal, text.reliable, text.status});
    if (series.minimal.levels.size() > 1) {
      remarks += remarks_text(series, text.extrapolated, settings.accuracy_tolerance, style);
    }
  }
  std::string out = bold(dataset.dataset, style) + "\n";
  out += entry("target", target_text(dataset.target), style);
  return out + table.text(style) + remarks + front_text(dataset, style);
}

}  // namespace minima::report
