// Evaluates integer networks for many images at once.
#pragma once

#include <memory>

#include "engine/backend.h"

namespace minima::engine {

/// Transposes the images of the split once, when the first network needs them.
[[nodiscard]] std::unique_ptr<IntegerEvaluation> make_cpu_integer_evaluation(
    const PreparedDataset& dataset, SplitName split);

}  // namespace minima::engine
