// Descriptive comparisons of runs, not for decisions. They treat runs as independent, but runs of
// one architecture are not. analysis/weights/architecture_contrast.h has the tests.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace minima {

/// Cliff's delta (1993), -1..1: over all pairs of a value of `a` and one of `b`, the fraction in
/// which a's is larger minus the fraction in which it is smaller. Nothing if either is empty.
[[nodiscard]] std::optional<double> cliffs_delta(std::span<const double> a,
                                                 std::span<const double> b);

/// Mean absolute difference of two values (Gini). Nothing for fewer than two values.
[[nodiscard]] std::optional<double> mean_absolute_difference(std::vector<double> values);

/// Pearson's correlation of x and y after subtracting the means of their strata, with Fisher's
/// interval, tanh(atanh r -+ z / sqrt(n - strata - 2)).
struct Correlation {
  std::int64_t runs = 0;  ///< in strata of at least two runs
  double r = 0.0;
  double low = 0.0;
  double high = 0.0;
};

struct Observation {
  double x = 0.0;
  double y = 0.0;
  std::string stratum = {};
};

/// Nothing if x or y does not vary within strata, or if too few runs remain for an interval.
[[nodiscard]] std::optional<Correlation> correlation(std::span<const Observation> observations,
                                                     double confidence);

}  // namespace minima
