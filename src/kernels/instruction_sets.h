// Computing with less than the processor has, for tests: results of different instruction sets are
// compared on one machine.
#pragma once

#include <string>
#include <vector>

namespace minima::kernels {

/// Names of those that the elementwise kernels are built for and this processor has, the best
/// first: "AVX3", "AVX2", "SSE4".
[[nodiscard]] std::vector<std::string> instruction_sets();

/// From now on elementwise kernels use this one of instruction_sets(), and matrix products prepared
/// from now on what libxsmm makes of it; empty: the best. Not while anything computes.
void use_instruction_set(const std::string& name);

}  // namespace minima::kernels
