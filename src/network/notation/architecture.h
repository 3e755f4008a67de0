// The notation of architectures: one line of text, used as the key everywhere.
//
//   dnn 32-32               two hidden layers of 32 units
//   dnn linear              no hidden layer
//   dnn 32-32 gelu          an activation other than ReLU
//   cnn 8-16 max2           two convolutions of 8 and 16 filters, pooling after each
//   vit d64 h4 l2 p7        vision transformer: width 64, 4 heads, 2 blocks, patches of 7 x 7
//   vit paper h4            that of paper L (arXiv 2408.11720): all pixels are one token
//
// Options are printed only if they differ from their defaults, in a fixed order, so that equal
// networks have equal text (docs/decisions/0005-notation.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/enum_words.h"
#include "core/error.h"
#include "network/activation.h"

namespace minima::network {

/// Fully connected network; hidden widths from input to output.
struct Dnn {
  std::vector<int> hidden;
  Activation activation = Activation::relu;  ///< of the hidden layers: ReLU or GELU
  bool operator==(const Dnn&) const = default;
};

/// Square convolutions, each followed by an activation and optional pooling; then a head and one
/// fully connected layer.
struct Cnn {
  enum class Pooling { none, max, average };  ///< over 2 x 2 squares
  enum class Head {
    flatten,  ///< every feature is an input of the fully connected layer
    average,  ///< the mean of each channel is (global average pooling)
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

constexpr auto words_of(Cnn::Pooling /*any*/) {
  return std::to_array<EnumWord<Cnn::Pooling>>({
      {Cnn::Pooling::none, "none"},
      {Cnn::Pooling::max, "max"},
      {Cnn::Pooling::average, "average"},
  });
}
constexpr auto words_of(Cnn::Head /*any*/) {
  return std::to_array<EnumWord<Cnn::Head>>({
      {Cnn::Head::flatten, "flatten"},
      {Cnn::Head::average, "average"},
  });
}

/// Vision transformer (Dosovitskiy et al. 2021): embedded patches with learned positions, encoder
/// blocks, one fully connected layer.
struct Vit {
  int width = 64;
  int heads = 4;
  /// Features per head; 0: width / heads, which requires that heads divide the width.
  int head_width = 0;
  int blocks = 2;
  int patch = 7;
  int mlp_width = 256;
  bool pre_norm = true;  ///< norms before attention and MLP and one at the end; false: after each
  Activation activation = Activation::gelu;  ///< in the MLP: GELU or ReLU
  bool class_token = false;  ///< its features go to the last layer; false: the mean of the tokens
  double dropout = 0.0;      ///< probability in the encoder blocks; at most 3 decimals
  bool operator==(const Vit&) const = default;
};

/// The transformer of paper L (arXiv 2408.11720), taken literally: one token of 784 features, one
/// post-norm encoder block with an MLP of 2048 ReLU units, one fully connected layer. Images that
/// do not have 784 pixels are embedded linearly.
struct PaperVit {
  static constexpr int kWidth = 784;
  static constexpr int kMlpWidth = 2048;
  int heads = 4;
  double dropout = 0.0;  ///< as in Vit
  bool operator==(const PaperVit&) const = default;
};

/// A family of architectures: the first word of the notation. Ordered by that word.
enum class Family { cnn, dnn, vit };
constexpr auto words_of(Family /*any*/) {
  return std::to_array<EnumWord<Family>>({
      {Family::dnn, "dnn"},
      {Family::cnn, "cnn"},
      {Family::vit, "vit"},
  });
}

class Architecture {
 public:
  using Shape = std::variant<Dnn, Cnn, Vit, PaperVit>;

  Architecture() = default;
  /// The shape may be invalid; fault() reports that.
  explicit Architecture(Shape shape) : shape_(std::move(shape)) {}

  /// Throws an input error (without file and location) that says what is wrong with the text.
  [[nodiscard]] static Architecture parse(std::string_view text);

  /// The same, but nothing for a text that is not an architecture, such as one of a newer version.
  [[nodiscard]] static std::optional<Architecture> known(std::string_view text);

  /// An input error (without file and location) for contradictory settings, such as heads that do
  /// not divide the width. A parsed architecture has none.
  [[nodiscard]] std::optional<Error> fault() const;

  [[nodiscard]] std::string text() const;  ///< canonical; parses back to an equal architecture
  [[nodiscard]] Family family() const;
  [[nodiscard]] const Shape& shape() const { return shape_; }

  bool operator==(const Architecture&) const = default;

 private:
  Shape shape_;
};

}  // namespace minima::network
