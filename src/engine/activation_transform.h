// Transforms of activations: what a network computes with instead of them, for example quantized
// values. A transform can also record activations and leave them unchanged.
//
// Which activations a transform sees (layers are counted from 0 in network order):
//   dnn, cnn  the output of every layer but the last, after its activation function, at
//             kOutputSite. Pooling layers are included. The layer's own backward pass uses
//             the original output.
//   vit       the input of every linear map, reported for the layer that has the map. In an
//             encoder block: the four sites below. At kInputSite: the patches of the embedding
//             and the features that enter the last layer. Also there: the pixels that enter the
//             dense embedding layer of a `vit paper` whose images do not have 784 pixels.
//             Residuals are not transformed. Evaluation only: training a vision transformer
//             with a transform throws.
#pragma once

#include <cstddef>

namespace minima::engine {

inline constexpr int kOutputSite = 0;  ///< dnn, cnn
inline constexpr int kInputSite = 0;   ///< vit: embedding and last layer

// Sites of an encoder block.
inline constexpr int kProjectionSite = 0;  ///< the input of q, k and v
inline constexpr int kAttendedSite = 1;    ///< the input of o; with one token, the values
inline constexpr int kMlpSite = 2;         ///< the input of mlp.fc1
inline constexpr int kHiddenSite = 3;      ///< the input of mlp.fc2

/// Called on the thread that trains or evaluates: batch after batch, for each layer in order. A
/// transform may keep what it saw in mutable members; it needs no lock unless another thread uses
/// it. A run has the same bits in any cohort only if the values depend on the arguments alone.
class ActivationTransform {
 public:
  virtual ~ActivationTransform() = default;
  /// Changes values [features][stride] in place: image b of `images` has features [f * stride + b].
  /// Lanes beyond the images are padding: finite but arbitrary, free to change. In a layer of
  /// tokens the features are [width][token].
  virtual void apply(std::size_t layer, int site, float* values, std::size_t features,
                     std::size_t stride, std::size_t images) const = 0;
  /// Turns the gradient with respect to the changed values into the gradient with respect to the
  /// `original` ones, in place and of the same shape. For example, it sets zero where values were
  /// clamped. The default passes the gradient straight through.
  virtual void backward(std::size_t /*layer*/, int /*site*/, const float* /*original*/,
                        float* /*gradient*/, std::size_t /*features*/, std::size_t /*stride*/,
                        std::size_t /*images*/) const {}
};

}  // namespace minima::engine
