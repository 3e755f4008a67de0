// Memory that the CPU backend needs, and its limits.
#pragma once

#include "engine/backend.h"

namespace minima::engine {

/// Backend::training_bytes on the CPU. Exact, although it neither compiles kernels nor allocates
/// the network. If the weights and the layers' outputs alone exceed `limit` bytes, counts only
/// these, because the full sum might not fit into 64 bits.
[[nodiscard]] TrainingBytes cpu_training_bytes(const network::Architecture& architecture,
                                               const Problem& problem,
                                               const study::TrainSettings& train,
                                               std::uint64_t limit = kUnlimitedMemory);

/// Each training step reads and writes a weight and Adam's two moments. Those of all runs of a
/// cohort fit into the second-level cache of a core.
[[nodiscard]] study::CohortLimits cpu_cohort_limits(const study::Optimizer& optimizer);

}  // namespace minima::engine
