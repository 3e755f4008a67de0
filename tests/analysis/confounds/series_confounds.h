// Confounds of the analyses over the sizes of a series.
#pragma once

#include "confound.h"

namespace minima::analysis {

[[nodiscard]] Confound rising_curve();
[[nodiscard]] Confound mixed_templates();
[[nodiscard]] Confound shared_images();

}  // namespace minima::analysis
