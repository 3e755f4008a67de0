#include "engine/initial_weights.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"

namespace minima::engine {
namespace {

double normal_sd(const study::Init& init, const ParameterInfo& tensor) {
  switch (init.kind) {
    case study::Init::Kind::normal:
      return init.sd;
    case study::Init::Kind::he_normal:
      return std::sqrt(2.0 / tensor.spec.fan_in);
    case study::Init::Kind::xavier_normal:
      return std::sqrt(2.0 / (tensor.spec.fan_in + tensor.spec.fan_out));
    case study::Init::Kind::pytorch:
      break;
  }
  return 0.0;
}

void fill(const study::Init& init, const ParameterInfo& tensor, RandomStream& stream,
          std::span<float> values) {
  if (tensor.spec.start_sd > 0.0) {
    for (float& value : values) value = static_cast<float>(tensor.spec.start_sd * stream.normal());
  } else if (tensor.spec.fan_in == 0) {
    std::ranges::fill(values, tensor.spec.start);
  } else if (init.kind == study::Init::Kind::pytorch) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(tensor.spec.fan_in));
    for (float& value : values) value = static_cast<float>(stream.uniform(-bound, bound));
  } else if (!tensor.spec.is_bias()) {
    const double sd = normal_sd(init, tensor);
    for (float& value : values) value = static_cast<float>(sd * stream.normal());
  }
}

}  // namespace

void initialise(const study::Run& run, const Network& network, std::span<float> parameters) {
  std::uint32_t number = 0;
  for (const ParameterInfo& tensor : network.parameters()) {
    RandomStream stream(run.seed, subject_of(run.id), Purpose::initial_weights, number++);
    fill(run.train.init, tensor, stream,
         parameters.subspan(tensor.offset, static_cast<std::size_t>(tensor.spec.count())));
  }
}

}  // namespace minima::engine
