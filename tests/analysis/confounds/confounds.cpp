#include "confound.h"
#include "core/statistics.h"

namespace minima::analysis {

// One function per file of this folder; each file says what it plants and why.
Confound floor_limited_loss();
Confound many_tests();
Confound shapes_of_other_depth();
Confound two_datasets();

std::vector<Confound> confounds() {
  return {shapes_of_other_depth(), floor_limited_loss(), two_datasets(), many_tests()};
}

bool agrees_with_nominal(const ConfoundResult& result) {
  return binomial_upper_tail(result.wrong, result.populations, result.nominal) >= 0.001;
}

}  // namespace minima::analysis
