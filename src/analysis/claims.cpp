// The claims of the two papers as a table. docs/findings.md has the definitions.
#include "analysis/claim_tests.h"

namespace minima::analysis {
namespace {

constexpr const char* kPaperL = "arXiv 2408.11720";
constexpr const char* kPaperM = "arXiv 2601.17987";

}  // namespace

std::vector<Claim> claims() {
  const std::string runs = "four sizes or more with runs";
  const std::string pruned = "networks that were pruned";
  std::vector<Claim> all{
      {"small_fail_more", kPaperM, "small networks fail more often than large ones",
       "large networks fail more often than small ones", runs + " of which some failed",
       small_are_unstable},
      {"small_vary_more", kPaperM, "small networks vary more from run to run than large ones",
       "large networks vary more from run to run than small ones", runs + ", two or more of each",
       small_vary_more},
      {"accuracy_grows", kPaperM, "in the learning regime accuracy grows with parameters",
       "in the learning regime accuracy falls with parameters", runs + " in the learning regime",
       accuracy_grows},
      {"gap_grows", kPaperM, "the gap between training and test accuracy grows with parameters",
       "the gap between training and test accuracy falls with parameters", runs, gap_grows},
      {"shape_hardly_matters", kPaperM,
       "with enough parameters the shape of the hidden layers hardly matters",
       "the shape of the hidden layers matters even with enough parameters",
       "architectures of nearly equal size above P_min, two runs or more of each",
       shape_hardly_matters},
      {"convergence_phases", kPaperM, "most networks converge in distinct phases",
       "most networks converge in one phase", "architectures that learned, of enough epochs",
       convergence_has_phases},
      {"failures_lack_gradient", kPaperL,
       "most runs that fail do so because the gradient does not reach the first layers",
       "most runs that fail do so for another reason than a missing gradient",
       "runs that did not converge", failures_lack_gradient},
      {"deeper_stands_more_pruning", kPaperM, "deeper networks stand more pruning",
       "deeper networks stand less pruning",
       "four pruned fully connected architectures of equal layers and several depths",
       deeper_stands_more},
      {"redundancy_reaches_60", kPaperM, "redundancy reaches 60 % and more",
       "redundancy stays below 60 %", pruned + ", two runs or more of an architecture",
       redundancy_is_large},
      {"pruning_phases", kPaperM, "most networks are pruned in phases, from flat to collapse",
       "most networks are pruned without a flat phase or a collapse", pruned, pruning_has_phases},
      {"precision_hurts_small", kPaperM, "low precision hurts small networks more",
       "low precision hurts large networks more", "four quantized architectures",
       precision_hurts_small},
      {"precision_hurts_hard_data", kPaperM, "low precision hurts more on harder data",
       "low precision hurts more on easier data",
       "architectures that were quantized on several datasets", precision_hurts_hard_data}};
  for (Claim& claim : weight_claims()) all.push_back(std::move(claim));
  return all;
}

}  // namespace minima::analysis
