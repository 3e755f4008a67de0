#include "engine/network/parameter_layout.h"

namespace minima::engine {

std::vector<ParameterView> views_of(const Network& network, std::span<const float> parameters) {
  std::vector<ParameterView> views;
  const std::vector<network::Tensor>& tensors = network.graph().tensors;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    views.push_back({tensors[i].spec, parameters.subspan(network.offsets()[i], tensors[i].count)});
  }
  return views;
}

std::vector<float> flat_parameters(std::span<const ParameterView> tensors) {
  std::vector<float> flat;
  for (const ParameterView& tensor : tensors) {
    flat.insert(flat.end(), tensor.values.begin(), tensor.values.end());
  }
  return flat;
}

}  // namespace minima::engine
