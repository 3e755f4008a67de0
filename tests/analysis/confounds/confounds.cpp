#include "confound.h"
#include "series_confounds.h"
#include "statistics/distributions.h"

namespace minima::analysis {

// Each file in this folder describes what it plants and why.
Confound shapes_of_other_depth();
Confound floor_limited_loss();
Confound depth_by_size();
Confound families_of_other_sizes();
Confound two_datasets();
Confound many_tests();
Confound finite_test_images();
Confound two_studies();
std::vector<Confound> weight_confounds();
std::vector<Confound> recommendation_confounds();

std::vector<Confound> confounds() {
  std::vector<Confound> all = weight_confounds();
  for (const Confound& each :
       {shapes_of_other_depth(), rising_curve(), mixed_templates(), floor_limited_loss(),
        depth_by_size(), families_of_other_sizes(), two_datasets(), shared_images(),
        finite_test_images(), two_studies(), many_tests()}) {
    all.push_back(each);
  }
  for (const Confound& each : recommendation_confounds()) all.push_back(each);
  return all;
}

bool agrees_with_nominal(const ConfoundResult& result) {
  return binomial_upper_tail(result.wrong, result.populations, result.nominal) >= 0.001;
}

}  // namespace minima::analysis
