#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/backend.h"

namespace minima::engine {

/// Backend::evaluate on the CPU. Candidates share batches, so that loading images costs little even
/// for small networks. They are taken in blocks that fit a fixed amount of memory.
[[nodiscard]] std::vector<Evaluation> evaluate_candidates(const PreparedDataset& dataset,
                                                          SplitName split,
                                                          std::span<const Candidate> candidates,
                                                          std::span<const std::uint32_t> images);

}  // namespace minima::engine
