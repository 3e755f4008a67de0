#include "compress/quantize/parameter_quantizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "core/numbers/random.h"
#include "network/families/lower.h"

namespace minima::compress {
namespace {

constexpr Problem kDigits{{.channels = 1, .height = 8, .width = 8}, 10};

network::Graph digit_network(const std::string& architecture) {
  return network::graph_of(network::Architecture::parse(architecture), kDigits);
}

std::vector<float> parameters_of(const std::string& architecture) {
  RandomStream random(1, 1, Purpose::initial_weights);
  std::vector<float> parameters(static_cast<std::size_t>(digit_network(architecture).parameters()));
  for (float& value : parameters) value = static_cast<float>(random.normal());
  return parameters;
}

std::vector<std::string> quantized_names(const std::string& architecture) {
  std::vector<std::string> names;
  for (const network::Tensor& tensor : digit_network(architecture).tensors) {
    if (is_quantized(tensor)) names.push_back(tensor.spec.name);
  }
  return names;
}

TEST(ParameterQuantizer, QuantizesOnlyWeightsOfLinearMapsAndConvolutions) {
  using testing::ElementsAre;
  EXPECT_THAT(quantized_names("cnn 2-3"), ElementsAre("conv1.weight", "conv2.weight", "fc.weight"));
  EXPECT_THAT(
      quantized_names("vit d8 h2 l1 p4 cls"),
      ElementsAre("embedding.weight", "block1.attention.q.weight", "block1.attention.k.weight",
                  "block1.attention.v.weight", "block1.attention.o.weight", "block1.mlp.fc1.weight",
                  "block1.mlp.fc2.weight", "fc.weight"));
}

TEST(ParameterQuantizer, QuantizesEachTensorSeparatelyAndKeepsTheOthers) {
  const std::string architecture = "vit d8 h2 l1 p4 cls";
  const std::vector<float> parameters = parameters_of(architecture);
  const QuantizerSettings settings{.format = NumberFormat::int4,
                                   .granularity = Granularity::output_channel};
  const network::Graph graph = digit_network(architecture);
  const QuantizedParameters result = quantize_parameters(graph, parameters, {}, settings);
  for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
    const network::Tensor& tensor = graph.tensors[i];
    const auto given = tensor.of(std::span<const float>(parameters));
    std::vector<float> expected(given.begin(), given.end());
    if (is_quantized(tensor)) {
      expected = quantize({.values = given, .channels = tensor.rows()}, settings).values;
    }
    const auto got = tensor.of(std::span<const float>(result.values));
    EXPECT_TRUE(std::ranges::equal(got, expected)) << tensor.spec.name;
    EXPECT_EQ(result.tensors[i].codes.size(), is_quantized(tensor) ? tensor.count : 0U)
        << tensor.spec.name;
  }
}

TEST(ParameterQuantizer, CountsTheStoredScales) {
  const network::Graph graph = digit_network("dnn 5");  // 5 and 10 outputs
  const std::vector<float> parameters = parameters_of("dnn 5");
  const auto quantized = [&](const QuantizerSettings& settings) {
    return quantize_parameters(graph, parameters, {}, settings);
  };
  EXPECT_EQ(quantized({}).scales(), 2);
  EXPECT_EQ(quantized({.granularity = Granularity::output_channel}).scales(), 15);
  EXPECT_EQ(quantized({.granularity = Granularity::output_channel}).zero_points(), 0);
  EXPECT_EQ(quantized({.scheme = Scheme::affine}).zero_points(), 2);
  EXPECT_EQ(quantized({.format = NumberFormat::bf16}).scales(), 0);
}

TEST(ParameterQuantizer, PrunedWeightsStayZero) {
  const std::vector<float> parameters = parameters_of("dnn 5");
  std::vector<std::uint8_t> mask(parameters.size(), 1);
  for (std::size_t i = 0; i < 100; ++i) mask[i] = 0;
  const auto result = quantize_parameters(digit_network("dnn 5"), parameters, mask,
                                          {.format = NumberFormat::binary});
  for (std::size_t i = 0; i < 100; ++i) ASSERT_EQ(result.values[i], 0.0F);
  EXPECT_NE(result.values[100], 0.0F);
}

TEST(ParameterQuantizer, RejectsSizesThatDoNotFit) {
  std::vector<float> parameters = parameters_of("dnn 5");
  const network::Graph graph = digit_network("dnn 5");
  const std::vector<std::uint8_t> mask(3);
  EXPECT_THROW((void)quantize_parameters(graph, parameters, mask, {}), std::invalid_argument);
  parameters.pop_back();
  EXPECT_THROW((void)quantize_parameters(graph, parameters, {}, {}), std::invalid_argument);
  parameters.resize(parameters.size() + 2);
  EXPECT_THROW((void)quantize_parameters(graph, parameters, {}, {}), std::invalid_argument);
}

}  // namespace
}  // namespace minima::compress
