// What training takes in memory, known before it begins.
#pragma once

#include <cstdint>
#include <limits>

#include "core/shape.h"
#include "network/notation/architecture.h"
#include "study/train_settings.h"

namespace minima::engine {

inline constexpr std::uint64_t kUnlimitedMemory = std::numeric_limits<std::uint64_t>::max();

/// Bytes of one run in training.
struct TrainingMemory {
  std::uint64_t own = 0;        ///< weights and the optimiser's moments
  std::uint64_t workspace = 0;  ///< activations and gradients, which the runs of a cohort share
  std::uint64_t batch = 0;      ///< images of a batch, shared likewise

  [[nodiscard]] std::uint64_t total() const { return own + workspace + batch; }
};

/// Exact, by arithmetic alone: no kernel is made and nothing of the network's size allocated. Where
/// the weights and the outputs of the layers alone are more than `limit` bytes, only these (the sum
/// of everything might not fit into 64 bits). Throws as network::graph_of does.
[[nodiscard]] TrainingMemory training_memory(const network::Architecture& architecture,
                                             const Problem& problem,
                                             const study::TrainSettings& train,
                                             std::uint64_t limit = kUnlimitedMemory);

}  // namespace minima::engine
