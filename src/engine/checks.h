// Checks of arguments, shared by all backends.
#pragma once

#include <cstdint>
#include <span>

#include "core/shape.h"
#include "engine/backend.h"

namespace minima::engine {

/// Throws std::invalid_argument for: no runs; runs that do not share dataset, replicate, seed,
/// batch size and scaling; conditions for some of the runs only; no epoch left to train;
/// MeasureRanges; transformed activations of a network that is not a chain of layers.
void check_cohort(std::span<const study::Run> runs, const Problem& problem,
                  const TrainOptions& options);

/// Throws std::invalid_argument for RoundToMovingRanges, and for images that the split lacks.
void check_evaluation(const data::Split& split, std::span<const Candidate> candidates,
                      std::span<const std::uint32_t> images);

}  // namespace minima::engine
