// Confounds of the claims and their combination.
#pragma once

#include "confound.h"

namespace minima::analysis {

/// Shapes that differ in depth alone, and shapes of a true spread at the tolerance.
[[nodiscard]] Confound shapes_of_other_depth();
/// Networks of no skill, which have nothing to lose by low precision.
[[nodiscard]] Confound floor_limited_loss();
/// Two datasets, each peculiar in its own way.
[[nodiscard]] Confound two_datasets();
/// Many tests of one claim beside one test of another.
[[nodiscard]] Confound many_tests();

}  // namespace minima::analysis
