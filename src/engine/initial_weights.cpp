#include "engine/initial_weights.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"

namespace minima::engine {
namespace {

double normal_sd(const study::Init& init, const study::TensorSpec& tensor) {
  switch (init.kind) {
    case study::Init::Kind::normal:
      return init.sd;
    case study::Init::Kind::he_normal:
      return std::sqrt(2.0 / tensor.fan_in);
    case study::Init::Kind::xavier_normal:
      return std::sqrt(2.0 / (tensor.fan_in + tensor.fan_out));
    case study::Init::Kind::pytorch:
      break;
  }
  return 0.0;
}

// `number`: of the tensor among the network's.
void fill(const study::Run& run, const study::TensorSpec& tensor, std::uint32_t number,
          std::span<float> values) {
  const study::Init& init = run.train.init;
  RandomStream stream(run.seed, subject_of(run.id), Purpose::initial_weights, number);
  if (tensor.start_sd > 0.0) {
    for (float& value : values) value = static_cast<float>(tensor.start_sd * stream.normal());
  } else if (tensor.fan_in == 0) {
    std::ranges::fill(values, tensor.start);
  } else if (init.kind == study::Init::Kind::pytorch) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(tensor.fan_in));
    for (float& value : values) value = static_cast<float>(stream.uniform(-bound, bound));
  } else if (!tensor.is_bias()) {
    const double sd = normal_sd(init, tensor);
    for (float& value : values) value = static_cast<float>(sd * stream.normal());
  }
}

}  // namespace

void initialise(const study::Run& run, const Network& network, std::span<float> parameters) {
  std::uint32_t number = 0;
  for (const ParameterInfo& tensor : network.parameters()) {
    fill(run, tensor.spec, number++,
         parameters.subspan(tensor.offset, static_cast<std::size_t>(tensor.spec.count())));
  }
}

std::vector<float> initial_parameters(const study::Run& run, const Problem& problem) {
  std::vector<float> parameters;
  std::uint32_t number = 0;
  for (const study::LayerSpec& layer : study::layers_of(run.architecture, problem)) {
    for (const study::TensorSpec& tensor : layer.tensors()) {
      const auto count = static_cast<std::size_t>(tensor.count());
      parameters.resize(parameters.size() + count);
      fill(run, tensor, number++, std::span(parameters).last(count));
    }
  }
  return parameters;
}

}  // namespace minima::engine
