// Does the shape of the hidden layers matter beyond the number of parameters? The claim of arXiv
// 2601.17987 is that, with enough parameters, it hardly does; the estimate is ours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/population/population.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// A share of the variance of test accuracy, 0..1, with a bootstrap interval of
/// settings.confidence.
struct VarianceShare {
  double value = 0.0;
  double low = 0.0;
  double high = 0.0;
};

/// Where the variance of test accuracy comes from. With m_i, v_i the mean and the sample variance
/// of the n_i replicates of architecture i, and N(i) the architectures of nearly equal parameters
/// (settings.parameter_tolerance), over the architectures that have such neighbours:
///   seed        mean of v_i
///   shape       mean over i, and over j in N(i), of ((m_i - m_j)^2 - v_i / n_i - v_j / n_j) / 2
///   between     sample variance of the m_i, less the mean of v_i / n_i
///   parameters  between - shape
/// `shape` is the variance between architectures of equal parameters: unbiased, hence 0 on average
/// where shape has no effect, whatever the spread of the replicates (a variance component, as in a
/// one-way analysis of variance with groups of unequal variance). What accuracy changes with
/// parameters within the tolerance counts as shape; for a slope b per unit of ln(parameters) that
/// is at most (b x tolerance)^2 / 2.
///
/// Shares are parts of between + seed. A shape below 0 is put at 0, one above `between` at
/// `between`, a `between` below 0 at 0; `unclipped_shape` is the share before that.
///
/// Intervals (cluster bootstrap, the architectures being the ones that were asked about):
/// replicates are drawn with replacement within architectures, their deviations from the mean
/// stretched by sqrt(n / (n - 1)), around means whose distances to the mean of their neighbours are
/// shrunk to the estimated `shape`; for the means of so few replicates lie too far apart. The
/// interval is the estimate less the quantiles of the error made on such data, whose shares are
/// known.
struct ShapeEffect {
  std::string missing;             ///< why there is no estimate; empty when there is one
  std::int64_t architectures = 0;  ///< with neighbours and two replicates or more
  std::int64_t left_out = 0;       ///< the others
  double total_sd = 0.0;           ///< of test accuracy, as a fraction
  double shape_sd = 0.0;           ///< the part that shape explains
  double unclipped_shape = 0.0;
  VarianceShare parameters;
  VarianceShare shape;
  VarianceShare seed;
};

struct ShapeInvariance {
  ShapeEffect all;
};

/// Test accuracies of an architecture, as fractions.
struct Replicates {
  std::int64_t parameters = 0;
  std::vector<double> accuracies;
};

/// `subject` keys the random numbers.
[[nodiscard]] ShapeEffect shape_effect(std::vector<Replicates> architectures,
                                       const study::AnalysisSettings& settings,
                                       std::string_view subject);

/// Of the fully connected networks of a selection; other families have no hidden shapes. A diverged
/// run counts with the share of the largest class, as in answer.h. Depth counts as shape here:
/// shape_spread.h takes it out.
[[nodiscard]] ShapeInvariance shape_invariance_of(const Population& population,
                                                  const Selection& selection,
                                                  const study::AnalysisSettings& settings);

}  // namespace minima::analysis
