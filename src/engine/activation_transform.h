// What a network computes with in place of its activations: quantized ones, for example; or a
// recorder that looks at them and leaves them as they are.
//
// Where activations are seen (layers counted from 0 in the order of the network):
//   dnn, cnn  the output of every layer but the last, after its activation, pooling layers
//   included;
//             site kOutputSite. What the layer's own backward pass needs stays as it was.
//   vit       the input of every linear map, at the layer that has the map: the patches of the
//             embedding, the features that reach the last layer (and the pixels that reach the
//             dense layer which embeds the images of `vit paper` that do not have 784 pixels) at
//             kInputSite; in an encoder block at the four sites below. Residuals stay as they are.
//             In evaluation only: to train a vision transformer with a transform is refused.
#pragma once

#include <cstddef>

namespace minima::engine {

inline constexpr int kOutputSite = 0;  ///< dnn, cnn
inline constexpr int kInputSite = 0;   ///< vit: embedding and last layer

// Of an encoder block.
inline constexpr int kProjectionSite = 0;  ///< the input of q, k and v
inline constexpr int kAttendedSite = 1;    ///< the input of o; of one token, the values
inline constexpr int kMlpSite = 2;         ///< the input of mlp.fc1
inline constexpr int kHiddenSite = 3;      ///< the input of mlp.fc2

/// Called on the thread that trains or evaluates, batch after batch, for each layer in its order; a
/// transform that keeps what it saw in mutable members needs no lock as long as no other thread
/// uses it. For a run to have the same bits in any cohort, values may depend on nothing but the
/// arguments.
class ActivationTransform {
 public:
  virtual ~ActivationTransform() = default;
  /// Changes values [features][stride] in place: image b of `images` has features [f * stride + b].
  /// What lies beyond the images is padding, finite but arbitrary, and may be changed or not. A
  /// layer of tokens has features [width][token].
  virtual void apply(std::size_t layer, int site, float* values, std::size_t features,
                     std::size_t stride, std::size_t images) const = 0;
  /// The gradient with respect to the changed values, of the same shape, becomes that of the
  /// `original` ones: zero where they were clamped, say. Untouched, it passes straight through.
  virtual void backward(std::size_t /*layer*/, int /*site*/, const float* /*original*/,
                        float* /*gradient*/, std::size_t /*features*/, std::size_t /*stride*/,
                        std::size_t /*images*/) const {}
};

}  // namespace minima::engine
