#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/backend.h"

namespace minima::engine {

/// Backend::evaluate on the CPU. Candidates share batches, so that loading images costs little
/// beside even small networks, and are taken as many at a time as fit some memory.
[[nodiscard]] std::vector<Evaluation> evaluate_candidates(const data::Dataset& dataset,
                                                          const data::Split& split,
                                                          std::span<const Candidate> candidates,
                                                          std::span<const std::uint32_t> images);

}  // namespace minima::engine
