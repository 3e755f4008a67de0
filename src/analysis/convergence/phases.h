// Training dynamics: phases of each architecture's mean curve, and the epoch at which each run
// converged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "record/run_result.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// arXiv 2601.17987 names distinct phases without numbers; the definition is our own. A phase
/// depends on the fall per doubling: the fall of a curve piece while the number of epochs doubles,
/// as a fraction of the range (largest minus smallest value) of the whole fitted curve. A curve of
/// E epochs that falls evenly over ln(epoch) has 1 / log2(E) everywhere: 0.23 for 20 epochs. A
/// curve whose range is at most settings.least_progress of its largest value is one plateau.
enum class Phase {
  fast_descent,  ///< fall per doubling >= settings.fast_descent
  refinement,    ///< between fast_descent and plateau
  plateau,       ///< |fall per doubling| < settings.plateau
  rise,          ///< fall per doubling <= -settings.plateau
};
[[nodiscard]] std::string to_string(Phase phase);

/// Epochs over which a curve follows a power law, epoch^slope.
struct CurvePiece {
  Phase phase = Phase::plateau;
  int first_epoch = 0;
  int last_epoch = 0;
  double slope = 0.0;  ///< slope of ln(value) over ln(epoch)
  double fall_per_doubling = 0.0;
};

/// A curve over epochs, split where its slope changes. Adjacent pieces may have the same phase.
struct Curve {
  std::vector<int> epochs;
  std::vector<double> values;  ///< geometric means over replicates
  std::vector<CurvePiece> pieces;
};

/// First recorded epoch whose training accuracy is at least `share` times that of the last epoch.
/// nullopt if there are no epochs, or if the last accuracy is 0 or NaN. The definition is our own;
/// arXiv 2601.17987 has none. The training accuracy of an epoch is a mean over the epoch, with each
/// image evaluated before its own step.
[[nodiscard]] std::optional<int> convergence_epoch(const std::vector<record::EpochRecord>& history,
                                                   double share);

/// Convergence epochs of an architecture, over its converged runs. Runs in not_converged
/// (diagnosis.h) are excluded: a constant prediction would be "reached" in epoch 1.
struct ConvergenceEpochs {
  std::int64_t runs = 0;
  double mean = 0.0;  ///< mean convergence_epoch
  double median = 0.0;
};

struct ArchitecturePhases {
  std::string architecture;
  std::int64_t parameters = 0;
  std::int64_t runs = 0;  ///< runs averaged: finished, and finite in every epoch
  Curve loss;             ///< training loss
  Curve error;            ///< training error, 1 - accuracy; 0 counts as half an image
  std::string missing;    ///< why there are no curves; empty if there are
  ConvergenceEpochs convergence;
};

/// The curve of geometric means is fitted piecewise linearly in ln(value) over ln(epoch)
/// (piecewise.h). Losses fall with training roughly as power laws (Viering, Loog 2023), which form
/// one piece. Relative changes are comparable between architectures and datasets. Architectures are
/// sorted by parameters, then by name.
[[nodiscard]] std::vector<ArchitecturePhases> phases_of(const Population& population,
                                                        const Selection& selection,
                                                        const study::AnalysisSettings& settings);

/// The pieces of one curve; values must be above 0, epochs count from 1.
[[nodiscard]] std::vector<CurvePiece> curve_pieces(const std::vector<int>& epochs,
                                                   const std::vector<double>& values,
                                                   const study::AnalysisSettings& settings);

}  // namespace minima::analysis
