#include "engine/parameter_layout.h"

namespace minima::engine {

std::vector<ParameterView> views_of(const Network& network, std::span<const float> parameters) {
  std::vector<ParameterView> views;
  for (const ParameterInfo& tensor : network.parameters()) {
    views.push_back({tensor.spec, parameters.subspan(tensor.offset, static_cast<std::size_t>(
                                                                        tensor.spec.count()))});
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
