#include "analysis/prediction_cost.h"

#include "compress/activation_memory.h"
#include "core/error.h"
#include "network/notation/architecture.h"
#include "study/layers.h"

namespace minima::analysis {

std::optional<PredictionCost> prediction_cost(const std::string& architecture,
                                              const Problem& problem,
                                              const std::string& activations) {
  try {
    const auto layers = study::layers_of(network::Architecture::parse(architecture), problem);
    PredictionCost cost;
    for (const study::LayerSpec& layer : layers) cost.multiply_adds += layer.multiply_adds();
    if (!activations.empty()) {
      cost.ram_bytes =
          compress::integer_ram_bytes(layers, compress::parse_number_format(activations));
    }
    return cost;
  } catch (const Error&) {  // written by a newer version
    return std::nullopt;
  }
}

}  // namespace minima::analysis
