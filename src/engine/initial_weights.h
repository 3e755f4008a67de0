#pragma once

#include <span>
#include <vector>

#include "network/graph.h"
#include "study/run.h"

namespace minima::engine {

/// Draws the initial values of one of the graph's tensors. The random numbers are keyed by the
/// study's seed, the run's id and the tensor, so that a run always starts from the same weights.
void draw_initial(const study::Run& run, const network::Graph& graph, std::size_t tensor,
                  std::span<float> values);

/// The initial parameters of a run, flat as in Candidate::parameters. Throws as network::graph_of
/// does.
[[nodiscard]] std::vector<float> initial_parameters(const study::Run& run, const Problem& problem);

}  // namespace minima::engine
