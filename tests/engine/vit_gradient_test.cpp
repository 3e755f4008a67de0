// The layers of vision transformers, one by one, against the same written anew in double precision:
// outputs, and the gradients of all parameters and inputs by finite differences.
#include <gtest/gtest.h>

#include <cmath>

#include "core/aligned.h"
#include "core/error.h"
#include "core/random.h"
#include "engine/dropout.h"
#include "engine/make_layer.h"
#include "kernels/reference_vit.h"
#include "plain_vit.h"

namespace minima::engine {
namespace {

constexpr BatchShape kVitBatch{.images = 5, .stride = 16};

constexpr std::size_t kIndex = 3;  // of the layer
constexpr DropoutKey kVitKey{.seed = 2, .subject = 3, .step = 4};

/// What the promise of keyed random numbers says of an image, from the kernels' naive twin.
plain::Factors factors_of(double probability, std::size_t image) {
  const auto of_site = [=](DropoutSite site) {
    const std::uint64_t number = kIndex * 4 + static_cast<std::uint64_t>(site);
    const StreamKey key = stream_key(kVitKey.seed, subject_of(kVitKey.subject, number),
                                     Purpose::dropout, kVitKey.step);
    const kernels::DropoutMask mask{.key = key,
                                    .threshold = kernels::dropout_threshold(probability)};
    return [=](std::size_t row) -> double {
      return kernels::reference::dropout_factor(mask, row, image);
    };
  };
  return {.attention_probability = of_site(DropoutSite::attention_probabilities),
          .attention_output = of_site(DropoutSite::attention_output),
          .mlp_hidden = of_site(DropoutSite::mlp_hidden),
          .mlp_output = of_site(DropoutSite::mlp_output)};
}

/// A layer with random parameters, its input and what it computes.
class Bench {
 public:
  Bench(const study::LayerSpec::What& what, std::size_t inputs)
      : spec_{.name = "layer", .what = what}, stream_(5, 0, Purpose::bootstrap), inputs_(inputs) {
    std::size_t floats = 0;
    LayerPlace place{.index = kIndex, .offsets = {}};
    for (const study::TensorSpec& tensor : spec_.tensors()) {
      place.offsets.push_back(floats);
      floats += round_up(static_cast<std::size_t>(tensor.count()), 16);
    }
    offsets_ = place.offsets;
    layer_ = make_layer(spec_, kVitBatch, place);
    layer_->prepare();
    parameters_ = AlignedBuffer<float>(floats);
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

  /// Compares the outputs of `images` images, then every gradient, after a full batch was there.
  void expect_right(std::size_t images, const std::string& what, bool want_input = true) {
    forward(kVitBatch.images);
    forward(images);
    expect_output(images, what);
    std::vector<float> gradient(parameters_.size(), -1e9F);
    backward(images, want_input, gradient);
    const Objective objective{*this, images};
    std::vector<double> p(parameters_.span().begin(), parameters_.span().end());
    const auto tensors = spec_.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      for (std::size_t j = 0; j < static_cast<std::size_t>(tensors[i].count()); ++j) {
        const double expected = slope(p[offsets_[i] + j], [&] { return objective.at(p, {}); });
        ASSERT_NEAR(gradient[offsets_[i] + j], expected, 2e-4 * (1.0 + std::abs(expected)))
            << what << " " << tensors[i].name << " element " << j;
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
    explicit Recorder(std::vector<float>& to) : gradient(to) {}
    void accept(std::size_t layer, std::size_t offset, std::span<const float> piece) override {
      EXPECT_EQ(layer, kIndex);
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
        const plain::Vector y = bench.plain_output(p, inputs, b);
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
    Recorder recorder(gradient);
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
  [[nodiscard]] plain::Vector plain_output(const std::vector<double>& p,
                                           const std::vector<double>& inputs, std::size_t b) const {
    plain::Tensors w;
    const auto tensors = spec_.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const auto begin = p.begin() + static_cast<std::ptrdiff_t>(offsets_[i]);
      w[tensors[i].name.substr(spec_.name.size() + 1)] = {begin, begin + tensors[i].count()};
    }
    plain::Vector image;
    for (std::size_t f = 0; f < inputs_; ++f) image.push_back(inputs[f * kVitBatch.stride + b]);
    const plain::Tokens y = plain_layer(w, image, b);
    plain::Vector result;
    for (std::size_t f = 0; f < y[0].size(); ++f) {
      for (const plain::Vector& token : y) result.push_back(token[f]);
    }
    return result;
  }

  [[nodiscard]] plain::Tokens plain_layer(const plain::Tensors& w, const plain::Vector& image,
                                          std::size_t b) const {
    const auto tokens_of = [&image](int width) {
      const std::size_t tokens = image.size() / static_cast<std::size_t>(width);
      plain::Tokens x(tokens);
      for (std::size_t i = 0; i < image.size(); ++i) x[i % tokens].push_back(image[i]);
      return x;
    };
    if (const auto* spec = std::get_if<study::EmbeddingSpec>(&spec_.what)) {
      return plain::embedding(*spec, w, image);
    }
    if (const auto* spec = std::get_if<study::EncoderSpec>(&spec_.what)) {
      return plain::encoder(*spec, w, tokens_of(spec->width), factors_of(spec->dropout, b));
    }
    const auto& spec = std::get<study::TokenPoolSpec>(spec_.what);
    return plain::pool(spec, w, tokens_of(spec.width));
  }

  void expect_output(std::size_t images, const std::string& what) {
    const std::vector<double> p(parameters_.span().begin(), parameters_.span().end());
    const std::vector<double> inputs(input_.span().begin(), input_.span().end());
    for (std::size_t b = 0; b < images; ++b) {
      const plain::Vector expected = plain_output(p, inputs, b);
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

  study::LayerSpec spec_;
  RandomStream stream_;
  std::size_t inputs_;
  std::vector<std::size_t> offsets_;
  std::unique_ptr<Layer> layer_;
  AlignedBuffer<float> parameters_;
  AlignedBuffer<float> input_;
  AlignedBuffer<float> output_;
  AlignedBuffer<float> output_gradient_;
  AlignedBuffer<float> input_gradient_;
  AlignedBuffer<float> saved_;
  AlignedBuffer<float> scratch_;
};

std::string described(const study::EncoderSpec& spec, std::size_t images) {
  return std::string(spec.pre_norm ? "pre-norm" : "post-norm") + (spec.gelu ? " gelu " : " relu ") +
         (spec.dropout > 0.0 ? "dropout " : "") + std::to_string(spec.tokens) + " tokens, " +
         std::to_string(spec.heads) + " heads of " + std::to_string(spec.head_width) + ", " +
         std::to_string(images) + " images";
}

void expect_encoder(const study::EncoderSpec& spec, std::size_t images, bool want_input = true) {
  Bench bench(spec, static_cast<std::size_t>(spec.tokens * spec.width));
  bench.expect_right(images, described(spec, images), want_input);
}

void expect_each_kind(double dropout) {
  for (const bool pre_norm : {true, false}) {
    for (const bool gelu : {true, false}) {
      for (const int tokens : {1, 5}) {
        for (const int heads : {1, 2}) {
          expect_encoder({.tokens = tokens,
                          .width = 6,
                          .heads = heads,
                          .hidden = 7,
                          .pre_norm = pre_norm,
                          .gelu = gelu,
                          .dropout = dropout},
                         kVitBatch.images);
        }
      }
    }
  }
}

TEST(Encoder, AndItsGradientsEqualTheDefinitionForEachKindOfBlock) {
  expect_each_kind(0.0);
}

TEST(Encoder, WithDropoutEqualsTheDefinitionForEachKindOfBlock) {
  expect_each_kind(0.3);
}

TEST(Encoder, WithHeadsOfAnyWidthEqualsTheDefinition) {
  for (const auto& [heads, head_width] : {std::pair{1, 2}, {3, 5}, {4, 1}}) {
    for (const int tokens : {1, 4}) {
      for (const double dropout : {0.0, 0.3}) {
        for (const bool pre_norm : {true, false}) {
          expect_encoder({.tokens = tokens,
                          .width = 6,
                          .heads = heads,
                          .head_width = head_width,
                          .hidden = 3,
                          .pre_norm = pre_norm,
                          .dropout = dropout},
                         kVitBatch.images);
        }
      }
    }
  }
}

/// Small blocks of both orders of norms, with and without dropout.
std::vector<study::EncoderSpec> small_blocks(int tokens) {
  std::vector<study::EncoderSpec> specs;
  for (const bool pre_norm : {true, false}) {
    for (const double dropout : {0.0, 0.3}) {
      specs.push_back({.tokens = tokens,
                       .width = 4,
                       .heads = 2,
                       .hidden = 5,
                       .pre_norm = pre_norm,
                       .dropout = dropout});
    }
  }
  return specs;
}

TEST(Encoder, IsRightForTheSmallerLastBatchOfAnEpoch) {
  for (const int tokens : {1, 4}) {
    for (const study::EncoderSpec& spec : small_blocks(tokens)) expect_encoder(spec, 2);
  }
}

TEST(Encoder, IsRightWithoutTheGradientOfItsInput) {
  for (const study::EncoderSpec& spec : small_blocks(3)) expect_encoder(spec, 5, false);
}

TEST(Encoder, InEvaluationKnowsNothingOfDropout) {
  for (const int tokens : {1, 4}) {
    for (study::EncoderSpec spec : small_blocks(tokens)) {
      Bench with(spec, static_cast<std::size_t>(4 * tokens));
      spec.dropout = 0.0;
      Bench without(spec, static_cast<std::size_t>(4 * tokens));
      with.forward(5);
      with.forward(5, nullptr, nullptr);
      without.forward(5);
      EXPECT_EQ(with.output(), without.output()) << described(spec, 5);
    }
  }
}

TEST(Encoder, TellsTheLargestActivationOfEachReluUnitOverTokensAndImages) {
  const study::EncoderSpec spec{.tokens = 3, .width = 4, .heads = 1, .hidden = 9, .gelu = false};
  Bench bench(spec, 12);
  std::vector<float> one(9, 0.0F);
  std::vector<float> all(9, 0.0F);
  bench.forward(1, &one);
  bench.forward(5, &all);
  ASSERT_EQ(bench.layer().relu_units(), 9U);
  int grown = 0;
  for (std::size_t u = 0; u < 9; ++u) {
    EXPECT_GE(all[u], one[u]);
    grown += all[u] > one[u] ? 1 : 0;
  }
  EXPECT_GT(grown, 0);
}

TEST(Embedding, AndItsGradientsEqualTheDefinition) {
  for (const bool class_token : {false, true}) {
    for (const bool positions : {true, false}) {
      for (const std::size_t images : {5U, 2U}) {
        Bench bench(study::EmbeddingSpec{.input = {2, 4, 6},
                                         .patch = 2,
                                         .width = 3,
                                         .class_token = class_token,
                                         .positions = positions},
                    48);
        bench.expect_right(images, class_token ? "class token" : "no class token");
      }
    }
  }
}

TEST(Embedding, OfTheIdentityHandsThePixelsOn) {
  Bench bench(study::EmbeddingSpec{.input = {1, 3, 4}, .positions = false, .identity = true}, 12);
  bench.expect_right(5, "identity");
}

TEST(TokenPool, AndItsGradientsEqualTheDefinition) {
  for (const bool norm : {true, false}) {
    for (const bool first : {true, false}) {
      for (const int tokens : {1, 5}) {
        for (const std::size_t images : {5U, 2U}) {
          Bench bench(
              study::TokenPoolSpec{.tokens = tokens, .width = 4, .norm = norm, .first = first},
              static_cast<std::size_t>(4 * tokens));
          bench.expect_right(images, std::to_string(tokens) + (norm ? " tokens, norm" : " tokens"));
        }
      }
    }
  }
}

}  // namespace
}  // namespace minima::engine
