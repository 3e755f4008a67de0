// An architecture as the table of its layers: parameters, FLOP, tensor names and the engine's
// network all come from here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/shape.h"
#include "study/architecture.h"

namespace minima::study {

/// A learnable tensor, named and laid out as PyTorch does ([out][in] for a linear layer).
struct TensorSpec {
  std::string name;  ///< "fc1.weight"
  std::vector<std::int64_t> shape;
  [[nodiscard]] std::int64_t count() const;
};

/// A fully connected layer.
struct LayerSpec {
  std::string name;  ///< "fc1", "fc2", ... from input to output
  int inputs = 0;
  int outputs = 0;
  bool relu = false;  ///< followed by ReLU: every layer but the last

  /// Weight, then bias.
  [[nodiscard]] std::vector<TensorSpec> tensors() const;
};

[[nodiscard]] std::vector<LayerSpec> layers_of(const Architecture& architecture,
                                               const Problem& problem);

/// Learnable parameters, weights and biases.
[[nodiscard]] std::int64_t parameter_count(const Architecture& architecture,
                                           const Problem& problem);

/// Floating-point operations of one training step per image: 4 x inputs x outputs for the first
/// layer (it needs no input gradient), 6 x inputs x outputs for the others.
[[nodiscard]] std::int64_t training_flop(const Architecture& architecture, const Problem& problem);

/// The same for one forward pass: 2 x inputs x outputs per layer.
[[nodiscard]] std::int64_t inference_flop(const Architecture& architecture, const Problem& problem);

}  // namespace minima::study
