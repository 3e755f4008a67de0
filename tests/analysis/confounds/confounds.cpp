#include "confound.h"
#include "core/statistics.h"

namespace minima::analysis {

// One function per file of this folder; each file says what it plants and why.

std::vector<Confound> weight_confounds();

std::vector<Confound> confounds() {
  std::vector<Confound> all;
  for (Confound& each : weight_confounds()) all.push_back(std::move(each));
  return all;
}

bool agrees_with_nominal(const ConfoundResult& result) {
  return binomial_upper_tail(result.wrong, result.populations, result.nominal) >= 0.001;
}

}  // namespace minima::analysis
