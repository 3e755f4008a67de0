// Each layer of the engine against the definitions of its operations in double precision: outputs,
// and the gradients of all parameters and inputs by finite differences.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "core/aligned.h"
#include "core/error.h"
#include "core/numbers/random.h"
#include "engine/network/make_layer.h"
#include "engine/tokens/dropout.h"
#include "kernels/reference/reference_vit.h"
#include "network/families/graph_builder.h"
#include "network/families/lower.h"
#include "plain_graph.h"

namespace minima::engine {
namespace {

constexpr BatchShape kVitBatch{.images = 5, .stride = 16};

constexpr DropoutKey kVitKey{.seed = 2, .subject = 3, .step = 4};

/// The number of a site in the keys of dropout. It is fixed, because results must never change.
std::uint64_t site_of(const network::Op& op) {
  if (std::holds_alternative<network::Attention>(op.what)) return 0;
  if (op.part == network::BlockPart::attention) return 1;
  return op.activation == network::Activation::none ? 3 : 2;
}

/// The dropout factor of an image, from the reference implementation of the keyed mask.
double dropout_factor_of(const network::Op& op, std::size_t row, std::size_t image) {
  const StreamKey key =
      stream_key(kVitKey.seed, subject_of(kVitKey.subject, op.layer * 4 + site_of(op)),
                 Purpose::dropout, kVitKey.step);
  const kernels::DropoutMask mask{.key = key, .threshold = kernels::dropout_threshold(op.dropout)};
  return kernels::reference::dropout_factor(mask, row, image);
}

/// A layer with random parameters, its input and its output.
class Bench {
 public:
  Bench(network::Graph graph, std::size_t layer, std::size_t inputs)
      : graph_(std::move(graph)),
        places_(graph_),
        index_(layer),
        stream_(5, 0, Purpose::bootstrap),
        inputs_(inputs) {
    layer_ = make_layer(graph_, graph_.layers[layer], kVitBatch, places_);
    layer_->prepare();
    parameters_ = AlignedBuffer<float>(places_.floats);
    for (float& value : parameters_.span()) value = 0.5F * static_cast<float>(stream_.normal());
    input_ = random(inputs);
    output_ = AlignedBuffer<float>(layer_->outputs() * kVitBatch.stride);
    output_gradient_ = random(layer_->outputs());
    input_gradient_ = AlignedBuffer<float>(inputs * kVitBatch.stride);
    saved_ = AlignedBuffer<float>(layer_->saved_floats());
    scratch_ = AlignedBuffer<float>(layer_->scratch_floats());
  }

  void forward(std::size_t images, std::vector<float>* unit_max = nullptr,
               const DropoutKey* dropout = &kVitKey) {
    layer_->forward({.parameters = parameters_.data(),
                     .input = {.by_feature = input_.data(), .by_image = nullptr, .images = images},
                     .output = output_.data(),
                     .saved = saved_.data(),
                     .scratch = scratch_.data(),
                     .unit_max = unit_max == nullptr ? nullptr : unit_max->data(),
                     .dropout = dropout});
  }

  /// Compares the outputs of `images` images, then every gradient, after a pass with a full batch.
  void expect_right(std::size_t images, const std::string& what, bool want_input = true) {
    forward(kVitBatch.images);
    forward(images);
    expect_output(images, what);
    std::vector<float> gradient(parameters_.size(), -1e9F);
    backward(images, want_input, gradient);
    const Objective objective{*this, images};
    std::vector<double> p(parameters_.span().begin(), parameters_.span().end());
    const network::Layer& layer = graph_.layers[index_];
    for (std::size_t i = 0; i < layer.tensors; ++i) {
      const network::Tensor& tensor = graph_.tensors[layer.first_tensor + i];
      const std::size_t offset = places_.offsets[layer.first_tensor + i];
      for (std::size_t j = 0; j < tensor.count; ++j) {
        const double expected = slope(p[offset + j], [&] { return objective.at(p, {}); });
        ASSERT_NEAR(gradient[offset + j], expected, 2e-4 * (1.0 + std::abs(expected)))
            << what << " " << tensor.spec.name << " element " << j;
      }
    }
    if (want_input) expect_input_gradient(objective, p, what);
  }

  AlignedBuffer<float>& parameters() { return parameters_; }
  Layer& layer() { return *layer_; }
  [[nodiscard]] std::vector<float> output() const {
    return {output_.span().begin(), output_.span().end()};
  }

 private:
  struct Recorder final : GradientSink {
    std::vector<float>& gradient;
    std::size_t index;
    Recorder(std::vector<float>& to, std::size_t layer) : gradient(to), index(layer) {}
    void accept(std::size_t layer, std::size_t offset, std::span<const float> piece) override {
      EXPECT_EQ(layer, index);
      std::copy(piece.begin(), piece.end(), gradient.begin() + static_cast<std::ptrdiff_t>(offset));
    }
  };

