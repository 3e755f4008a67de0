// A network as data: its operations in order of execution, its tensors in the order of its
// parameters, and its layers, for which results are recorded. Families of architectures are lowered
// to it (families/lower.h). Parameter counts, work, prunable units, engine layers, ONNX nodes and
// integer networks are derived from it.
//
// Shapes: an image is [channels][height][width]; tokens are [tokens][width].
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/shape.h"
#include "network/activation.h"

namespace minima::network {

/// Name and shape of a tensor in PyTorch's layout ([outputs][inputs] for a linear layer).
struct TensorSpec {
  std::string name;  ///< "fc1.weight"
  std::vector<std::int64_t> shape;

  [[nodiscard]] std::int64_t count() const;  ///< elements; saturates at the largest int64
  bool operator==(const TensorSpec&) const = default;
};

/// The role of a tensor. Weights and biases belong to Linear and Convolution, scale and shift to
/// LayerNorm.
enum class Role { weight, bias, scale, shift, position, class_token };

/// How the elements of a tensor are initialized.
struct Initial {
  /// Fan-in and fan-out of the operation that has the tensor. If above 0, the study's `init` draws
  /// the elements from them.
  int fan_in = 0;
  int fan_out = 0;
  float value = 0.0F;  ///< of every element that is not drawn
  float sd = 0.0F;     ///< above 0: drawn from N(0, sd^2), regardless of `init`
};

/// A learnable tensor and its location in the flat array of a network's parameters. The array holds
/// tensor after tensor, without gaps, each row-major.
struct Tensor {
  TensorSpec spec;
  Role role = Role::weight;
  Initial initial;
  std::size_t layer = 0;
  std::size_t begin = 0;  ///< index of its first element
  std::size_t count = 0;  ///< number of elements

  [[nodiscard]] std::size_t rows() const { return static_cast<std::size_t>(spec.shape.front()); }
  /// Elements per row: the product of all dimensions but the first.
  [[nodiscard]] std::size_t columns() const { return count / rows(); }
  /// The tensor's part of an array of all parameters.
  template <typename T>
  [[nodiscard]] std::span<T> of(std::span<T> array) const {
    return array.subspan(begin, count);
  }
};

/// y = W x + b, for an image's features or for each token.
struct Linear {
  int inputs = 0;
  int outputs = 0;
  int tokens = 1;
};

/// Square convolution with zero padding; weights [filters][channels][kernel][kernel].
struct Convolution {
  ImageShape input;
  int filters = 1;
  int kernel = 3;
  int stride = 1;
  int padding = 0;

  [[nodiscard]] ImageShape output() const;
};

/// Maximum or mean over 2 x 2 squares, stride 2. Drops an odd last row or column, as PyTorch's
/// nn.MaxPool2d(2) and nn.AvgPool2d(2) do. `global_average`: mean over each channel.
struct Pooling {
  enum class Kind { max, average, global_average };
  ImageShape input;
  Kind kind = Kind::max;

  [[nodiscard]] ImageShape output() const;
};

/// Cuts an image into rectangles. Each is a token of channels x height x width values, in this
/// order.
struct Patches {
  ImageShape input;
  int height = 1;
  int width = 1;

  [[nodiscard]] int tokens() const;
  [[nodiscard]] int values() const;  ///< values per token
};

/// Puts a learned token in front of the others. `tokens`: including it.
struct ClassToken {
  int tokens = 1;
  int width = 1;
};

/// Adds a learned vector to each token.
struct Positions {
  int tokens = 1;
  int width = 1;
};

/// Normalizes each token to mean 0 and variance 1, then scales and shifts it. PyTorch:
/// nn.LayerNorm.
struct LayerNorm {
  int tokens = 1;
  int width = 1;
};

/// Scaled dot-product attention of each head between the tokens of an image. Inputs: queries, keys
/// and values. Dropout acts on the attention probabilities.
struct Attention {
  int tokens = 1;
  int heads = 1;
  int head_width = 1;  ///< features per head

