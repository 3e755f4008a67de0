// How training proceeds: phases of the mean curve of each architecture, and the epoch at which each
// run has converged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// arXiv 2601.17987 speaks of distinct phases without numbers; these are ours. They go by the fall
/// per doubling: by how much a piece of the curve falls while the epochs double, as a share of the
/// range (largest minus smallest value) of the whole fitted curve. A curve of E epochs that falls
/// evenly over ln(epoch) has 1 / log2(E) everywhere: 0.23 for 20 epochs. A curve whose range is at
/// most settings.least_progress of its largest value is one plateau.
enum class Phase {
  fast_descent,  ///< fall per doubling >= settings.fast_descent
  refinement,    ///< between the two
  plateau,       ///< |fall per doubling| < settings.plateau
  rise,          ///< fall per doubling <= -settings.plateau
};
[[nodiscard]] std::string to_string(Phase phase);

/// Epochs over which a curve is a power law, epoch^slope.
struct CurvePiece {
  Phase phase = Phase::plateau;
  int first_epoch = 0;
  int last_epoch = 0;
  double slope = 0.0;  ///< of ln(value) over ln(epoch)
  double fall_per_doubling = 0.0;
};

/// A curve over epochs, cut where its slope changes. Neighbouring pieces may be of one phase.
struct Curve {
  std::vector<int> epochs;
  std::vector<double> values;  ///< geometric means over replicates
  std::vector<CurvePiece> pieces;
};

/// First recorded epoch whose training accuracy is at least `share` of that of the last one;
/// nothing without epochs, or when the last one's is 0 or NaN. arXiv 2601.17987 is silent; ours.
/// Training accuracies of epochs are means over the epoch, each image before its own step.
[[nodiscard]] std::optional<int> convergence_epoch(const std::vector<study::EpochRecord>& history,
                                                   double share);

/// Over the runs of an architecture that converged (not_converged in diagnosis.h has the others:
/// a constant prediction is "reached" in epoch 1).
struct ConvergenceEpochs {
  std::int64_t runs = 0;
  double mean = 0.0;  ///< of convergence_epoch
  double median = 0.0;
};

struct ArchitecturePhases {
  std::string architecture;
  std::int64_t parameters = 0;
  std::int64_t runs = 0;  ///< whose curves are averaged: finished, and finite in every epoch
  Curve loss;             ///< training loss
  Curve error;            ///< training error, 1 - accuracy; 0 counts as half an image
  std::string missing;    ///< why there are no curves; empty when there are
  ConvergenceEpochs convergence;
};

/// The curve of geometric means is fitted by straight lines of ln(value) over ln(epoch)
/// (piecewise.h): losses fall with training roughly as power laws (Viering, Loog 2023), which are
/// one piece, and relative changes compare between architectures and data sets. Architectures by
/// parameters, then by text.
[[nodiscard]] std::vector<ArchitecturePhases> phases_of(const Population& population,
                                                        const Selection& selection,
                                                        const study::AnalysisSettings& settings);

/// The pieces of one curve; values above 0, epochs from 1.
[[nodiscard]] std::vector<CurvePiece> curve_pieces(const std::vector<int>& epochs,
                                                   const std::vector<double>& values,
                                                   const study::AnalysisSettings& settings);

}  // namespace minima::analysis
