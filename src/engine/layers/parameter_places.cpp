#include "engine/layers/parameter_places.h"

#include "core/aligned.h"
#include "kernels/layers/elementwise.h"

namespace minima::engine {

ParameterPlaces::ParameterPlaces(const network::Graph& network) : graph(&network) {
  for (const network::Tensor& tensor : network.tensors) {
    offsets.push_back(floats);
    floats += round_up(tensor.count, kernels::kBatchMultiple);
  }
}

}  // namespace minima::engine
