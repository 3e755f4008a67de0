// An architecture as the table of its layers: parameters, FLOP, tensor names and the engine's
// network all come from here.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/shape.h"
#include "network/notation/architecture.h"

namespace minima::study {

/// A learnable tensor, named and laid out as PyTorch does ([out][in] for a linear layer).
struct TensorSpec {
  std::string name;  ///< "fc1.weight"
  std::vector<std::int64_t> shape;
  int fan_in = 0;   ///< inputs of one output, for initial weights; 0: not drawn at random
  int fan_out = 0;  ///< outputs of one input
  /// Value of every element at the start of a run where it is not drawn: 0 for biases, 1 for the
  /// scales of layer norms.
  float start = 0.0F;
  /// Above 0: drawn from N(0, start_sd^2) whatever the study's `init` (positions, class token).
  float start_sd = 0.0F;

  [[nodiscard]] std::int64_t count() const;
  [[nodiscard]] bool is_bias() const { return name.ends_with("bias"); }
};

/// y = W x + b, then ReLU. PyTorch: nn.Linear.
struct DenseSpec {
  int inputs = 0;
  int outputs = 0;
  bool relu = false;
};

/// Square convolution with zero padding, then ReLU. PyTorch: nn.Conv2d, weights
/// [filters][channels][k][k].
struct ConvolutionSpec {
  ImageShape input;
  int filters = 1;
  int kernel = 3;
  int stride = 1;
  int padding = 0;

  [[nodiscard]] ImageShape output() const;
};

/// Largest or mean value of squares of 2 x 2, stride 2; an odd last row or column is left out, as
/// PyTorch's nn.MaxPool2d(2), nn.AvgPool2d(2) do. `global_average`: of each whole channel.
struct PoolingSpec {
  enum class Kind { max, average, global_average };
  ImageShape input;
  Kind kind = Kind::max;

  [[nodiscard]] ImageShape output() const;
};

/// Squares of `patch` x `patch` pixels become tokens of `width` features: a linear embedding of
/// channels x patch x patch values (weight [width][channels * patch * patch], in the order of
/// nn.Conv2d's), plus a learned position each; a learned class token goes first where there is one.
/// `identity`: one token of all pixels, no embedding and no positions (paper L's network).
struct EmbeddingSpec {
  ImageShape input;
  int patch = 7;
  int width = 64;
  bool class_token = false;
  bool positions = true;
  bool identity = false;

  [[nodiscard]] int tokens() const;  ///< the class token included
};

/// A transformer encoder block: multi-head self-attention and a two-layer MLP, each with a residual
/// and a layer norm. PyTorch: nn.TransformerEncoderLayer, its in_proj split in q, k and v.
struct EncoderSpec {
  int tokens = 1;
  int width = 64;
  int heads = 4;
  int head_width = 0;    ///< features of a head; 0: width / heads
  int hidden = 256;      ///< of the MLP
  bool pre_norm = true;  ///< norms before attention and MLP (nn.TransformerEncoderLayer norm_first)
  bool gelu = true;      ///< exact GELU (erf), else ReLU
  /// Of a value to be dropped while training: a probability of the attention, a hidden activation
  /// of the MLP, an output of either before its residual is added (that class's `dropout`).
  double dropout = 0.0;

  /// Of queries, keys and values together: heads x features of a head. PyTorch's layer has `width`
  /// only.
  [[nodiscard]] int attention_width() const;
};

/// The features that go to the output layer: a final layer norm (where `norm`), then the mean of
/// the tokens, or the first one.
struct TokenPoolSpec {
  int tokens = 1;
  int width = 64;
  bool norm = true;
  bool first = false;
};

/// Names of layers and tensors, from input to output:
///   dnn  fc1 .. fcN
///   cnn  conv1, pool1, conv2, pool2, .. gap, fc (pools and gap where asked for)
///   vit  embedding, block1 .. blockN, norm (`pool` where there is no layer norm at the end), fc
/// Every layer with parameters has NAME.weight and NAME.bias, in this order, and
///   embedding  then embedding.position, embedding.class_token; none where it is the identity
///   block1     .weight and .bias each of block1.norm1, .attention.q, .attention.k, .attention.v,
///              .attention.o, .norm2, .mlp.fc1, .mlp.fc2, in this order whichever norm comes first
struct LayerSpec {
  using What = std::variant<DenseSpec, ConvolutionSpec, PoolingSpec, EmbeddingSpec, EncoderSpec,
                            TokenPoolSpec>;
  std::string name;
  What what;

  [[nodiscard]] std::int64_t outputs() const;  ///< features per image
  /// Units that can be dead: outputs of a ReLU - units of a dense layer, filters, hidden units of
  /// an encoder's MLP; 0 where there is no ReLU.
  [[nodiscard]] int relu_units() const;
  /// In the order of the parameter array; empty for pooling.
  [[nodiscard]] std::vector<TensorSpec> tensors() const;
  /// Multiply-adds of a forward pass per image; norms, activations and pooling count nothing.
  [[nodiscard]] std::int64_t multiply_adds() const;
};

/// `vit paper` has the identity as embedding of images of 784 pixels, and a dense layer named
/// "embedding" for others; a TokenPoolSpec that would do nothing (one token, no norm) is left out.
/// Throws an input error (no place) for an architecture that does not fit the images: a patch that
/// does not divide them, a convolution or pooling larger than what reaches it.
[[nodiscard]] std::vector<LayerSpec> layers_of(const network::Architecture& architecture,
                                               const Problem& problem);

/// The tensors of all layers in their order: the order of a run's weights.
[[nodiscard]] std::vector<TensorSpec> tensors_of(const network::Architecture& architecture,
                                                 const Problem& problem);

/// Learnable parameters, weights and biases.
[[nodiscard]] std::int64_t parameter_count(const network::Architecture& architecture,
                                           const Problem& problem);

/// Floating-point operations of one training step per image, of each layer: 6 x multiply-adds, but
/// 4 x for the first layer that has any, which needs no input gradient. An encoder block counts 6 x
/// there too: most of its products come after its first ones.
[[nodiscard]] std::vector<std::int64_t> training_flops(const std::vector<LayerSpec>& layers);

/// The same of all layers together.
[[nodiscard]] std::int64_t training_flop(const network::Architecture& architecture,
                                         const Problem& problem);

/// The same for one forward pass: 2 x multiply-adds.
[[nodiscard]] std::int64_t inference_flop(const network::Architecture& architecture,
                                          const Problem& problem);

}  // namespace minima::study
