#include "study/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minima::study {
namespace {

using ::testing::ElementsAre;

constexpr Problem kMnist{.image = {1, 28, 28}, .classes = 10};
constexpr Problem kCifar{.image = {3, 32, 32}, .classes = 10};

std::int64_t parameters(const std::string& text, const Problem& problem) {
  return parameter_count(Architecture::parse(text), problem);
}

TEST(Layers, CountParametersAsByHand) {
  EXPECT_EQ(parameters("dnn 5-5", kMnist), 784 * 5 + 5 + 5 * 5 + 5 + 5 * 10 + 10);
  EXPECT_EQ(parameters("dnn 300-100", kMnist), 266'610);  // LeNet-300-100
  EXPECT_EQ(parameters("dnn linear", kMnist), 7'850);
  EXPECT_EQ(parameters("dnn 32", kCifar), 3072 * 32 + 32 + 32 * 10 + 10);
}

TEST(Layers, OfADnnEndInOneOutputPerClassWithoutRelu) {
  const auto layers = layers_of(Architecture::parse("dnn 7-3"), kMnist);
  ASSERT_EQ(layers.size(), 3u);
  EXPECT_EQ(layers[0].name, "fc1");
  EXPECT_EQ(layers[0].inputs, 784);
  EXPECT_EQ(layers[0].outputs, 7);
  EXPECT_TRUE(layers[0].relu);
  EXPECT_EQ(layers[1].inputs, 7);
  EXPECT_TRUE(layers[1].relu);
  EXPECT_EQ(layers[2].name, "fc3");
  EXPECT_EQ(layers[2].inputs, 3);
  EXPECT_EQ(layers[2].outputs, 10);
  EXPECT_FALSE(layers[2].relu);
}

TEST(Layers, NameAndLayOutTensorsAsPyTorchDoes) {
  const auto tensors = layers_of(Architecture::parse("dnn 7"), kMnist)[0].tensors();
  ASSERT_EQ(tensors.size(), 2u);
  EXPECT_EQ(tensors[0].name, "fc1.weight");
  EXPECT_THAT(tensors[0].shape, ElementsAre(7, 784));
  EXPECT_EQ(tensors[0].count(), 7 * 784);
  EXPECT_EQ(tensors[1].name, "fc1.bias");
  EXPECT_THAT(tensors[1].shape, ElementsAre(7));
}

TEST(Layers, TrainingFlopCountNoInputGradientForTheFirstLayer) {
  const auto architecture = Architecture::parse("dnn 5-5");
  EXPECT_EQ(training_flop(architecture, kMnist), 4 * 784 * 5 + 6 * 5 * 5 + 6 * 5 * 10);
  // The 1.6 MFLOP of a step of 100 images.
  EXPECT_NEAR(static_cast<double>(100 * training_flop(architecture, kMnist)), 1.6e6, 0.02e6);
  EXPECT_EQ(inference_flop(architecture, kMnist), 2 * (784 * 5 + 5 * 5 + 5 * 10));
}

TEST(Layers, CountTheLargestNetworksWithoutOverflow) {
  EXPECT_EQ(parameters("dnn 1000000-1000000", kMnist),
            784'000'000LL + 1'000'000 + 1'000'000'000'000LL + 1'000'000 + 10'000'000 + 10);
}

}  // namespace
}  // namespace minima::study
