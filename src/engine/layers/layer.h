// A layer of a network: stateless loops over a batch. Parameters, activations and scratch memory
// are passed in, so one layer object serves every run of its architecture.
//
// Shapes: F features, B images in the batch, S stride. Activations are [F][S], the batch index
// fastest. Lanes B..S-1 are padding: their activations are finite but arbitrary, their gradients
// are zero. A layer of tokens has features [width][token], so that a linear map over all tokens is
// one product whose fastest dimension is tokens x S.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/layers/activation_hook.h"
#include "engine/layers/parameter_places.h"
#include "network/graph.h"

namespace minima::engine {

/// The sizes that a network is prepared for.
struct BatchShape {
  std::size_t images = 0;  ///< of a full batch
  std::size_t stride = 0;  ///< `images` rounded up for the kernels
};

struct LayerInput {
  const float* by_feature = nullptr;  ///< [F][S]
  const float* by_image = nullptr;    ///< [S][F], the same values; null: not available
  std::size_t images = 0;             ///< B, images in this batch
};

/// Receives the gradients of parameters piece by piece as they are computed, so that they need not
/// be written to memory. Implementations: an optimizer, or a recorder in tests.
class GradientSink {
 public:
  virtual ~GradientSink() = default;
  /// `offset`: of the piece within the network's parameters; `layer`: the layer it belongs to.
  virtual void accept(std::size_t layer, std::size_t offset, std::span<const float> gradient) = 0;
  /// For `count` parameters from `offset` whose gradients are zero in every step of training. Same
  /// effect as accept() with `count` zeros.
  virtual void accept_zeros(std::size_t layer, std::size_t offset, std::size_t count) {
    alignas(64) static constexpr std::array<float, 1024> kZeros{};
    for (std::size_t at = 0; at < count; at += kZeros.size()) {
      accept(layer, offset + at, std::span(kZeros).first(std::min(kZeros.size(), count - at)));
    }
  }
};

/// What the random numbers of dropout in a training step depend on, besides their position in the
/// network. The forward and the backward pass get the same key.
struct DropoutKey {
  std::uint64_t seed = 0;
  std::uint64_t subject = 0;  ///< of the run
  std::uint32_t step = 0;
};

struct ForwardArguments {
  const float* parameters = nullptr;  ///< of the whole network
  LayerInput input;
  float* output = nullptr;   ///< [F_out][S]
  float* saved = nullptr;    ///< saved_floats() floats, for the backward pass of the same batch
  float* scratch = nullptr;  ///< scratch_floats() floats
  /// Optional. Running maximum of the layer's units that can die (Graph::units_that_can_die); a
  /// unit whose maximum stays 0 is dead. An entry already above zero may be left unchanged.
  float* unit_max = nullptr;
  const DropoutKey* dropout = nullptr;  ///< null: nothing is dropped, as in evaluation
  /// Transforms the inputs of the linear maps inside embeddings and encoder blocks; null: none. A
  /// backward pass is not possible after it.
  ActivationHook* activations = nullptr;
};

struct BackwardArguments {
  const float* parameters = nullptr;  ///< of the whole network; the sink may change this layer's
  LayerInput input;
  const float* output = nullptr;        ///< [F_out][S], from the forward pass
  float* saved = nullptr;               ///< from the forward pass
  float* output_gradient = nullptr;     ///< [F_out][S]; overwritten
  float* input_gradient = nullptr;      ///< [F_in][S]; null: not computed
  float* scratch = nullptr;             ///< scratch_floats() floats
  const DropoutKey* dropout = nullptr;  ///< as in the forward pass
};

class Layer {
 public:
  virtual ~Layer() = default;
  [[nodiscard]] virtual std::size_t outputs() const = 0;
  [[nodiscard]] virtual std::size_t saved_floats() const { return 0; }
  [[nodiscard]] virtual std::size_t scratch_floats() const = 0;

  /// Makes the kernels that forward() and backward() need. The sizes above are known before this
  /// call, so that a network can be planned without kernels.
  virtual void prepare() {}

  virtual void forward(const ForwardArguments& arguments) const = 0;
  /// Computes the input gradient with the old parameters, then passes this layer's parameter
  /// gradients to the sink.
  virtual void backward(const BackwardArguments& arguments, GradientSink& sink) const = 0;
};

}  // namespace minima::engine
