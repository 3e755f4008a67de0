#include "kernels/instruction_sets.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <map>
#include <stdexcept>

#include "kernels/products/gemm_kernels.h"

namespace minima::kernels {
namespace {

/// libxsmm's target names for the same instruction sets.
const std::map<std::string, std::string>& gemm_targets() {
  static const std::map<std::string, std::string> kTargets{
      {"SSE2", "wsm"}, {"SSE4", "wsm"}, {"AVX2", "hsw"}, {"AVX3", "skx"}};
  return kTargets;
}

}  // namespace

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    const std::string name = hwy::TargetName(target);
    if (gemm_targets().contains(name)) names.push_back(name);
  }
  return names;
}

void use_instruction_set(const std::string& name) {
  hwy::SetSupportedTargetsForTest(0);  // else only the one in use counts as supported
  use_gemm_target("");
  if (name.empty()) return;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    if (hwy::TargetName(target) != name) continue;
    hwy::SetSupportedTargetsForTest(target);
    use_gemm_target(gemm_targets().at(name));
    return;
  }
  throw std::invalid_argument("no such instruction set here: " + name);
}

}  // namespace minima::kernels
