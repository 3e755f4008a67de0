// Tests whether the shape of the hidden layers matters beyond the number of parameters. arXiv
// 2601.17987 claims that, with enough parameters, it hardly does. The estimate is our own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/population/population.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// A fraction of the variance of test accuracy, 0..1, with a bootstrap interval of
/// settings.confidence.
struct VarianceShare {
  double value = 0.0;
  double low = 0.0;
  double high = 0.0;
};

/// Variance components of test accuracy. m_i and v_i are the mean and the sample variance of the
/// n_i replicates of architecture i. N(i) are its neighbours, the architectures with nearly equal
/// parameters (settings.parameter_tolerance). Over the architectures that have neighbours:
///   seed        mean of v_i
///   shape       mean over i, and over j in N(i), of ((m_i - m_j)^2 - v_i / n_i - v_j / n_j) / 2
///   between     sample variance of the m_i, minus the mean of v_i / n_i
///   parameters  between - shape
/// `shape` is the variance between architectures of equal parameters. It is unbiased, hence 0 on
/// average if shape has no effect, for any variance of the replicates (a variance component, as in
/// one-way analysis of variance with groups of unequal variance). Changes of accuracy with
/// parameters within the tolerance count as shape. For a slope b per unit of ln(parameters) they
/// add at most (b x tolerance)^2 / 2.
///
/// Fractions are relative to between + seed. `between` is clipped at 0, and shape to 0..between.
/// `unclipped_shape` is the fraction before clipping.
///
/// Intervals: cluster bootstrap with fixed architectures. Replicates are drawn with replacement
/// within architectures, and their deviations from the mean are scaled by sqrt(n / (n - 1)). The
/// means of few replicates lie too far apart, so their distances to the mean of their neighbours
/// are shrunk to the estimated `shape`. The interval is the estimate minus the quantiles of the
/// error on such data, whose fractions are known.
struct ShapeEffect {
  std::string missing;             ///< why the estimate is missing; else empty
  std::int64_t architectures = 0;  ///< those with neighbours and at least two replicates
  std::int64_t left_out = 0;       ///< all other architectures
  double total_sd = 0.0;           ///< of test accuracy, as a fraction
  double shape_sd = 0.0;           ///< the part explained by shape
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

/// `subject`: key of the random numbers.
[[nodiscard]] ShapeEffect shape_effect(std::vector<Replicates> architectures,
                                       const study::AnalysisSettings& settings,
                                       std::string_view subject);

/// Shape effect among the fully connected networks of a selection that have equal options
/// (same_but_widths.h); other families have no hidden shapes. A diverged run counts with the
/// fraction of the majority class, as in answer.h. Depth counts as shape here; shape_spread.h
/// controls for it.
[[nodiscard]] ShapeInvariance shape_invariance_of(const Population& population,
                                                  const Selection& selection,
                                                  const study::AnalysisSettings& settings);

}  // namespace minima::analysis
