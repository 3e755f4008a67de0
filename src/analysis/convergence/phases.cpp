#include "analysis/convergence/phases.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "analysis/population/diagnosis.h"
#include "record/run_row.h"
#include "statistics/fits/piecewise.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

using Members = std::vector<const record::RunRow*>;
// Sorted by parameters, then by name, independently of the order of recording.
using ByArchitecture = std::map<std::pair<std::int64_t, std::string>, Members>;

constexpr double kLeastLoss = 1e-9;

bool is_finite(const record::EpochRecord& record) {
  return std::isfinite(record.train_loss) && std::isfinite(record.train_accuracy);
}

// All epochs recorded by any of the runs.
std::vector<int> epochs_of(const Members& runs) {
  std::set<int> epochs;
  for (const record::RunRow* run : runs) {
    for (const record::EpochRecord& record : run->result.history) epochs.insert(record.epoch);
  }
  return {epochs.begin(), epochs.end()};
}

// A run with a missing epoch would cause a jump in the mean.
Members complete(const Members& runs, std::size_t epochs) {
  Members found;
  for (const record::RunRow* run : runs) {
    const auto& history = run->result.history;
    if (history.size() == epochs && std::ranges::all_of(history, is_finite)) found.push_back(run);
  }
  return found;
}

template <typename ValueOf>
Curve mean_curve(const Members& runs, const std::vector<int>& epochs,
                 const study::AnalysisSettings& settings, ValueOf value_of) {
  Curve curve{.epochs = epochs, .values = {}, .pieces = {}};
  for (std::size_t e = 0; e < epochs.size(); ++e) {
    Moments logarithms;
    for (const record::RunRow* run : runs) {
      logarithms.add(std::log(value_of(run->result.history[e])));
    }
    curve.values.push_back(std::exp(logarithms.mean()));
  }
  curve.pieces = curve_pieces(curve.epochs, curve.values, settings);
  return curve;
}

void add_curves(const Members& all, double least_error, const study::AnalysisSettings& settings,
                ArchitecturePhases& row) {
  Members finished;
  for (const record::RunRow* run : all) {
    if (run->result.status == record::RunStatus::finished) finished.push_back(run);
  }
  const std::vector<int> epochs = epochs_of(finished);
  const Members runs = complete(finished, epochs.size());
  if (finished.empty()) {
    row.missing = "no run finished";
  } else if (epochs.size() < 2) {
    row.missing = "a curve needs two epochs";
  } else if (runs.empty()) {
    row.missing = "no run has a finite loss in every epoch";
  }
  if (!row.missing.empty()) return;
  row.runs = static_cast<std::int64_t>(runs.size());
  row.loss = mean_curve(runs, epochs, settings, [](const record::EpochRecord& record) {
    return std::max(record.train_loss, kLeastLoss);
  });
  row.error = mean_curve(runs, epochs, settings, [&](const record::EpochRecord& record) {
    return std::max(1.0 - record.train_accuracy, least_error);
  });
}

ConvergenceEpochs convergence_of(const std::vector<double>& epochs) {
  if (epochs.empty()) return {};
  Moments moments;
  for (const double epoch : epochs) moments.add(epoch);
  return {.runs = moments.count(), .mean = moments.mean(), .median = quantile(epochs, 0.5)};
}

Phase phase_of(double fall_per_doubling, const study::AnalysisSettings& settings) {
  if (fall_per_doubling >= settings.fast_descent) return Phase::fast_descent;
  if (fall_per_doubling >= settings.plateau) return Phase::refinement;
  return fall_per_doubling > -settings.plateau ? Phase::plateau : Phase::rise;
}

// The end points of a fitted piece.
struct Ends {
  double doublings = 0.0;  // doublings of the epoch between the ends
  double first = 0.0;
  double last = 0.0;
};

Ends ends_of(const LinePiece& line, const std::vector<double>& log_epochs) {
  const double begin = log_epochs[line.begin];
  const double end = log_epochs[line.end - 1];
  return {.doublings = (end - begin) / std::log(2.0),
          .first = std::exp(line.intercept + line.slope * begin),
          .last = std::exp(line.intercept + line.slope * end)};
}

}  // namespace

std::string to_string(Phase phase) {
  switch (phase) {
    case Phase::fast_descent:
      return "fast descent";
    case Phase::refinement:
      return "refinement";
    case Phase::plateau:
      return "plateau";
    case Phase::rise:
      break;
  }
  return "rise";
}

std::optional<int> convergence_epoch(const std::vector<record::EpochRecord>& history,
                                     double share) {
  if (history.empty()) return std::nullopt;
  const double last = history.back().train_accuracy;
  if (!(last > 0.0)) return std::nullopt;
  for (const record::EpochRecord& record : history) {
    if (record.train_accuracy >= share * last) return record.epoch;
  }
  return std::nullopt;
}

std::vector<CurvePiece> curve_pieces(const std::vector<int>& epochs,
                                     const std::vector<double>& values,
                                     const study::AnalysisSettings& settings) {
  std::vector<double> x;
  std::vector<double> y;
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    x.push_back(std::log(static_cast<double>(epochs[i])));
    y.push_back(std::log(values[i]));
  }
  const auto least = static_cast<std::size_t>(std::max(settings.phase_epochs, 2));
  const std::vector<LinePiece> lines = piecewise_linear(x, y, least);
  double low = HUGE_VAL;
  double high = 0.0;
  for (const LinePiece& line : lines) {
    const Ends ends = ends_of(line, x);
    low = std::min({low, ends.first, ends.last});
    high = std::max({high, ends.first, ends.last});
  }
  const bool flat = high - low <= settings.least_progress * high;
  std::vector<CurvePiece> pieces;
  for (const LinePiece& line : lines) {
    const Ends ends = ends_of(line, x);
    const double fall = flat ? 0.0 : (ends.first - ends.last) / ends.doublings / (high - low);
    pieces.push_back({.phase = phase_of(fall, settings),
                      .first_epoch = epochs[line.begin],
                      .last_epoch = epochs[line.end - 1],
                      .slope = line.slope,
                      .fall_per_doubling = fall});
  }
  return pieces;
}

std::vector<ArchitecturePhases> phases_of(const Population& population, const Selection& selection,
                                          const study::AnalysisSettings& settings) {
  const auto train_count = static_cast<double>(
      std::max<std::int64_t>(population.datasets[selection.dataset].train_count, 1));
  const std::vector<std::size_t> failed = not_converged(population, settings);
  ByArchitecture architectures;
  std::map<std::string, std::vector<double>> converged;
  for (const std::size_t index : selection.runs) {
    const record::RunRow& run = population.runs[index];
    architectures[{run.parameters, run.architecture}].push_back(&run);
    if (std::ranges::binary_search(failed, index)) continue;
    const std::optional<int> epoch =
        convergence_epoch(run.result.history, settings.convergence_share);
    if (epoch) converged[run.architecture].push_back(*epoch);
  }
  std::vector<ArchitecturePhases> rows;
  for (const auto& [key, runs] : architectures) {
    ArchitecturePhases row;
    row.architecture = key.second;
    row.parameters = key.first;
    add_curves(runs, 0.5 / train_count, settings, row);
    row.convergence = convergence_of(converged[key.second]);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace minima::analysis
