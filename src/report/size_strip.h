// Accuracy against parameters in one line of text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "analysis/convergence.h"

namespace minima::report {

/// What the strips of a dataset share, so that they can be compared.
struct StripScale {
  std::int64_t smallest = 0;  ///< parameters at the left end
  std::int64_t largest = 0;   ///< at the right one
  double lowest = 1.0;        ///< accuracy of the lowest mark: at most that of guessing
  double highest = 0.0;       ///< of the highest

  void add(const analysis::SeriesConvergence& series);
};

/// `width` places along the logarithm of the parameters. In each the mean accuracy of the sizes
/// that fall there as one of eight heights, on a logarithmic scale of the error; a blank where
/// there are none. "unicode": blocks, else characters that are the darker the higher.
[[nodiscard]] std::string size_strip(const analysis::SeriesConvergence& series,
                                     const StripScale& scale, std::size_t width, bool unicode);

}  // namespace minima::report
