// From an architecture and the images' shape to its layers.
#include <fmt/format.h>

#include <numeric>

#include "core/error.h"
#include "core/text.h"
#include "network/limits.h"
#include "network/notation/divisors.h"
#include "study/layers.h"

namespace minima::study {
namespace {

std::string size_of(const ImageShape& shape) {
  return fmt::format("{} x {} x {}", shape.channels, shape.height, shape.width);
}

/// Adds layers one by one; refuses those that do not fit what reaches them.
class Builder {
 public:
  Builder(const network::Architecture& architecture, const Problem& problem)
      : architecture_(architecture), problem_(problem) {}

  std::vector<LayerSpec> build() {
    std::visit([this](const auto& shape) { add(shape); }, architecture_.shape());
    return std::move(layers_);
  }

 private:
  [[nodiscard]] Error misfit(const std::string& why, const std::string& mend) const {
    return input_error(
        {},
        fmt::format("architecture \"{}\" does not fit images of {}: {}",
                    printable(architecture_.text(), 80), size_of(problem_.image), why),
        mend);
  }

  void add_layer(std::string name, LayerSpec::What what) {
    layers_.push_back({.name = std::move(name), .what = std::move(what)});
  }

  /// Before sizes are multiplied as int.
  void check_features(const std::string& layer, std::int64_t rows, std::int64_t columns,
                      std::int64_t depth) const {
    if (rows * columns * depth <= network::kMaxFeatures) return;
    throw misfit(
        fmt::format("{} has {} features per image", layer, grouped(rows * columns * depth)),
        fmt::format("at most {} are allowed", grouped(network::kMaxFeatures)));
  }

  void add(const network::Dnn& dnn) {
    int inputs = problem_.image.pixels();
    const auto add_dense = [&](int outputs, bool relu) {
      add_layer(fmt::format("fc{}", layers_.size() + 1),
                DenseSpec{.inputs = inputs, .outputs = outputs, .relu = relu});
      inputs = outputs;
    };
    for (const int width : dnn.hidden) add_dense(width, true);
    add_dense(problem_.classes, false);
  }

  void add_output(int inputs) {
    add_layer("fc", DenseSpec{.inputs = inputs, .outputs = problem_.classes, .relu = false});
  }

  ImageShape add_convolution(const network::Cnn& cnn, std::size_t number, const ImageShape& input) {
    const ConvolutionSpec spec{.input = input,
                               .filters = cnn.filters[number - 1],
                               .kernel = cnn.kernel,
                               .stride = cnn.stride,
                               .padding = cnn.padding};
    const std::string name = fmt::format("conv{}", number);
    const auto side = [&](int inner) { return inner + 2 * cnn.padding; };
    if (cnn.kernel > side(input.height) || cnn.kernel > side(input.width)) {
      throw misfit(fmt::format("the kernel of {} x {} of {} is larger than the {} x {} it sees",
                               cnn.kernel, cnn.kernel, name, side(input.height), side(input.width)),
                   "take fewer convolutions, a smaller kernel or more padding");
    }
    const ImageShape places = spec.output();
    check_features(name, places.height, places.width, spec.filters);
    add_layer(name, spec);
    return places;
  }

  ImageShape add_pooling(const std::string& name, PoolingSpec::Kind kind, const ImageShape& input) {
    const PoolingSpec spec{.input = input, .kind = kind};
    const ImageShape output = spec.output();
    if (output.height < 1 || output.width < 1) {
      throw misfit(fmt::format("the squares of 2 x 2 of {} are larger than the {} x {} it sees",
                               name, input.height, input.width),
                   "take fewer convolutions, more padding or no pooling");
    }
    add_layer(name, spec);
    return output;
  }

  void add(const network::Cnn& cnn) {
    ImageShape image = problem_.image;
    for (std::size_t number = 1; number <= cnn.filters.size(); ++number) {
      image = add_convolution(cnn, number, image);
      if (cnn.pooling == network::Cnn::Pooling::none) continue;
      const bool max = cnn.pooling == network::Cnn::Pooling::max;
      image = add_pooling(fmt::format("pool{}", number),
                          max ? PoolingSpec::Kind::max : PoolingSpec::Kind::average, image);
    }
    if (cnn.head == network::Cnn::Head::average) {
      image = add_pooling("gap", PoolingSpec::Kind::global_average, image);
    }
    add_output(image.pixels());
  }

  void add(const network::Vit& vit) {
    const ImageShape& image = problem_.image;
    if (image.height % vit.patch != 0 || image.width % vit.patch != 0) {
      const int common = std::gcd(image.height, image.width);
      throw misfit(fmt::format("patches of {} x {} do not divide {} x {}", vit.patch, vit.patch,
                               image.height, image.width),
                   fmt::format("write {}", network::nearest_divisors(common, vit.patch, "p")));
    }
    const EmbeddingSpec embedding{
        .input = image, .patch = vit.patch, .width = vit.width, .class_token = vit.class_token};
    check_features("embedding", embedding.tokens(), vit.width, 1);
    add_layer("embedding", embedding);
    for (int block = 1; block <= vit.blocks; ++block) {
      add_layer(fmt::format("block{}", block), EncoderSpec{.tokens = embedding.tokens(),
                                                           .width = vit.width,
                                                           .heads = vit.heads,
                                                           .head_width = vit.head_width,
                                                           .hidden = vit.mlp_width,
                                                           .pre_norm = vit.pre_norm,
                                                           .gelu = vit.gelu,
                                                           .dropout = vit.dropout});
    }
    if (vit.pre_norm || embedding.tokens() > 1) {
      add_layer(vit.pre_norm ? "norm" : "pool", TokenPoolSpec{.tokens = embedding.tokens(),
                                                              .width = vit.width,
                                                              .norm = vit.pre_norm,
                                                              .first = vit.class_token});
    }
    add_output(vit.width);
  }

  void add(const network::PaperVit& vit) {
    const int pixels = problem_.image.pixels();
    if (pixels == network::PaperVit::kWidth) {
      add_layer("embedding", EmbeddingSpec{.input = problem_.image,
                                           .width = network::PaperVit::kWidth,
                                           .positions = false,
                                           .identity = true});
    } else {
      add_layer("embedding", DenseSpec{.inputs = pixels, .outputs = network::PaperVit::kWidth});
    }
    add_layer("block1", EncoderSpec{.tokens = 1,
                                    .width = network::PaperVit::kWidth,
                                    .heads = vit.heads,
                                    .hidden = network::PaperVit::kMlpWidth,
                                    .pre_norm = false,
                                    .gelu = false,
                                    .dropout = vit.dropout});
    add_output(network::PaperVit::kWidth);
  }

  const network::Architecture& architecture_;
  const Problem& problem_;
  std::vector<LayerSpec> layers_;
};

}  // namespace

std::vector<LayerSpec> layers_of(const network::Architecture& architecture,
                                 const Problem& problem) {
  return Builder(architecture, problem).build();
}

}  // namespace minima::study
