#include "confound.h"
#include "core/statistics.h"

namespace minima::analysis {

// One function per file of this folder; each file says what it plants and why.
Confound finite_test_images();

std::vector<Confound> recommendation_confounds();

std::vector<Confound> confounds() {
  std::vector<Confound> all{finite_test_images()};
  for (Confound& confound : recommendation_confounds()) all.push_back(std::move(confound));
  return all;
}

bool agrees_with_nominal(const ConfoundResult& result) {
  return binomial_upper_tail(result.wrong, result.populations, result.nominal) >= 0.001;
}

}  // namespace minima::analysis
