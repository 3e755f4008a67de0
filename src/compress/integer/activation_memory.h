// RAM for the activations of an integer network. An exported C program has two buffers: each layer
// reads one and writes the other. The caller owns the image and the logits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compress/quantize/settings.h"
#include "network/graph.h"

namespace minima::compress {

struct ActivationMemory {
  std::int64_t even = 1;  ///< codes in the buffer that the first layer writes
  std::int64_t odd = 1;   ///< codes in the other buffer
  int bytes_per_code = 1;

  [[nodiscard]] std::int64_t bytes() const { return bytes_per_code * (even + odd); }
};

/// `outputs`: number of values per image that each layer writes, from the first layer to the last
/// one before the logits. `activations`: the number format of these values.
[[nodiscard]] ActivationMemory activation_memory(std::span<const std::int64_t> outputs,
                                                 NumberFormat activations);

/// RAM of the exported C program in bytes, without its stack: activations and 32-bit logits.
[[nodiscard]] std::int64_t integer_ram_bytes(const network::Graph& graph, NumberFormat activations);

}  // namespace minima::compress