  /// Sum over images and outputs of output times output_gradient.
  struct Objective {
    const Bench& bench;
    std::size_t images;

    [[nodiscard]] double at(const std::vector<double>& p, std::vector<double> inputs) const {
      if (inputs.empty()) {
        inputs.assign(bench.input_.span().begin(), bench.input_.span().end());
      }
      double sum = 0.0;
      for (std::size_t b = 0; b < images; ++b) {
        const PlainGraph::Vector y = bench.plain_output(p, inputs, b);
        for (std::size_t f = 0; f < y.size(); ++f) {
          sum += y[f] * bench.output_gradient_[f * kVitBatch.stride + b];
        }
      }
      return sum;
    }
  };

  template <typename Function>
  static double slope(double& variable, Function function) {
    constexpr double kStep = 1e-6;
    const double kept = variable;
    variable = kept + kStep;
    const double above = function();
    variable = kept - kStep;
    const double below = function();
    variable = kept;
    return (above - below) / (2.0 * kStep);
  }

  AlignedBuffer<float> random(std::size_t features) {
    AlignedBuffer<float> values(features * kVitBatch.stride);
    for (float& value : values.span()) value = static_cast<float>(stream_.normal());
    return values;
  }

  void backward(std::size_t images, bool want_input, std::vector<float>& gradient) {
    AlignedBuffer<float> destroyed(output_gradient_.size());
    for (std::size_t i = 0; i < destroyed.size(); ++i) {
      destroyed[i] = i % kVitBatch.stride < images ? output_gradient_[i] : 0.0F;
    }
    Recorder recorder(gradient, index_);
    layer_->backward({.parameters = parameters_.data(),
                      .input = {.by_feature = input_.data(), .by_image = nullptr, .images = images},
                      .output = output_.data(),
                      .saved = saved_.data(),
                      .output_gradient = destroyed.data(),
                      .input_gradient = want_input ? input_gradient_.data() : nullptr,
                      .scratch = scratch_.data(),
                      .dropout = &kVitKey},
                     recorder);
  }

  // The output of image b as [feature][token], from the definition.
  [[nodiscard]] PlainGraph::Vector plain_output(const std::vector<double>& p,
                                                const std::vector<double>& inputs,
                                                std::size_t b) const {
    PlainGraph::Vector image;
    for (std::size_t f = 0; f < inputs_; ++f) image.push_back(inputs[f * kVitBatch.stride + b]);
    PlainGraph plain(graph_, places_.offsets);
    plain.dropout_factor = [b](const network::Op& op, std::size_t row) {
      return dropout_factor_of(op, row, b);
    };
    return plain.layer_outputs(index_, p, image);
  }

  void expect_output(std::size_t images, const std::string& what) {
    const std::vector<double> p(parameters_.span().begin(), parameters_.span().end());
    const std::vector<double> inputs(input_.span().begin(), input_.span().end());
    for (std::size_t b = 0; b < images; ++b) {
      const PlainGraph::Vector expected = plain_output(p, inputs, b);
      ASSERT_EQ(expected.size(), layer_->outputs());
      for (std::size_t f = 0; f < expected.size(); ++f) {
        ASSERT_NEAR(output_[f * kVitBatch.stride + b], expected[f],
                    1e-5 * (1 + std::abs(expected[f])))
            << what << " output " << f << " of image " << b;
      }
    }
  }

  void expect_input_gradient(const Objective& objective, const std::vector<double>& p,
                             const std::string& what) {
    std::vector<double> inputs(input_.span().begin(), input_.span().end());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (i % kVitBatch.stride >= objective.images) {
        ASSERT_EQ(input_gradient_[i], 0.0F) << what << ": padding";
        continue;
      }
      const double expected = slope(inputs[i], [&] { return objective.at(p, inputs); });
      ASSERT_NEAR(input_gradient_[i], expected, 2e-4 * (1.0 + std::abs(expected)))
          << what << " input " << i;
    }
  }

