// The structure of TensorFlow Lite models. tests/cli/tflite_test.py runs models in an interpreter.
#include <flatbuffers/flatbuffers.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tflite_generated.h>  // made of tflite.fbs by flatc

#include "compress/example_network.h"
#include "compress/integer/integer_inference.h"
#include "deploy/tflite/tflite_export.h"
#include "support/messages.h"

namespace minima::deploy {
namespace {

using compress::ExampleNetwork;
using compress::IntegerNetwork;
using compress::IntegerSettings;
using compress::NumberFormat;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr ImageShape kColourImage{.channels = 3, .height = 11, .width = 10};
constexpr ImageShape kGreyImage{.channels = 1, .height = 11, .width = 10};

Provenance provenance_of(const IntegerNetwork& network) {
  return {.program_version = "1.2",
          .dataset = "my/photos",
          .run_id = "0123456789abcdef",
          .problem = network.problem,
          .class_names = {"a, \"b\"", "c"}};
}

std::vector<std::int32_t> logits_of(const ExampleNetwork& example, const IntegerNetwork& network) {
  std::vector<std::int32_t> logits;
  for (std::size_t i = 0; i < example.image_count(); ++i) {
    for (const std::int32_t logit : compress::integer_logits(network, example.image(i))) {
      logits.push_back(logit);
    }
  }
  return logits;
}

/// A model, and access to its parts.
struct Model {
  Model(const std::string& architecture, const IntegerSettings& settings,
        const ImageShape& image = kColourImage, compress::Pixels pixels = compress::Pixels::unit)
      : example(architecture, image, pixels, 12) {
    compress::IntegerBuild built = example.build(settings);
    network = std::move(built.network.value());
    codes = logit_codes(network, logits_of(example, network));
    bytes = tflite_of_integers(network, codes, provenance_of(network));
    root = tflite::GetModel(bytes.data());
  }

  [[nodiscard]] const tflite::SubGraph& graph() const { return *root->subgraphs()->Get(0); }
  [[nodiscard]] const tflite::Tensor& tensor(int number) const {
    return *graph().tensors()->Get(static_cast<unsigned>(number));
  }
  [[nodiscard]] const tflite::Tensor& tensor(const std::string& name) const {
    for (const tflite::Tensor* each : *graph().tensors()) {
      if (each->name()->str() == name) return *each;
    }
    throw std::invalid_argument("no tensor " + name);
  }
  [[nodiscard]] std::vector<std::uint8_t> content(unsigned buffer) const {
    const auto* data = root->buffers()->Get(buffer)->data();
    return data == nullptr ? std::vector<std::uint8_t>()
                           : std::vector<std::uint8_t>(data->begin(), data->end());
  }
  [[nodiscard]] std::vector<std::string> operators() const {
    std::vector<std::string> names;
    for (const tflite::Operator* each : *graph().operators()) {
      const auto* code = root->operator_codes()->Get(each->opcode_index());
      EXPECT_EQ(code->deprecated_builtin_code(), static_cast<int>(code->builtin_code()));
      names.emplace_back(tflite::EnumNameBuiltinOperator(code->builtin_code()));
    }
    return names;
  }

