// The memory that training takes, computed before it begins.
#pragma once

#include <cstdint>
#include <limits>

#include "core/shape.h"
#include "network/notation/architecture.h"
#include "study/train_settings.h"

namespace minima::engine {

inline constexpr std::uint64_t kUnlimitedMemory = std::numeric_limits<std::uint64_t>::max();

/// Bytes that one run takes in training.
struct TrainingMemory {
  std::uint64_t own = 0;        ///< weights and the optimizer's moments
  std::uint64_t workspace = 0;  ///< activations and gradients; the runs of a cohort share them
  std::uint64_t batch = 0;      ///< images of a batch; the runs of a cohort share them

  [[nodiscard]] std::uint64_t total() const { return own + workspace + batch; }
};

/// Exact, by arithmetic alone: makes no kernels and allocates nothing of the network's size. If the
/// weights and the layers' outputs alone exceed `limit` bytes, counts only these, because the full
/// sum might not fit into 64 bits. Throws as network::graph_of does.
[[nodiscard]] TrainingMemory training_memory(const network::Architecture& architecture,
                                             const Problem& problem,
                                             const study::TrainSettings& train,
                                             std::uint64_t limit = kUnlimitedMemory);

}  // namespace minima::engine
