#include "engine/network/parameter_layout.h"

#include "engine/initial_weights.h"

namespace minima::engine {

void initialise(const study::Run& run, const Network& network, std::span<float> places) {
  const std::vector<network::Tensor>& tensors = network.graph().tensors;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    draw_initial(run, network.graph(), i, places.subspan(network.offsets()[i], tensors[i].count));
  }
}

std::vector<float> gathered(const Network& network, std::span<const float> places) {
  std::vector<float> flat;
  flat.reserve(static_cast<std::size_t>(network.graph().parameters()));
  const std::vector<network::Tensor>& tensors = network.graph().tensors;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto values = places.subspan(network.offsets()[i], tensors[i].count);
    flat.insert(flat.end(), values.begin(), values.end());
  }
  return flat;
}

}  // namespace minima::engine
