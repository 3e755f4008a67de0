#include "confound.h"
#include "core/statistics.h"
#include "series_confounds.h"

namespace minima::analysis {

// One function per file of this folder; each file says what it plants and why.

std::vector<Confound> confounds() {
  return {rising_curve(), mixed_templates(), shared_images()};
}

bool agrees_with_nominal(const ConfoundResult& result) {
  return binomial_upper_tail(result.wrong, result.populations, result.nominal) >= 0.001;
}

}  // namespace minima::analysis
