#pragma once

#include <span>
#include <vector>

#include "engine/network/network.h"
#include "study/run.h"

namespace minima::engine {

/// Fills a run's parameter array. The random numbers are keyed by the study's seed, the run's id
/// and the tensor, so that a run always starts from the same weights.
void initialise(const study::Run& run, const Network& network, std::span<float> parameters);

/// The initial parameters of a run, flat as in Candidate::parameters. Throws as network::graph_of
/// does.
[[nodiscard]] std::vector<float> initial_parameters(const study::Run& run, const Problem& problem);

}  // namespace minima::engine
