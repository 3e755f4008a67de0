#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "compress/integer/build_integer_network.h"
#include "compress/integer/integer_inference.h"
#include "example_network.h"
#include "simulated_network.h"

namespace minima::compress {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Refusal = IntegerBuild::Refusal;

constexpr ImageShape kGrey{.channels = 1, .height = 11, .width = 10};
constexpr std::size_t kPixels = 110;  // in a grey image
constexpr ImageShape kColour{.channels = 3, .height = 11, .width = 10};

/// All settings that integer networks support.
std::vector<IntegerSettings> every_integer_setting() {
  std::vector<IntegerSettings> all;
  for (const FormatInfo& format : number_formats()) {
    if (format.kind == FormatKind::floating) continue;
    for (const auto granularity : {Granularity::tensor, Granularity::output_channel}) {
      for (const auto activations : {NumberFormat::int16, NumberFormat::int8, NumberFormat::int4}) {
        // Their products do not fit 32 bits: RejectsAccumulatorsThatMayOverflow.
        if (format.bits == 16 && activations == NumberFormat::int16) continue;
        all.push_back({.weights = {.format = format.format, .granularity = granularity},
                       .activations = activations});
      }
    }
  }
  all.push_back({.weights = {.format = NumberFormat::int8, .scheme = Scheme::affine}});
  all.push_back({.weights = {.format = NumberFormat::int3,
                             .granularity = Granularity::output_channel,
                             .scheme = Scheme::affine}});
  return all;
}

double step_of(const IntegerLayer& layer, std::size_t output) {
  return layer.reals.weight_scales[output] * layer.reals.input_scale;
}

/// Largest difference of an output from the simulated one, in real units (simulated_network.h).
double bound_of(const IntegerLayer& layer, std::size_t output) {
  const double step = layer.reals.output_scale;
  if (layer.is_output) {
    return 0.5 * step_of(layer, output) + (layer.requantization.empty() ? 0.0 : 0.5 * step);
  }
  const double factor = layer.has_weights() ? step_of(layer, output) / step : 0.0;
  return step * std::max(1.0, std::ceil(factor / 2.0 + layer.output_high * 0x1p-31));
}

void check_against_simulation(const IntegerNetwork& network, std::span<const std::uint8_t> image) {
  std::vector<std::int32_t> codes(image.begin(), image.end());
  for (const IntegerLayer& layer : network.layers) {
    std::vector<double> input;
    for (const std::int32_t code : codes) input.push_back(code * layer.reals.input_scale);
    const std::vector<double> simulated = simulated_layer_outputs(layer, input);
    codes = integer_layer_outputs(layer, codes);
    ASSERT_EQ(codes.size(), simulated.size());
    const std::size_t plane = codes.size() / layer.outputs();
    for (std::size_t i = 0; i < codes.size(); ++i) {
      ASSERT_NEAR(codes[i] * layer.reals.output_scale, simulated[i],
                  bound_of(layer, i / plane) * (1.0 + 1e-6) + 1e-9)
          << layer.name << " " << network.weights.text();
    }
  }
}

int argmax(const std::vector<double>& values) {
  return static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

TEST(IntegerNetwork, EachLayerIsWithinTheBoundOfItsSimulation) {
  for (const std::string& architecture : example_architectures()) {
    for (const auto scaling : {Pixels::unit, Pixels::standardised}) {
      const ExampleNetwork example(architecture, kColour, scaling, 4);
      for (const IntegerSettings& settings : every_integer_setting()) {
        const IntegerBuild built = example.build(settings);
        ASSERT_TRUE(built.network) << architecture << ": " << built.reason;
        for (std::size_t i = 0; i < example.image_count(); ++i) {
          check_against_simulation(*built.network, example.image(i));
        }
      }
    }
  }
}

TEST(IntegerNetwork, PredictsLikeTheSimulationForNearlyAllImages) {
  int agreed = 0;
  int images = 0;
  for (const std::string& architecture : example_architectures()) {
    const ExampleNetwork example(architecture, kGrey, Pixels::unit, 40);
    for (const IntegerSettings& settings : every_integer_setting()) {
      const IntegerBuild built = example.build(settings);
      ASSERT_TRUE(built.network) << built.reason;
      for (std::size_t i = 0; i < example.image_count(); ++i, ++images) {
        agreed += predicted_class(integer_logits(*built.network, example.image(i))) ==
                  argmax(simulated_logits(*built.network, example.image(i)));
      }
    }
  }
  EXPECT_GT(agreed, 0.99 * images) << agreed << " of " << images;
  RecordProperty("agreed", agreed);
  RecordProperty("images", images);
}

/// Largest error of a logit, as a fraction of the largest logit.
double error_of_logits(const ExampleNetwork& example, const IntegerSettings& settings) {
  const IntegerBuild built = example.build(settings);
  if (!built.network) return INFINITY;
  double error = 0.0;
  double largest = 0.0;
  for (std::size_t i = 0; i < example.image_count(); ++i) {
    const Values expected = plain_outputs(example.trained(), example.image(i)).back();
    const auto logits = integer_logits(*built.network, example.image(i));
    for (std::size_t c = 0; c < expected.size(); ++c) {
      const double logit = logits[c] * built.network->layers.back().reals.output_scale;
      error = std::max(error, std::fabs(logit - expected[c]));
      largest = std::max(largest, std::fabs(expected[c]));
    }
  }
  return error / largest;
}

TEST(IntegerNetwork, With8BitsIsNearTheTrainedNetwork) {
  for (const std::string& architecture : example_architectures()) {
    for (const auto scaling : {Pixels::unit, Pixels::standardised}) {
      const ExampleNetwork example(architecture, kColour, scaling, 8);
      EXPECT_LT(error_of_logits(example, {}), 0.03) << architecture;
      EXPECT_LT(error_of_logits(example, {.weights = {.scheme = Scheme::affine}}), 0.04)
          << architecture;
    }
  }
}

TEST(IntegerNetwork, WithExactWeightsMatchesTheTrainedNetwork) {
  for (const std::string& architecture : example_architectures()) {
    for (const auto scaling : {Pixels::unit, Pixels::standardised}) {
      ExampleNetwork example(architecture, kGrey, scaling, 8);
      const IntegerSettings settings{.weights = {.granularity = Granularity::output_channel},
                                     .activations = NumberFormat::int16};
      example.round_weights(settings.weights);
      // The pixel code of padding is off by up to half of 1/255.
      const bool padded = architecture.find("pad") != std::string::npos;
      EXPECT_LT(error_of_logits(example, settings),
                scaling == Pixels::standardised && padded ? 0.02 : 0.0005)
          << architecture;
    }
  }
}

TEST(IntegerNetwork, MatchesAHandCalculation) {
  ExampleNetwork example("dnn 1", {.channels = 1, .height = 1, .width = 2}, Pixels::unit, 1);
  // The hidden unit is 1.27 x1 - 0.4 x2 + 0.1; two outputs are +-0.5 times it, the others 0.
  std::vector<float> parameters(3 + 20, 0.0F);
  parameters[0] = 1.27F;
  parameters[1] = -0.4F;
  parameters[2] = 0.1F;
  parameters[3] = 0.5F;
  parameters[4] = -0.5F;
  example.parameters() = parameters;
  example.ranges()[0] = {.low = 0.0F, .high = 1.275F};  // steps of 0.005
  const IntegerBuild built = example.build({.weights = {.format = NumberFormat::int8}});
  ASSERT_TRUE(built.network) << built.reason;
  const IntegerLayer& hidden = built.network->layers[0];
  EXPECT_THAT(hidden.weights, ElementsAre(127, -40));
  EXPECT_THAT(hidden.biases, ElementsAre(2550));  // 0.1 / (0.01 / 255)
  EXPECT_EQ(hidden.requantization.size(), 1U);
  // 127 x 200 - 40 x 100 + 2550 = 23950; x 0.01 / 255 / 0.005 = 187.8
  const std::vector<std::uint8_t> image = {200, 100};
  EXPECT_THAT(integer_layer_outputs(hidden, std::vector<std::int32_t>{200, 100}), ElementsAre(188));
  const std::vector<std::int32_t> logits = integer_logits(*built.network, image);
  EXPECT_EQ(logits[0], 188 * 127);
  EXPECT_EQ(logits[1], -188 * 127);
  EXPECT_EQ(logits[2], 0);
  EXPECT_EQ(predicted_class(logits), 0);
  EXPECT_EQ(predicted_class(integer_logits(*built.network, std::vector<std::uint8_t>{0, 255})), 0)
      << "all logits are zero: the first class";
}

TEST(IntegerNetwork, PrunedWeightsAreZeroInEveryFormat) {
  ExampleNetwork example("dnn 6", kGrey, Pixels::unit, 2);
  example.mask().assign(example.parameters().size(), 1);
  for (std::size_t i = 0; i < kPixels; i += 2) example.mask()[i] = 0;
  for (std::size_t i = kPixels; i < 2 * kPixels; ++i)
    example.mask()[i] = 0;  // the whole second unit
  for (const IntegerSettings& settings : every_integer_setting()) {
    const IntegerBuild built = example.build(settings);
    ASSERT_TRUE(built.network) << built.reason;
    for (std::size_t i = 0; i < 2 * kPixels; ++i) {
      if (example.mask()[i] != 0) continue;
      ASSERT_EQ(built.network->layers[0].weights[i], 0);
    }
    check_against_simulation(*built.network, example.image(0));
  }
}

TEST(IntegerNetwork, AnOutputWithoutWeightsKeepsItsBias) {
  ExampleNetwork example("dnn linear", kGrey, Pixels::unit, 2);
  example.mask().assign(example.parameters().size(), 1);
  std::fill_n(example.mask().begin() + kPixels, kPixels, 0);  // of class 1
  example.parameters()[10 * kPixels + 1] = 0.7F;
  for (const IntegerSettings& settings : every_integer_setting()) {
    const IntegerBuild built = example.build(settings);
    ASSERT_TRUE(built.network) << built.reason;
    const double scale = built.network->layers.back().reals.output_scale;
    const double logit = integer_logits(*built.network, example.image(0))[1] * scale;
    EXPECT_NEAR(logit, 0.7, 0.5 * scale + 1e-5) << settings.weights.text();
  }
}

TEST(IntegerNetwork, ANetworkOfZerosPredictsTheFirstClass) {
  ExampleNetwork example("cnn 2 max2", kGrey, Pixels::unit, 2);
  std::fill(example.parameters().begin(), example.parameters().end(), 0.0F);
  std::fill(example.ranges().begin(), example.ranges().end(), Range{});
  for (const IntegerSettings& settings : every_integer_setting()) {
    const IntegerBuild built = example.build(settings);
    ASSERT_TRUE(built.network) << built.reason;
    EXPECT_EQ(predicted_class(integer_logits(*built.network, example.image(0))), 0);
  }
}

TEST(IntegerNetwork, AfterADeadLayerOnlyBiasesRemain) {
  ExampleNetwork example("dnn 4", kGrey, Pixels::unit, 2);
  for (std::size_t i = 4 * kPixels; i < 4 * kPixels + 4; ++i) example.parameters()[i] = -100.0F;
  example.ranges()[0] = {};
  const IntegerBuild built = example.build({});
  ASSERT_TRUE(built.network) << built.reason;
  const auto logits = integer_logits(*built.network, example.image(0));
  const double scale = built.network->layers.back().reals.output_scale;
  const float* biases = example.parameters().data() + example.parameters().size() - 10;
  for (std::size_t c = 0; c < 10; ++c) EXPECT_NEAR(logits[c] * scale, biases[c], 0.01);
}

TEST(IntegerNetwork, RejectsUnsupportedNetworksWithAReason) {
  const ExampleNetwork dnn("dnn 4", kGrey, Pixels::unit, 2);
  const auto refusal = [](const IntegerBuild& built) {
    EXPECT_FALSE(built.network);
    EXPECT_FALSE(built.reason.empty());
    return built.refusal;
  };
  EXPECT_EQ(refusal(dnn.build({.weights = {.format = NumberFormat::fp16}})),
            Refusal::weight_format);
  EXPECT_EQ(
      refusal(dnn.build({.weights = {.format = NumberFormat::int16, .scheme = Scheme::affine}})),
      Refusal::weight_format);
  EXPECT_EQ(refusal(dnn.build({.activations = NumberFormat::ternary})), Refusal::activation_format);
  EXPECT_EQ(refusal(dnn.build({.activations = NumberFormat::bf16})), Refusal::activation_format);
  const ExampleNetwork vit("vit d8 h2 l1 p4", {.channels = 1, .height = 8, .width = 8},
                           Pixels::unit, 1);
  const IntegerBuild built = vit.build({});
  EXPECT_EQ(refusal(built), Refusal::family);
  EXPECT_THAT(built.reason, HasSubstr("embedding"));
  const ExampleNetwork gelu("dnn 4 gelu", kGrey, Pixels::unit, 2);
  EXPECT_EQ(refusal(gelu.build({})), Refusal::activation);
}

TEST(IntegerNetwork, RejectsAccumulatorsThatMayOverflow) {
  // 16-bit weights and activations: 110 x 32767 x 32767 is beyond 2^31 after one hidden layer.
  ExampleNetwork example("dnn 110", kGrey, Pixels::unit, 2);
  std::fill(example.parameters().begin(), example.parameters().end(), 0.5F);
  const IntegerSettings wide{.weights = {.format = NumberFormat::int16},
                             .activations = NumberFormat::int16};
  const IntegerBuild built = example.build(wide);
  EXPECT_EQ(built.refusal, Refusal::accumulator);
  EXPECT_THAT(built.reason, HasSubstr("fc2"));
  // A bias much larger than the weights and activations.
  ExampleNetwork biased("dnn 4", kGrey, Pixels::unit, 2);
  biased.parameters()[4 * kPixels] = 1e9F;
  EXPECT_EQ(biased.build({}).refusal, Refusal::accumulator);
}

TEST(IntegerNetwork, RejectsNonFiniteValues) {
  ExampleNetwork weights("dnn 4", kGrey, Pixels::unit, 2);
  weights.parameters()[3] = std::nanf("");
  EXPECT_EQ(weights.build({}).refusal, Refusal::not_finite);
  ExampleNetwork ranges("dnn 4", kGrey, Pixels::unit, 2);
  ranges.ranges()[0].high = INFINITY;
  EXPECT_EQ(ranges.build({}).refusal, Refusal::not_finite);
}

TEST(IntegerNetwork, RejectsOutputsTooSmallForTheirWeights) {
  ExampleNetwork example("dnn 4", kGrey, Pixels::unit, 2);
  example.ranges()[0].high = 1e-30F;
  EXPECT_EQ(example.build({}).refusal, Refusal::scale);
}

TEST(IntegerNetwork, RejectsSpansThatDoNotFitTheArchitecture) {
  ExampleNetwork example("dnn 4", kGrey, Pixels::unit, 2);
  example.parameters().pop_back();
  EXPECT_THROW((void)example.build({}), std::invalid_argument);
  example.parameters().resize(example.parameters().size() + 2);
  EXPECT_THROW((void)example.build({}), std::invalid_argument);
  ExampleNetwork ranges("dnn 4", kGrey, Pixels::unit, 2);
  ranges.ranges().pop_back();
  EXPECT_THROW((void)ranges.build({}), std::invalid_argument);
}

}  // namespace
}  // namespace minima::compress
