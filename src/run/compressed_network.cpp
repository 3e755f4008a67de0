#include "run/compressed_network.h"

namespace minima::run {

std::vector<float> stored_parameters(const store::Reader& store, const std::string& run_id) {
  std::vector<float> parameters;
  for (const auto& tensor : store.weights(run_id)) {
    parameters.insert(parameters.end(), tensor.values.begin(), tensor.values.end());
  }
  return parameters;
}

}  // namespace minima::run
