// A layer of a network: stateless loops over a batch. Parameters, activations and scratch memory
// are passed in, so one layer object serves every run of its architecture.
//
// Shapes: F features, B images in the batch, S stride. Activations are [F][S], the batch fastest;
// lanes B..S-1 are padding whose content is finite but arbitrary, gradients are zero there. A layer
// of tokens has features [width][token], so that a linear map over all tokens is one product with
// tokens x S as its fast side.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/activation_transform.h"
#include "engine/layers/parameter_places.h"
#include "network/graph.h"

namespace minima::engine {

/// Sizes that a network is prepared for.
struct BatchShape {
  std::size_t images = 0;  ///< of a full batch
  std::size_t stride = 0;  ///< `images` rounded up for the kernels
};

struct LayerInput {
  const float* by_feature = nullptr;  ///< [F][S]
  const float* by_image = nullptr;    ///< [S][F], the same values; null: not at hand
  std::size_t images = 0;             ///< B of this batch
};

/// Takes the gradients of parameters as they are computed, piece by piece, so that they need not be
/// written to memory: an optimiser, or a recorder in tests.
class GradientSink {
 public:
  virtual ~GradientSink() = default;
  /// `offset`: of the piece in the network's parameters; `layer`: which layer it belongs to.
  virtual void accept(std::size_t layer, std::size_t offset, std::span<const float> gradient) = 0;
  /// `count` parameters from `offset` whose gradients are zero in every step of a training: as
  /// accept() of as many zeros.
  virtual void accept_zeros(std::size_t layer, std::size_t offset, std::size_t count) {
    alignas(64) static constexpr std::array<float, 1024> kZeros{};
    for (std::size_t at = 0; at < count; at += kZeros.size()) {
      accept(layer, offset + at, std::span(kZeros).first(std::min(kZeros.size(), count - at)));
    }
  }
};

/// What the random numbers of dropout in a training step depend on, beside their place in the
/// network: passed to forward and backward pass alike.
struct DropoutKey {
  std::uint64_t seed = 0;
  std::uint64_t subject = 0;  ///< of the run
  std::uint32_t step = 0;
};

struct ForwardArguments {
  const float* parameters = nullptr;  ///< the whole network's
  LayerInput input;
  float* output = nullptr;   ///< [F_out][S]
  float* saved = nullptr;    ///< saved_floats() floats, for the backward pass of the same batch
  float* scratch = nullptr;  ///< scratch_floats() floats
  /// Optional. Running maximum of the layer's units that can die (Graph::units_that_can_die); a
  /// unit whose maximum stays 0 is dead. One that is above zero may be left as it is.
  float* unit_max = nullptr;
  const DropoutKey* dropout = nullptr;  ///< null: nothing is dropped, as in evaluation
  /// Of the inputs of linear maps inside embeddings and encoder blocks; a backward pass is then not
  /// possible. Null: none.
  const ActivationTransform* activations = nullptr;
};

struct BackwardArguments {
  const float* parameters = nullptr;  ///< the whole network's; the sink may change this layer's own
  LayerInput input;
  const float* output = nullptr;        ///< [F_out][S], as the forward pass left it
  float* saved = nullptr;               ///< as the forward pass left it
  float* output_gradient = nullptr;     ///< [F_out][S]; destroyed
  float* input_gradient = nullptr;      ///< [F_in][S]; null: not wanted
  float* scratch = nullptr;             ///< scratch_floats() floats
  const DropoutKey* dropout = nullptr;  ///< as in the forward pass
};

class Layer {
 public:
  virtual ~Layer() = default;
  [[nodiscard]] virtual std::size_t outputs() const = 0;
  [[nodiscard]] virtual std::size_t saved_floats() const { return 0; }
  [[nodiscard]] virtual std::size_t scratch_floats() const = 0;

  /// Makes the kernels that forward and backward need. All above is known before: a network is
  /// planned without it.
  virtual void prepare() {}

  virtual void forward(const ForwardArguments& arguments) const = 0;
  /// Computes the input gradient with the old parameters, then hands this layer's own gradients
  /// out.
  virtual void backward(const BackwardArguments& arguments, GradientSink& sink) const = 0;
};

}  // namespace minima::engine