  network::Graph graph_;
  ParameterPlaces places_;
  std::size_t index_;
  RandomStream stream_;
  std::size_t inputs_;
  std::unique_ptr<Layer> layer_;
  AlignedBuffer<float> parameters_;
  AlignedBuffer<float> input_;
  AlignedBuffer<float> output_;
  AlignedBuffer<float> output_gradient_;
  AlignedBuffer<float> input_gradient_;
  AlignedBuffer<float> saved_;
  AlignedBuffer<float> scratch_;
};

/// The third block of a vision transformer for images of `tokens` pixels, one token per pixel.
Bench block_of(const std::string& vit, int tokens) {
  return Bench(network::graph_of(network::Architecture::parse(vit + " l3 p1"),
                                 {.image = {1, 1, tokens}, .classes = 2}),
               3, static_cast<std::size_t>(tokens) * (vit.starts_with("vit d6") ? 6 : 4));
}

void expect_encoder(const std::string& vit, int tokens, std::size_t images = kVitBatch.images,
                    bool want_input = true) {
  block_of(vit, tokens)
      .expect_right(
          images,
          vit + ", " + std::to_string(tokens) + " tokens, " + std::to_string(images) + " images",
          want_input);
}

const char* const kNorms[] = {"", " post"};
const char* const kDropouts[] = {"", " drop0.3"};

void expect_each_kind(const std::string& dropout) {
  for (const std::string norms : kNorms) {
    for (const std::string activation : {"", " relu"}) {
      for (const int tokens : {1, 5}) {
        for (const std::string heads : {"h1", "h2"}) {
          expect_encoder("vit d6 " + heads + " f7" + norms + activation + dropout, tokens);
        }
      }
    }
  }
}

TEST(Encoder, AndItsGradientsEqualTheDefinitionForEachKindOfBlock) {
  expect_each_kind("");
}

TEST(Encoder, WithDropoutEqualsTheDefinitionForEachKindOfBlock) {
  expect_each_kind(" drop0.3");
}

TEST(Encoder, WithHeadsOfAnyWidthEqualsTheDefinition) {
  for (const std::string heads : {"h1 a2", "h3 a5", "h4 a1"}) {
    for (const int tokens : {1, 4}) {
      for (const std::string dropout : kDropouts) {
        for (const std::string norms : kNorms) {
          expect_encoder("vit d6 " + heads + " f3" + norms + dropout, tokens);
        }
      }
    }
  }
}

/// Small pre-norm and post-norm blocks, with and without dropout.
std::vector<std::string> small_blocks() {
  std::vector<std::string> vits;
  for (const std::string norms : kNorms) {
    for (const std::string dropout : kDropouts) vits.push_back("vit d4 h2 f5" + norms + dropout);
  }
  return vits;
}

TEST(Encoder, IsCorrectForTheSmallerLastBatchOfAnEpoch) {
  for (const int tokens : {1, 4}) {
    for (const std::string& vit : small_blocks()) expect_encoder(vit, tokens, 2);
  }
}

TEST(Encoder, IsCorrectWithoutItsInputGradient) {
  for (const std::string& vit : small_blocks()) expect_encoder(vit, 3, 5, false);
}

TEST(Encoder, IgnoresDropoutInEvaluation) {
  for (const int tokens : {1, 4}) {
    for (const std::string norms : kNorms) {
      const std::string vit = "vit d4 h2 f5" + norms;
      Bench with = block_of(vit + " drop0.3", tokens);
      Bench without = block_of(vit, tokens);
      with.forward(5);
      with.forward(5, nullptr, nullptr);
      without.forward(5);
      EXPECT_EQ(with.output(), without.output()) << vit << ", " << tokens << " tokens";
    }
  }
}

TEST(Encoder, ReportsTheLargestActivationOfEachReluUnitOverTokensAndImages) {
  Bench bench = block_of("vit d4 h1 f9 relu", 3);
  std::vector<float> one(9, 0.0F);
  std::vector<float> all(9, 0.0F);
  bench.forward(1, &one);
  bench.forward(5, &all);
  int grown = 0;
  for (std::size_t u = 0; u < 9; ++u) {
    EXPECT_GE(all[u], one[u]);
    grown += all[u] > one[u] ? 1 : 0;
  }
  EXPECT_GT(grown, 0);
}

/// A graph with one layer, built by `add`.
template <typename Add>
network::Graph layer_of(const ImageShape& image, Add add) {
  const network::Architecture architecture;
  const Problem problem{.image = image, .classes = 2};
  network::GraphBuilder builder(architecture, problem);
  builder.begin_layer("layer");
  add(builder);
  return builder.take();
}

network::Graph embedding_layer(bool class_token, bool positions) {
  return layer_of({2, 4, 6}, [=](network::GraphBuilder& builder) {
    const int tokens = class_token ? 7 : 6;
    int x = builder.add({.what = network::Patches{.input = {2, 4, 6}, .height = 2, .width = 2},
                         .inputs = {network::kImage}});
    x = builder.add({.what = network::Linear{.inputs = 8, .outputs = 3, .tokens = 6},
                     .inputs = {x},
                     .tensors = builder.linear_tensors("", 8, 3)});
    if (class_token) {
      x = builder.add(
          {.what = network::ClassToken{.tokens = tokens, .width = 3},
           .inputs = {x},
           .tensors = builder.learned_token(".class_token", network::Role::class_token, {3})});
    }
    if (!positions) return;
    builder.add(
        {.what = network::Positions{.tokens = tokens, .width = 3},
         .inputs = {x},
         .tensors = builder.learned_token(".position", network::Role::position, {tokens, 3})});
  });
}

TEST(Embedding, AndItsGradientsEqualTheDefinition) {
  for (const bool class_token : {false, true}) {
    for (const bool positions : {true, false}) {
      for (const std::size_t images : {5U, 2U}) {
        Bench bench(embedding_layer(class_token, positions), 0, 48);
        bench.expect_right(images, class_token ? "class token" : "no class token");
      }
    }
  }
}

TEST(Embedding, OfTheIdentityPassesPixelsThrough) {
  Bench bench(
      layer_of({1, 3, 4},
               [](network::GraphBuilder& builder) {
                 builder.add({.what = network::Patches{.input = {1, 3, 4}, .height = 3, .width = 4},
                              .inputs = {network::kImage}});
               }),
      0, 12);
  bench.expect_right(5, "identity");
}

network::Graph pooling_layer(bool norm, bool first, int tokens) {
  return layer_of({1, 1, 4 * tokens}, [=](network::GraphBuilder& builder) {
    int x = network::kImage;
    if (norm) {
      x = builder.add({.what = network::LayerNorm{.tokens = tokens, .width = 4},
                       .inputs = {x},
                       .tensors = builder.norm_tensors("", 4)});
    }
    using Kind = network::TokenPooling::Kind;
    builder.add({.what =
                     network::TokenPooling{
                         .tokens = tokens, .width = 4, .kind = first ? Kind::first : Kind::mean},
                 .inputs = {x}});
  });
}

TEST(TokenPool, AndItsGradientsEqualTheDefinition) {
  for (const bool norm : {true, false}) {
    for (const bool first : {true, false}) {
      for (const int tokens : {1, 5}) {
        for (const std::size_t images : {5U, 2U}) {
          Bench bench(pooling_layer(norm, first, tokens), 0, static_cast<std::size_t>(4 * tokens));
          bench.expect_right(images, std::to_string(tokens) + (norm ? " tokens, norm" : " tokens"));
        }
      }
    }
  }
}

TEST(DenseLayer, AndItsGradientsEqualTheDefinitionForEachActivation) {
  using network::Activation;
  for (const Activation activation : {Activation::none, Activation::relu, Activation::gelu}) {
    for (const std::size_t images : {5U, 2U}) {
      const auto graph = layer_of({1, 1, 6}, [=](network::GraphBuilder& builder) {
        builder.add({.what = network::Linear{.inputs = 6, .outputs = 4},
                     .inputs = {network::kImage},
                     .tensors = builder.linear_tensors("", 6, 4),
                     .activation = activation});
      });
      Bench(graph, 0, 6).expect_right(images, word_text(activation));
    }
  }
}

TEST(ConvolutionLayer, AndItsGradientsEqualTheDefinitionForEachActivation) {
  using network::Activation;
  for (const Activation activation : {Activation::none, Activation::relu, Activation::gelu}) {
    for (const int padding : {0, 1}) {
      const network::Convolution convolution{
          .input = {2, 5, 4}, .filters = 3, .stride = 2, .padding = padding};
      const auto graph = layer_of({2, 5, 4}, [=](network::GraphBuilder& builder) {
        builder.add({.what = convolution,
                     .inputs = {network::kImage},
                     .tensors = builder.convolution_tensors(convolution),
                     .activation = activation});
      });
      Bench(graph, 0, 40).expect_right(3, word_text(activation));
    }
  }
}

TEST(MakeLayer, RefusesOperationsThatNoLayerComputesTogether) {
  const auto make = [](const network::Graph& graph) {
    (void)make_layer(graph, graph.layers[0], kVitBatch, ParameterPlaces(graph));
  };
  EXPECT_THROW(make(layer_of({1, 1, 4},
                             [](network::GraphBuilder& builder) {
                               builder.add({.what = network::LayerNorm{.tokens = 1, .width = 4},
                                            .inputs = {network::kImage},
                                            .tensors = builder.norm_tensors("", 4)});
                             })),
               std::invalid_argument);
  // A block whose second residual sum does not read the first one.
  network::Graph block = network::graph_of(network::Architecture::parse("vit d4 h2 l1 p1"),
                                           {.image = {1, 1, 3}, .classes = 2});
  const network::Layer layer = block.layers[1];
  EXPECT_NO_THROW((void)make_layer(block, layer, kVitBatch, ParameterPlaces(block)));
  block.ops[layer.first_op + layer.ops - 1].inputs[0] = static_cast<int>(layer.first_op) - 1;
  EXPECT_THROW((void)make_layer(block, layer, kVitBatch, ParameterPlaces(block)),
               std::invalid_argument);
}

}  // namespace
}  // namespace minima::engine