  [[nodiscard]] int width() const { return heads * head_width; }
};

/// The sum of two inputs: a residual connection.
struct Add {
  int tokens = 1;
  int width = 1;
};

/// Reduces tokens to the features of an image: their mean, or the first token.
struct TokenPooling {
  enum class Kind { mean, first };
  int tokens = 1;
  int width = 1;
  Kind kind = Kind::mean;
};

/// The part of an encoder block that an operation belongs to.
enum class BlockPart { none, attention, mlp };

inline constexpr int kImage = -1;  ///< as an input of an Op: the image

struct Op {
  using What = std::variant<Linear, Convolution, Pooling, Patches, ClassToken, Positions, LayerNorm,
                            Attention, Add, TokenPooling>;
  What what;
  std::vector<int> inputs;                   ///< indices of earlier operations, or kImage
  std::vector<std::size_t> tensors;          ///< indices in the graph; at most one of each role
  Activation activation = Activation::none;  ///< applied to the outputs
  /// Probability of dropping a value in training. Acts on the outputs after the activation, or on
  /// the probabilities of an Attention.
  double dropout = 0.0;
  BlockPart part = BlockPart::none;
  std::size_t layer = 0;

  [[nodiscard]] std::int64_t outputs() const;  ///< features per image
  /// Number of outputs with weights of their own: rows of the weight tensor; 0 without weights.
  [[nodiscard]] int units() const;
};

/// Consecutive operations and tensors under one name.
struct Layer {
  std::string name;
  std::size_t first_op = 0;
  std::size_t ops = 0;
  std::size_t first_tensor = 0;
  std::size_t tensors = 0;
};

/// Names of layers and tensors, from input to output:
///   dnn  fc1 .. fcN
///   cnn  conv1, pool1, conv2, pool2, .. gap, fc (pools and gap if there are any)
///   vit  embedding, block1 .. blockN, norm (`pool` without a final layer norm), fc
/// Every layer with weights has NAME.weight and NAME.bias, in this order, and
///   embedding  then embedding.position, embedding.class_token
///   block1     .weight and .bias each of block1.norm1, .attention.q, .attention.k, .attention.v,
///              .attention.o, .norm2, .mlp.fc1, .mlp.fc2, in this order, even if norms come last
/// Names are for people: code uses roles, operations and edges instead.
struct Graph {
  std::vector<Op> ops;          ///< each after its inputs; the last one computes the logits
  std::vector<Tensor> tensors;  ///< in the order of the parameters
  std::vector<Layer> layers;

  [[nodiscard]] std::span<const Op> ops_of(const Layer& layer) const {
    return std::span(ops).subspan(layer.first_op, layer.ops);
  }
  [[nodiscard]] std::span<const Tensor> tensors_of(const Layer& layer) const {
    return std::span(tensors).subspan(layer.first_tensor, layer.tensors);
  }
  /// Whether an operation is a whole layer. Otherwise it is part of an embedding or an encoder
  /// block, and its values are tokens.
  [[nodiscard]] bool is_whole_layer(const Op& op) const { return layers[op.layer].ops == 1; }
  /// Index of the operation's tensor with this role. Throws std::invalid_argument if there is none.
  [[nodiscard]] std::size_t tensor_of(const Op& op, Role role) const;
  /// Operations that read an operation's output.
  [[nodiscard]] std::vector<std::size_t> readers_of(std::size_t op) const;

  /// Number of learnable parameters, saturating at the largest int64.
  [[nodiscard]] std::int64_t parameters() const;
  /// Output features of a layer per image.
  [[nodiscard]] std::int64_t outputs_of(const Layer& layer) const;
  /// Number of units of a layer whose activation can_die.
  [[nodiscard]] int units_that_can_die(const Layer& layer) const;
  /// Whether each layer is one operation that reads the layer before it.
  [[nodiscard]] bool is_chain() const;
};

/// Whether a tensor's name is one of `names` or begins with one of them and a dot: "block1" and
/// "block1.attention.q" both match "block1.attention.q.weight".
[[nodiscard]] bool is_named(std::string_view tensor, std::span<const std::string> names);

/// Throws std::invalid_argument if the parameters or the mask (empty: none) differ in size from the
/// graph's parameters.
void check_sizes(const Graph& graph, std::size_t parameters, std::span<const std::uint8_t> mask);

}  // namespace minima::network
