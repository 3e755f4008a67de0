#pragma once

#include <span>

#include "engine/network.h"
#include "study/run.h"

namespace minima::engine {

/// Fills a run's parameter array: keyed by the study's seed, the run's id and the tensor, so that a
/// run starts the same wherever and whenever it is trained.
void initialise(const study::Run& run, const Network& network, std::span<float> parameters);

}  // namespace minima::engine
