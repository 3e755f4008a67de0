#include "analysis/recommend/prediction_cost.h"

#include <variant>

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
    PredictionCost cost{.multiply_adds = network::multiply_adds(graph),
                        .layers = static_cast<std::int64_t>(graph.layers.size()),
                        .image_bytes = problem.image.pixels()};
    for (const network::Op& op : graph.ops) {
      if (std::holds_alternative<network::Convolution>(op.what)) {
        cost.convolution_multiply_adds += network::multiply_adds(op);
      }
    }
    for (const network::Layer& layer : graph.layers) cost.outputs += graph.outputs_of(layer);
    if (activations) {
      cost.ram_bytes = compress::integer_ram_bytes(graph, *activations);
    }
    return cost;
  } catch (const Error&) {  // written by a newer version
    return std::nullopt;
  }
}

}  // namespace minima::analysis
