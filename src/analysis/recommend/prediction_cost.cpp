#include "analysis/recommend/prediction_cost.h"

#include "compress/integer/activation_memory.h"
#include "core/error.h"
#include "network/derive/work.h"
#include "network/families/lower.h"
#include "network/notation/architecture.h"

namespace minima::analysis {

std::optional<PredictionCost> prediction_cost(const std::string& architecture,
                                              const Problem& problem,
                                              std::optional<study::NumberFormat> activations) {
  try {
    const network::Graph graph =
        network::graph_of(network::Architecture::parse(architecture), problem);
    PredictionCost cost{.multiply_adds = network::multiply_adds(graph)};
    if (activations) {
      cost.ram_bytes = compress::integer_ram_bytes(graph, *activations);
    }
    return cost;
  } catch (const Error&) {  // written by a newer version
    return std::nullopt;
  }
}

}  // namespace minima::analysis
