// The notation of architectures, one line of text that is the key everywhere.
//
//   dnn 32-32               two hidden layers of 32 units
//   dnn linear              no hidden layer
//   dnn 32-32 gelu          another activation than ReLU
//   cnn 8-16 max2           two convolutions of 8 and 16 filters, pooling after each
//   vit d64 h4 l2 p7        vision transformer: width 64, 4 heads, 2 blocks, patches of 7 x 7
//   vit paper h4            the one of paper L (arXiv 2408.11720): all pixels are one token
//
// Options are printed only where they differ from their defaults, in one order, so that equal
// networks have equal text (docs/decisions/0005-notation.md).
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "network/activation.h"

namespace minima::network {

/// Fully connected network; hidden widths from input to output.
struct Dnn {
  std::vector<int> hidden;
  Activation activation = Activation::relu;  ///< of the hidden layers: ReLU or GELU
  bool operator==(const Dnn&) const = default;
};

/// Square convolutions, each with an activation and then, where asked for, pooling; a head; one
/// fully connected layer.
struct Cnn {
  enum class Pooling { none, max, average };  ///< of squares of 2 x 2
  enum class Head {
    flatten,  ///< every feature goes to the fully connected layer
    average,  ///< the mean of each channel does (global average pooling)
  };
  std::vector<int> filters;  ///< of each convolution, from input to output
  int kernel = 3;
  int stride = 1;
  int padding = 0;
  Pooling pooling = Pooling::none;
  Head head = Head::flatten;
  Activation activation = Activation::relu;  ///< of the convolutions: ReLU or GELU
  bool operator==(const Cnn&) const = default;
};

/// Vision transformer (Dosovitskiy et al. 2021): embedded patches with learned positions, encoder
/// blocks, one fully connected layer.
struct Vit {
  int width = 64;
  int heads = 4;
  /// Features of a head; 0: width / heads, the only one for which heads must divide the width.
  int head_width = 0;
  int blocks = 2;
  int patch = 7;
  int mlp_width = 256;
  bool pre_norm = true;  ///< layer norms before attention and MLP and one at the end, else after
  Activation activation = Activation::gelu;  ///< in the MLP: GELU or ReLU
  bool class_token = false;  ///< its features go to the last layer, else the mean of the tokens
  double dropout = 0.0;      ///< probability in the encoder blocks; at most 3 decimals
  bool operator==(const Vit&) const = default;
};

/// The transformer of paper L (arXiv 2408.11720), read literally: one token of 784 features, one
/// post-norm encoder block with an MLP of 2048 ReLU units, one fully connected layer. Images that
/// do not have 784 pixels are embedded linearly.
struct PaperVit {
  static constexpr int kWidth = 784;
  static constexpr int kMlpWidth = 2048;
  int heads = 4;
  double dropout = 0.0;  ///< as of Vit
  bool operator==(const PaperVit&) const = default;
};

class Architecture {
 public:
  using Shape = std::variant<Dnn, Cnn, Vit, PaperVit>;

  Architecture() = default;
  /// May be one that cannot exist: check() says so.
  explicit Architecture(Shape shape) : shape_(std::move(shape)) {}

  /// Throws an input error (no file, no place) that says what is wrong with the text.
  [[nodiscard]] static Architecture parse(std::string_view text);

  /// Throws an input error (no file, no place) for settings that contradict each other, such as
  /// heads that do not divide the width. Nothing that was parsed does.
  void check() const;

  [[nodiscard]] std::string text() const;       ///< canonical; parses back to the same
  [[nodiscard]] std::string family() const;     ///< "dnn", "cnn", "vit"
  [[nodiscard]] Activation activation() const;  ///< of the hidden layers
  [[nodiscard]] const Shape& shape() const { return shape_; }

  bool operator==(const Architecture&) const = default;

 private:
  Shape shape_;
};

/// The names that an architecture may begin with: "dnn", "cnn", "vit".
[[nodiscard]] std::vector<std::string> family_names();

}  // namespace minima::network
