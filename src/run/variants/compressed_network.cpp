#include "run/variants/compressed_network.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "network/families/lower.h"

namespace minima::run {
namespace {

bool is_same(const store::Reader::StoredTensor& stored, const network::Tensor& tensor) {
  return stored.spec == tensor.spec;
}

}  // namespace

std::vector<float> stored_parameters(const store::Reader& store, const study::Run& run,
                                     const Problem& problem) {
  const auto tensors = store.weights(run.id);
  if (!tensors.empty() &&
      !std::ranges::equal(tensors, network::graph_of(run.architecture, problem).tensors, is_same)) {
    throw input_error({"runs.sqlite", "table weight, run " + run.id},
                      fmt::format("its tensors are not those of {}", run.architecture.text()),
                      "restore the store from a copy");
  }
  std::vector<float> parameters;
  for (const auto& tensor : tensors) {
    parameters.insert(parameters.end(), tensor.values.begin(), tensor.values.end());
  }
  return parameters;
}

}  // namespace minima::run
