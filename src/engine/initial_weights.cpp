#include "engine/initial_weights.h"

#include <algorithm>
#include <cmath>

#include "core/numbers/random.h"
#include "network/families/lower.h"

namespace minima::engine {
namespace {

double normal_sd(const study::Init& init, const network::Tensor& tensor) {
  switch (init.kind) {
    case study::Init::Kind::normal:
      return init.sd;
    case study::Init::Kind::he_normal:
      return std::sqrt(2.0 / tensor.initial.fan_in);
    case study::Init::Kind::xavier_normal:
      return std::sqrt(2.0 / (tensor.initial.fan_in + tensor.initial.fan_out));
    case study::Init::Kind::pytorch:
      break;
  }
  return 0.0;
}

}  // namespace

void draw_initial(const study::Run& run, const network::Graph& graph, std::size_t number,
                  std::span<float> values) {
  const network::Tensor& tensor = graph.tensors[number];
  const study::Init& init = run.train.init;
  RandomStream stream(run.seed, subject_of(run.id), Purpose::initial_weights,
                      static_cast<std::uint32_t>(number));
  if (tensor.initial.sd > 0.0) {
    for (float& value : values) value = static_cast<float>(tensor.initial.sd * stream.normal());
  } else if (tensor.initial.fan_in == 0) {
    std::ranges::fill(values, tensor.initial.value);
  } else if (init.kind == study::Init::Kind::pytorch) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(tensor.initial.fan_in));
    for (float& value : values) value = static_cast<float>(stream.uniform(-bound, bound));
  } else if (tensor.role != network::Role::bias) {
    const double sd = normal_sd(init, tensor);
    for (float& value : values) value = static_cast<float>(sd * stream.normal());
  }
}

std::vector<float> initial_parameters(const study::Run& run, const Problem& problem) {
  const network::Graph graph = network::graph_of(run.architecture, problem);
  std::vector<float> parameters(static_cast<std::size_t>(graph.parameters()));
  for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
    draw_initial(run, graph, i, graph.tensors[i].of(std::span(parameters)));
  }
  return parameters;
}

}  // namespace minima::engine
