// Restricts the instruction sets in use, so that tests can compare their results on one machine.
#pragma once

#include <string>
#include <vector>

namespace minima::kernels {

/// Names of the instruction sets that the elementwise kernels are built for and this processor
/// supports, best first: "AVX3", "AVX2", "SSE4".
[[nodiscard]] std::vector<std::string> instruction_sets();

/// From now on elementwise kernels use this one of instruction_sets(), and newly prepared matrix
/// products use libxsmm's code for it; empty: the best. Do not call this during a computation.
void use_instruction_set(const std::string& name);

}  // namespace minima::kernels
