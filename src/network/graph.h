// A network as data: its operations in order of execution, its tensors in the order of its
// parameters, and its layers, which are what results are recorded for. Families of architectures
// are lowered to it (families/lower.h); parameter counts, work, prunable units, engine layers,
// ONNX nodes and integer networks are derived from it.
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

/// Name and shape of a tensor, laid out as PyTorch does ([outputs][inputs] for a linear layer).
struct TensorSpec {
  std::string name;  ///< "fc1.weight"
  std::vector<std::int64_t> shape;

  [[nodiscard]] std::int64_t count() const;  ///< elements; the largest number if they are more
  bool operator==(const TensorSpec&) const = default;
};

/// What a tensor is for. Weights and biases belong to Linear and Convolution, scale and shift to
/// LayerNorm.
enum class Role { weight, bias, scale, shift, position, class_token };

/// How the elements of a tensor start.
struct Initial {
  /// Inputs and outputs of the operation that has the tensor: above 0, the study's `init` draws the
  /// elements by them.
  int fan_in = 0;
  int fan_out = 0;
  float value = 0.0F;  ///< of every element that is not drawn
  float sd = 0.0F;     ///< above 0: drawn from N(0, sd^2), whatever `init` says
};

/// A learnable tensor and its place in the flat array of a network's parameters: tensor after
/// tensor, without gaps, each row-major.
struct Tensor {
  TensorSpec spec;
  Role role = Role::weight;
  Initial initial;
  std::size_t layer = 0;
  std::size_t begin = 0;  ///< index of its first element
  std::size_t count = 0;  ///< elements

  [[nodiscard]] std::size_t rows() const { return static_cast<std::size_t>(spec.shape.front()); }
  /// Elements of a row: all dimensions but the first.
  [[nodiscard]] std::size_t columns() const { return count / rows(); }
  /// Its part of an array of all parameters.
  template <typename T>
  [[nodiscard]] std::span<T> of(std::span<T> array) const {
    return array.subspan(begin, count);
  }
};

/// y = W x + b, of an image's features or of each token.
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

/// Largest or mean value of squares of 2 x 2, stride 2; an odd last row or column is left out, as
/// PyTorch's nn.MaxPool2d(2) and nn.AvgPool2d(2) do. `global_average`: of each whole channel.
struct Pooling {
  enum class Kind { max, average, global_average };
  ImageShape input;
  Kind kind = Kind::max;

  [[nodiscard]] ImageShape output() const;
};

/// Cuts an image into rectangles, each a token of channels x height x width values (in this order).
struct Patches {
  ImageShape input;
  int height = 1;
  int width = 1;

  [[nodiscard]] int tokens() const;
  [[nodiscard]] int values() const;  ///< of a token
};

/// Puts a learned token in front of the others. `tokens`: with it.
struct ClassToken {
  int tokens = 1;
  int width = 1;
};

/// Adds a learned vector to each token.
struct Positions {
  int tokens = 1;
  int width = 1;
};

/// Each token to mean 0 and variance 1, then scaled and shifted. PyTorch: nn.LayerNorm.
struct LayerNorm {
  int tokens = 1;
  int width = 1;
};

/// Scaled dot-product attention of each head between the tokens of an image; inputs: queries, keys
/// and values. Dropout acts on its probabilities.
struct Attention {
  int tokens = 1;
  int heads = 1;
  int head_width = 1;  ///< features of a head

  [[nodiscard]] int width() const { return heads * head_width; }
};

/// The sum of its two inputs: a residual connection.
struct Add {
  int tokens = 1;
  int width = 1;
};

/// From tokens to the features of an image: their mean, or the first token.
struct TokenPooling {
  enum class Kind { mean, first };
  int tokens = 1;
  int width = 1;
  Kind kind = Kind::mean;
};

/// Which part of an encoder block an operation belongs to.
enum class BlockPart { none, attention, mlp };

inline constexpr int kImage = -1;  ///< as an input of an Op: the image

struct Op {
  using What = std::variant<Linear, Convolution, Pooling, Patches, ClassToken, Positions, LayerNorm,
                            Attention, Add, TokenPooling>;
  What what;
  std::vector<int> inputs;                   ///< operations before this one, or kImage
  std::vector<std::size_t> tensors;          ///< of the graph; at most one of each role
  Activation activation = Activation::none;  ///< of its outputs
  /// Probability that a value is dropped in training: of the outputs after the activation, of an
  /// Attention its probabilities.
  double dropout = 0.0;
  BlockPart part = BlockPart::none;
  std::size_t layer = 0;

  [[nodiscard]] std::int64_t outputs() const;  ///< features per image
  /// Outputs that have weights of their own: rows of the weight tensor; 0 without weights.
  [[nodiscard]] int units() const;
};

/// Operations and tensors under one name, both without gaps.
struct Layer {
  std::string name;
  std::size_t first_op = 0;
  std::size_t ops = 0;
  std::size_t first_tensor = 0;
  std::size_t tensors = 0;
};

/// Names of layers and tensors, from input to output:
///   dnn  fc1 .. fcN
///   cnn  conv1, pool1, conv2, pool2, .. gap, fc (pools and gap where there are any)
///   vit  embedding, block1 .. blockN, norm (`pool` without a layer norm at the end), fc
/// Every layer with weights has NAME.weight and NAME.bias, in this order, and
///   embedding  then embedding.position, embedding.class_token
///   block1     .weight and .bias each of block1.norm1, .attention.q, .attention.k, .attention.v,
///              .attention.o, .norm2, .mlp.fc1, .mlp.fc2, in this order whichever norm comes first
/// Names are for people: code asks for roles, operations and edges.
struct Graph {
  std::vector<Op> ops;          ///< each after its inputs; the last one gives the logits
  std::vector<Tensor> tensors;  ///< in the order of the parameters
  std::vector<Layer> layers;

  [[nodiscard]] std::span<const Op> ops_of(const Layer& layer) const {
    return std::span(ops).subspan(layer.first_op, layer.ops);
  }
  [[nodiscard]] std::span<const Tensor> tensors_of(const Layer& layer) const {
    return std::span(tensors).subspan(layer.first_tensor, layer.tensors);
  }
  /// Index of the tensor of an operation. Throws std::invalid_argument if it has none of the role.
  [[nodiscard]] std::size_t tensor_of(const Op& op, Role role) const;
  /// Operations that read an operation's output.
  [[nodiscard]] std::vector<std::size_t> readers_of(std::size_t op) const;

  /// Learnable parameters; the largest number if they are more.
  [[nodiscard]] std::int64_t parameters() const;
  /// Features per image that leave a layer.
  [[nodiscard]] std::int64_t outputs_of(const Layer& layer) const;
  /// Units of a layer whose activation can_die.
  [[nodiscard]] int units_that_can_die(const Layer& layer) const;
  /// Whether each layer is one operation that reads the layer before it.
  [[nodiscard]] bool is_chain() const;
};

/// Whether a tensor is one of `names`, or one of them is followed by a dot in it, as "block1" and
/// "block1.attention.q" are in "block1.attention.q.weight".
[[nodiscard]] bool is_named(std::string_view tensor, std::span<const std::string> names);

/// Throws std::invalid_argument for parameters or a mask (empty: none) of another size than the
/// graph's.
void check_sizes(const Graph& graph, std::size_t parameters, std::span<const std::uint8_t> mask);

}  // namespace minima::network
