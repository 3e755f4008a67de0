#include "compress/integer/activation_memory.h"

#include <algorithm>

#include "compress/integer/integer_network.h"
#include "compress/quantize/activation_quantizer.h"

namespace minima::compress {

ActivationMemory activation_memory(std::span<const std::int64_t> outputs,
                                   NumberFormat activations) {
  ActivationMemory memory{.bytes_per_code = largest_activation_code(activations) > 255 ? 2 : 1};
  bool writes_even = true;
  for (const std::int64_t values : outputs) {
    std::int64_t& buffer = writes_even ? memory.even : memory.odd;
    buffer = std::max(buffer, values);
    writes_even = !writes_even;
  }
  return memory;
}

std::int64_t integer_ram_bytes(const network::Graph& graph, NumberFormat activations) {
  constexpr std::int64_t kLogitBytes = 4;
  std::vector<std::int64_t> outputs;
  for (const network::Layer& layer : graph.layers) outputs.push_back(graph.outputs_of(layer));
  const std::int64_t classes = outputs.back();
  outputs.pop_back();
  return activation_memory(outputs, activations).bytes() + kLogitBytes * classes;
}

}  // namespace minima::compress