  ExampleNetwork example;
  IntegerNetwork network;
  LogitCodes codes;
  std::string bytes;
  const tflite::Model* root = nullptr;
};

std::vector<int> shape_of(const tflite::Tensor& tensor) {
  return {tensor.shape()->begin(), tensor.shape()->end()};
}

std::vector<std::int64_t> zero_points_of(const tflite::Tensor& tensor) {
  const auto* points = tensor.quantization()->zero_point();
  return {points->begin(), points->end()};
}

std::vector<float> scales_of(const tflite::Tensor& tensor) {
  const auto* scales = tensor.quantization()->scale();
  return {scales->begin(), scales->end()};
}

IntegerSettings of(NumberFormat weights, compress::Granularity granularity,
                   NumberFormat activations = NumberFormat::int8) {
  return {.weights = {.format = weights, .granularity = granularity}, .activations = activations};
}

std::string refusal_of(const std::string& architecture, const IntegerSettings& settings) {
  return message_of([&] { (void)Model(architecture, settings); });
}

class TfliteModels : public testing::TestWithParam<std::string> {};

TEST_P(TfliteModels, AreAcceptedByTheVerifier) {
  for (const auto granularity :
       {compress::Granularity::tensor, compress::Granularity::output_channel}) {
    for (const NumberFormat activations : {NumberFormat::int8, NumberFormat::int3}) {
      const Model model(GetParam(), of(NumberFormat::int8, granularity, activations));
      const auto* begin = reinterpret_cast<const std::uint8_t*>(model.bytes.data());
      flatbuffers::Verifier verifier(begin, model.bytes.size());
      EXPECT_TRUE(tflite::VerifyModelBuffer(verifier));
      EXPECT_EQ(model.bytes.substr(4, 4), "TFL3");
      EXPECT_EQ(model.root->version(), 3U);
      EXPECT_THAT(model.content(0), testing::IsEmpty());
    }
  }
}

TEST_P(TfliteModels, TakeAnImageAndGiveLogits) {
  const Model model(GetParam(), of(NumberFormat::int8, compress::Granularity::output_channel));
  const tflite::Tensor& image = model.tensor(model.graph().inputs()->Get(0));
  EXPECT_THAT(shape_of(image), ElementsAre(1, 11, 10, 3));
  EXPECT_THAT(zero_points_of(image), ElementsAre(-128));
  const tflite::Tensor& logits = model.tensor(model.graph().outputs()->Get(0));
  EXPECT_THAT(shape_of(logits), ElementsAre(1, 10));
  EXPECT_THAT(zero_points_of(logits), ElementsAre(model.codes.zero_point));
}

// The rules of TensorFlow Lite's quantization specification.
TEST_P(TfliteModels, KeepTheRulesOfInt8) {
  const Model model(GetParam(), of(NumberFormat::int8, compress::Granularity::output_channel));
  for (const tflite::Operator* each : *model.graph().operators()) {
    if (each->inputs()->size() < 3) continue;
    const tflite::Tensor& input = model.tensor(each->inputs()->Get(0));
    const tflite::Tensor& weights = model.tensor(each->inputs()->Get(1));
    const tflite::Tensor& biases = model.tensor(each->inputs()->Get(2));
    EXPECT_EQ(biases.type(), tflite::TensorType::INT32);
    EXPECT_EQ(weights.type(), tflite::TensorType::INT8);
    EXPECT_THAT(zero_points_of(weights), Each(0));
    EXPECT_THAT(zero_points_of(biases), Each(0));
    EXPECT_THAT(model.content(weights.buffer()), Each(testing::Ne(0x80)));  // -128
    const std::vector<float> scales = scales_of(weights);
    ASSERT_EQ(scales_of(biases).size(), scales.size());
    for (std::size_t i = 0; i < scales.size(); ++i) {
      EXPECT_EQ(scales_of(biases)[i], scales[i] * scales_of(input).front());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, TfliteModels,
                         testing::Values("dnn 5", "dnn 6-4", "cnn 3 pad1 max2", "cnn 2-3 avg2 gap",
                                         "cnn 2 k5 s2 pad2"),
                         [](const auto& of) {
                           std::string name = of.param;
                           std::ranges::replace_if(
                               name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

TEST(TfliteModel, PutsChannelsLast) {
  const Model model("cnn 2", of(NumberFormat::int8, compress::Granularity::output_channel));
  const tflite::Tensor& weights = model.tensor("conv1.weight");
  EXPECT_THAT(shape_of(weights), ElementsAre(2, 3, 3, 3));
  const auto content = model.content(weights.buffer());
  const auto& layer = model.network.layers.front();
  // Filter 1, channel 2, row 0, column 1.
  EXPECT_EQ(static_cast<std::int8_t>(content[(1 * 9 + 1) * 3 + 2]),
            layer.weights[(1 * 3 + 2) * 9 + 1]);
}

TEST(TfliteModel, WritesADenseLayerWithOneScaleAsFullyConnected) {
  EXPECT_THAT(Model("dnn 4", of(NumberFormat::int8, compress::Granularity::tensor)).operators(),
              ElementsAre("FULLY_CONNECTED", "FULLY_CONNECTED"));
}

TEST(TfliteModel, WritesADenseLayerWithManyScalesAsAConvolution) {
  EXPECT_THAT(
      Model("dnn 4", of(NumberFormat::int8, compress::Granularity::output_channel)).operators(),
      ElementsAre("CONV_2D", "CONV_2D", "RESHAPE"));
}

TEST(TfliteModel, ClampsActivationsOfFewerBits) {
  const Model model("dnn 4",
                    of(NumberFormat::int8, compress::Granularity::tensor, NumberFormat::int4));
  EXPECT_THAT(model.operators(), ElementsAre("FULLY_CONNECTED", "MINIMUM", "FULLY_CONNECTED"));
  EXPECT_THAT(model.content(model.tensor("fc1.high").buffer()), ElementsAre(15 - 128 + 256));
}

TEST(TfliteModel, PadsShiftedPixelsWithTheirZeroPoint) {
  const Model model("cnn 2 pad1", of(NumberFormat::int8, compress::Granularity::tensor), kGreyImage,
                    compress::Pixels::standardised);
  const int code = model.network.layers.front().padding_codes.front();
  ASSERT_GT(code, 0);
  EXPECT_THAT(zero_points_of(model.tensor("image")), ElementsAre(code - 128));
}

TEST(TfliteModel, HasClassNamesAndADescription) {
  const Model model("dnn 4", {});
  EXPECT_THAT(model.root->description()->str(), HasSubstr("minima 1.2: "));
  EXPECT_THAT(model.root->description()->str(), HasSubstr("run 0123456789abcdef"));
  const tflite::Metadata* classes = model.root->metadata()->Get(0);
  EXPECT_EQ(classes->name()->str(), "classes");
  const auto content = model.content(classes->buffer());
  EXPECT_EQ(std::string(content.begin(), content.end()), R"(["a, \"b\"","c"])");
}

TEST(TfliteModel, RefusesWhatInt8CannotHold) {
  const auto channel = compress::Granularity::output_channel;
  EXPECT_EQ(refusal_of("dnn 4", of(NumberFormat::int16, channel)),
            "--format tflite: int8 models hold weights and activations of at most 8 bits; choose a "
            "variant of at most 8 bits, or --format c");
  EXPECT_THAT(refusal_of("dnn 4", of(NumberFormat::int8, channel, NumberFormat::int16)),
              HasSubstr("at most 8 bits"));
  EXPECT_THAT(refusal_of("dnn 4", {.weights = {.scheme = compress::Scheme::affine}}),
              testing::MatchesRegex("--format tflite: fc1: affine weights reach [0-9]+ once "
                                    "centred, and int8 ends at 127; choose a variant with "
                                    "symmetric weights, or --format c"));
}

TEST(TfliteModel, RefusesPaddingThatDiffersBetweenChannels) {
  Model model("cnn 2 pad1", {});
  model.network.layers.front().padding_codes = {100, 101, 100};
  EXPECT_EQ(message_of([&] {
              (void)tflite_of_integers(model.network, model.codes, provenance_of(model.network));
            }),
            "--format tflite: conv1: padding that differs between channels (of pixels that are "
            "shifted) cannot be written; use --format c, or train with scaling = \"unit\"");
}

TEST(TfliteLogits, HaveCodesForEveryLogitThatWins) {
  const Model model("dnn 6-4", {});
  const auto wide = logits_of(model.example, model.network);
  const auto coded = coded_logits(model.network, model.codes, model.example.images());
  ASSERT_EQ(coded.size(), wide.size());
  EXPECT_THAT(coded, Each(testing::AllOf(testing::Ge(-128), testing::Le(127))));
  const double step = model.network.layers.back().reals.output_scale;
  for (std::size_t i = 0; i < wide.size(); i += 10) {
    const auto winner =
        static_cast<std::size_t>(compress::predicted_class(std::span(wide).subspan(i, 10)));
    const double real = wide[i + winner] * step;
    EXPECT_NEAR((coded[i + winner] - model.codes.zero_point) * model.codes.scale, real,
                0.51 * model.codes.scale);
    EXPECT_EQ(coded[i + winner], std::ranges::max(std::span(coded).subspan(i, 10)));
  }
}

TEST(TfliteLogits, AreZeroForANetworkWhoseLogitsAre) {
  const Model model("dnn 4", {});
  const std::vector<std::int32_t> zeros(20, 0);
  EXPECT_EQ(logit_codes(model.network, zeros).zero_point, 0);
  EXPECT_EQ(logit_codes(model.network, {}).zero_point, 0);
}

}  // namespace
}  // namespace minima::deploy
