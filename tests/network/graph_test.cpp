#include "network/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/derive/work.h"
#include "network/families/lower.h"
#include "support/messages.h"
#include "support/problems.h"

namespace minima::network {
namespace {

using ::testing::ElementsAre;

Graph graph(const std::string& text, const Problem& problem) {
  return graph_of(Architecture::parse(text), problem);
}

std::int64_t parameters(const std::string& text, const Problem& problem) {
  return graph(text, problem).parameters();
}

std::int64_t flop(const std::string& text, const Problem& problem) {
  return training_flop(graph(text, problem));
}

std::vector<std::string> names(const Graph& graph) {
  std::vector<std::string> all;
  for (const Layer& layer : graph.layers) all.push_back(layer.name);
  return all;
}

std::vector<std::int64_t> outputs(const Graph& graph) {
  std::vector<std::int64_t> all;
  for (const Layer& layer : graph.layers) all.push_back(graph.outputs_of(layer));
  return all;
}

/// Number of units that can die, by layer.
std::vector<int> mortal_units(const Graph& graph) {
  std::vector<int> all;
  for (const Layer& layer : graph.layers) all.push_back(graph.units_that_can_die(layer));
  return all;
}

std::string misfit(const std::string& text, const Problem& problem) {
  return message_of([&] { (void)graph(text, problem); });
}

TEST(Graph, CountsParametersOfDnnsAsByHand) {
  EXPECT_EQ(parameters("dnn 5-5", kMnist), 784 * 5 + 5 + 5 * 5 + 5 + 5 * 10 + 10);
  EXPECT_EQ(parameters("dnn 300-100", kMnist), 266'610);  // LeNet-300-100
  EXPECT_EQ(parameters("dnn linear", kMnist), 7'850);
  EXPECT_EQ(parameters("dnn 32", kCifar), 3072 * 32 + 32 + 32 * 10 + 10);
}

TEST(Graph, CountsParametersOfCnnsAsThePapersDo) {
  for (const int c : {1, 2, 8, 32}) {
    EXPECT_EQ(parameters("cnn " + std::to_string(c), kMnist), 6'770 * c + 10);
    EXPECT_EQ(parameters("cnn " + std::to_string(c), kCifar), 9'028 * c + 10);
  }
  // torch: Conv2d(1, 8, 3), Conv2d(8, 16, 3), Linear(400, 10)
  EXPECT_EQ(parameters("cnn 8-16 max2", kMnist), 5'258);
  EXPECT_EQ(parameters("cnn 4 gap", kMnist), 4 * 9 + 4 + 4 * 10 + 10);
}

TEST(Graph, CountsParametersOfVitsAsPyTorchDoes) {
  // nn.TransformerEncoderLayer(784, 4, 2048) and nn.Linear(784, 10)
  EXPECT_EQ(parameters("vit paper h4", kMnist), 5'686'842);
  EXPECT_EQ(parameters("vit paper h16", kMnist), 5'686'842);
  // and nn.Linear(3072, 784)
  EXPECT_EQ(parameters("vit paper h4", kCifar), 5'686'842 + 3072 * 784 + 784);
  const int embedding = 49 * 64 + 64 + 16 * 64;
  const int block = 4 * 64 + 4 * (64 * 64 + 64) + 2 * 64 * 256 + 256 + 64;
  EXPECT_EQ(parameters("vit d64 h4 l2 p7", kMnist), embedding + 2 * block + 2 * 64 + 650);
  EXPECT_EQ(parameters("vit d64 h4 l2 p7 cls", kMnist),
            embedding + 2 * 64 + 2 * block + 2 * 64 + 650);
  EXPECT_EQ(parameters("vit d64 h4 l2 p7 post", kMnist), embedding + 2 * block + 650);
}

TEST(Graph, OfADnnEndsInOneOutputPerClassWithoutActivation) {
  const Graph dnn = graph("dnn 7-3", kMnist);
  EXPECT_THAT(names(dnn), ElementsAre("fc1", "fc2", "fc3"));
  EXPECT_THAT(outputs(dnn), ElementsAre(7, 3, 10));
  EXPECT_EQ(std::get<Linear>(dnn.ops[0].what).inputs, 784);
  EXPECT_EQ(std::get<Linear>(dnn.ops[2].what).inputs, 3);
  EXPECT_THAT(mortal_units(dnn), ElementsAre(7, 3, 0));
  EXPECT_TRUE(dnn.is_chain());
}

TEST(Graph, OfACnnShrinksWithKernelStrideAndPooling) {
  const Graph cnn = graph("cnn 8-16 max2 gap", kMnist);
  EXPECT_THAT(names(cnn), ElementsAre("conv1", "pool1", "conv2", "pool2", "gap", "fc"));
  EXPECT_THAT(outputs(cnn),
              ElementsAre(8 * 26 * 26, 8 * 13 * 13, 16 * 11 * 11, 16 * 5 * 5, 16, 10));
  EXPECT_THAT(mortal_units(cnn), ElementsAre(8, 0, 16, 0, 0, 0));
  EXPECT_EQ(std::get<Pooling>(cnn.ops[1].what).kind, Pooling::Kind::max);
  EXPECT_TRUE(cnn.is_chain());
  EXPECT_THAT(outputs(graph("cnn 4 k5 s2 pad2", kMnist)), ElementsAre(4 * 14 * 14, 10));
  EXPECT_THAT(outputs(graph("cnn 4 s3", {.image = {2, 9, 28}, .classes = 3})),
              ElementsAre(4 * 3 * 9, 3));
}

TEST(Graph, OfAVitHasEmbeddingBlocksNormAndOutput) {
  const Graph vit = graph("vit d32 h4 l2 p7", kMnist);
  EXPECT_THAT(names(vit), ElementsAre("embedding", "block1", "block2", "norm", "fc"));
  EXPECT_THAT(outputs(vit), ElementsAre(16 * 32, 16 * 32, 16 * 32, 32, 10));
  EXPECT_THAT(mortal_units(vit), ElementsAre(0, 0, 0, 0, 0)) << "GELU";
  EXPECT_THAT(mortal_units(graph("vit d32 h4 l2 p7 relu m2", kMnist)),
              ElementsAre(0, 64, 64, 0, 0));
  EXPECT_FALSE(vit.is_chain());
  EXPECT_THAT(names(graph("vit d32 h4 l1 p7 post", kMnist)),
              ElementsAre("embedding", "block1", "pool", "fc"));
  const Graph with_class = graph("vit d32 h4 l1 p7 post cls", kMnist);
  EXPECT_THAT(outputs(with_class), ElementsAre(17 * 32, 17 * 32, 32, 10));
  const Op& pool = with_class.ops_of(with_class.layers[2]).front();
  EXPECT_EQ(std::get<TokenPooling>(pool.what).kind, TokenPooling::Kind::first);
}

TEST(Graph, ListsEachOperationAfterItsInputs) {
  for (const char* text :
       {"dnn 5-5", "cnn 8-16 max2 gap", "vit d32 h4 l2 p7 cls", "vit paper h4"}) {
    const Graph all = graph(text, kMnist);
    for (std::size_t i = 0; i < all.ops.size(); ++i) {
      EXPECT_FALSE(all.ops[i].inputs.empty());
      for (const int input : all.ops[i].inputs) EXPECT_LT(input, static_cast<int>(i)) << text;
    }
    std::size_t begin = 0;
    for (const Tensor& tensor : all.tensors) {
      EXPECT_EQ(tensor.begin, begin) << text << " " << tensor.spec.name;
      begin += tensor.count;
    }
  }
}

TEST(Graph, OfAVitOmitsAPoolOfOneTokenWithoutNorm) {
  EXPECT_THAT(names(graph("vit d32 h4 l1 p28 post", kMnist)),
              ElementsAre("embedding", "block1", "fc"));
  EXPECT_THAT(names(graph("vit d32 h4 l1 p28", kMnist)),
              ElementsAre("embedding", "block1", "norm", "fc"));
}

TEST(Graph, OfThePapersVitEmbedsOnlyImagesWithoutExactly784Pixels) {
  const Graph mnist = graph("vit paper h4", kMnist);
  EXPECT_THAT(names(mnist), ElementsAre("embedding", "block1", "fc"));
  EXPECT_THAT(outputs(mnist), ElementsAre(784, 784, 10));
  EXPECT_EQ(std::get<Patches>(mnist.ops[0].what).tokens(), 1);
  EXPECT_EQ(mnist.layers[0].tensors, 0U);
  EXPECT_THAT(mortal_units(mnist), ElementsAre(0, 2048, 0));
  // Post-norm: the first operation of the block is not a layer norm.
  EXPECT_TRUE(std::holds_alternative<Linear>(mnist.ops[1].what));
  const Graph cifar = graph("vit paper h4", kCifar);
  EXPECT_EQ(std::get<Linear>(cifar.ops[0].what).inputs, 3072);
  EXPECT_EQ(cifar.ops[0].activation, Activation::none);
}

TEST(Graph, OfAVitHasDropoutAtFourSitesPerBlockAndNoTensorsForIt) {
  for (const auto& [text, dropout, blocks] :
       {std::tuple{"vit d32 h4 l2 p7 drop0.1", 0.1, 2}, {"vit paper h4 drop0.5", 0.5, 1}}) {
    int places = 0;
    for (const Op& op : graph(text, kMnist).ops) {
      places += op.dropout == dropout ? 1 : 0;
      EXPECT_TRUE(op.dropout == 0.0 || op.part != BlockPart::none) << text;
    }
    EXPECT_EQ(places, 4 * blocks) << text;
  }
  EXPECT_EQ(parameters("vit d32 h4 l2 p7 drop0.1", kMnist), parameters("vit d32 h4 l2 p7", kMnist));
}

std::string described(const Tensor& tensor) {
  std::string text = tensor.spec.name;
  for (const std::int64_t size : tensor.spec.shape) text += " " + std::to_string(size);
  return text + " in " + std::to_string(tensor.initial.fan_in) + " out " +
         std::to_string(tensor.initial.fan_out);
}

std::vector<std::string> tensors(const Graph& graph, std::size_t layer) {
  std::vector<std::string> all;
  for (const Tensor& tensor : graph.tensors_of(graph.layers[layer])) {
    all.push_back(described(tensor));
  }
  return all;
}

TEST(Graph, OfHeadsWithTheirOwnWidthHasTheirFeatures) {
  const Graph vit = graph("vit d8 h3 l1 p7 a5 m2", kMnist);
  const auto found = tensors(vit, 1);
  EXPECT_EQ(found[2], "block1.attention.q.weight 15 8 in 8 out 15");
  EXPECT_EQ(found[7], "block1.attention.v.bias 15 in 8 out 15");
  EXPECT_EQ(found[8], "block1.attention.o.weight 8 15 in 15 out 8");
  EXPECT_EQ(found[9], "block1.attention.o.bias 8 in 15 out 8");
  // 16 tokens: four linear maps, queries times keys, probabilities times values, the MLP.
  std::int64_t products = 0;
  for (const Op& op : vit.ops_of(vit.layers[1])) products += multiply_adds(op);
  EXPECT_EQ(products, 16 * 4 * 8 * 15 + 2 * 16 * 16 * 15 + 16 * 2 * 8 * 16);
}

TEST(Graph, NamesAndLaysOutTensorsAsPyTorchDoes) {
  EXPECT_THAT(tensors(graph("dnn 7", kMnist), 0),
              ElementsAre("fc1.weight 7 784 in 784 out 7", "fc1.bias 7 in 784 out 7"));
  EXPECT_THAT(tensors(graph("cnn 8-16", kCifar), 1),
              ElementsAre("conv2.weight 16 8 3 3 in 72 out 144", "conv2.bias 16 in 72 out 16"));
  const Graph vit = graph("vit d8 h2 l1 p7 m2 cls", kMnist);
  EXPECT_THAT(
      tensors(vit, 0),
      ElementsAre("embedding.weight 8 49 in 49 out 8", "embedding.bias 8 in 49 out 8",
                  "embedding.position 17 8 in 0 out 0", "embedding.class_token 8 in 0 out 0"));
  EXPECT_THAT(
      tensors(vit, 1),
      ElementsAre(
          "block1.norm1.weight 8 in 0 out 0", "block1.norm1.bias 8 in 0 out 0",
          "block1.attention.q.weight 8 8 in 8 out 8", "block1.attention.q.bias 8 in 8 out 8",
          "block1.attention.k.weight 8 8 in 8 out 8", "block1.attention.k.bias 8 in 8 out 8",
          "block1.attention.v.weight 8 8 in 8 out 8", "block1.attention.v.bias 8 in 8 out 8",
          "block1.attention.o.weight 8 8 in 8 out 8", "block1.attention.o.bias 8 in 8 out 8",
          "block1.norm2.weight 8 in 0 out 0", "block1.norm2.bias 8 in 0 out 0",
          "block1.mlp.fc1.weight 16 8 in 8 out 16", "block1.mlp.fc1.bias 16 in 8 out 16",
          "block1.mlp.fc2.weight 8 16 in 16 out 8", "block1.mlp.fc2.bias 8 in 16 out 8"));
  EXPECT_THAT(tensors(vit, 2), ElementsAre("norm.weight 8 in 0 out 0", "norm.bias 8 in 0 out 0"));
}

TEST(Graph, InitializesNormsAsTheIdentityAndPositionsSmall) {
  const Graph vit = graph("vit d8 h2 l1 p7 cls", kMnist);
  const auto norm = vit.tensors_of(vit.layers[2]);
  EXPECT_EQ(norm[0].role, Role::scale);
  EXPECT_EQ(norm[0].initial.value, 1.0F);
  EXPECT_EQ(norm[1].role, Role::shift);
  EXPECT_EQ(norm[1].initial.value, 0.0F);
  EXPECT_EQ(norm[0].initial.sd, 0.0F);
  const auto embedding = vit.tensors_of(vit.layers[0]);
  EXPECT_EQ(embedding[0].role, Role::weight);
  EXPECT_EQ(embedding[0].initial.sd, 0.0F);
  EXPECT_EQ(embedding[1].role, Role::bias);
  EXPECT_EQ(embedding[2].role, Role::position);
  EXPECT_EQ(embedding[2].initial.sd, 0.02F);
  EXPECT_EQ(embedding[3].role, Role::class_token);
  EXPECT_EQ(embedding[3].initial.sd, 0.02F);
}

TEST(Graph, TrainingFlopsCountNoInputGradientForTheFirstLayer) {
  EXPECT_EQ(flop("dnn 5-5", kMnist), 4 * 784 * 5 + 6 * 5 * 5 + 6 * 5 * 10);
  EXPECT_EQ(inference_flop(graph("dnn 5-5", kMnist)), 2 * (784 * 5 + 5 * 5 + 5 * 10));
  EXPECT_EQ(flop("cnn 8", kMnist), 4 * 26 * 26 * 8 * 9 + 6 * 8 * 26 * 26 * 10);
  const int block = 16 * (4 * 8 * 8 + 2 * 8 * 32) + 2 * 16 * 16 * 8;
  EXPECT_EQ(flop("vit d8 h2 l1 p7", kMnist), 4 * 16 * 8 * 49 + 6 * block + 6 * 8 * 10);
  const int block_with_class = 17 * (4 * 8 * 8 + 2 * 8 * 32) + 2 * 17 * 17 * 8;
  EXPECT_EQ(flop("vit d8 h2 l1 p7 cls", kMnist),
            4 * 16 * 8 * 49 + 6 * block_with_class + 6 * 8 * 10);
}

// For steps of 100 images of 28 x 28.
TEST(Graph, TrainingFlopsMatchThoseReportedWithTimes) {
  EXPECT_NEAR(static_cast<double>(100 * flop("dnn 5-5", kMnist)), 1.6e6, 0.02e6);
  EXPECT_NEAR(static_cast<double>(100 * flop("cnn 8", kMnist)), 52e6, 0.2e6);
  EXPECT_NEAR(static_cast<double>(100 * flop("vit paper h4", kMnist)), 3.4e9, 0.02e9);
}

TEST(Graph, RefusesPatchesThatDoNotDivideTheImages) {
  EXPECT_EQ(
      misfit("vit d64 h4 l2 p7", kCifar),
      "architecture \"vit d64 h4 l2 p7\" does not fit images of 3 x 32 x 32: patches of 7 x 7 "
      "do not divide 32 x 32; write p4 or p8");
  EXPECT_THAT(misfit("vit d64 h4 l2 p5", {.image = {1, 28, 42}, .classes = 2}),
              ::testing::HasSubstr("do not divide 28 x 42; write p2 or p7"));
  EXPECT_THAT(misfit("vit d64 h4 l2 p29", kMnist), ::testing::HasSubstr("; write p28"));
}

TEST(Graph, RefusesKernelsAndPoolingsLargerThanTheirInput) {
  EXPECT_EQ(
      misfit("cnn 8-8-8-8 max2", kMnist),
      "architecture \"cnn 8-8-8-8 max2\" does not fit images of 1 x 28 x 28: the kernel of 3 x "
      "3 of conv4 is larger than the 1 x 1 it sees; take fewer convolutions, a smaller kernel "
      "or more padding");
  EXPECT_EQ(
      misfit("cnn 8 k28 avg2", kMnist),
      "architecture \"cnn 8 k28 avg2\" does not fit images of 1 x 28 x 28: the squares of 2 x "
      "2 of pool1 are larger than the 1 x 1 it sees; take fewer convolutions, more padding or "
      "no pooling");
  EXPECT_THAT(outputs(graph("cnn 8 k28", kMnist)), ElementsAre(8, 10));
  EXPECT_THAT(outputs(graph("cnn 8 k30 pad1", kMnist)), ElementsAre(8, 10));
}

TEST(Graph, RefusesSizesTooLargeToCount) {
  const Problem large{.image = {3, 4096, 4096}, .classes = 10};
  EXPECT_THAT(misfit("cnn 10000", large),
              ::testing::HasSubstr("conv1 has 167,608,360,000 features per image; at most "
                                   "100,000,000 are allowed"));
  EXPECT_THAT(misfit("vit d100 h4 l2 p1", large),
              ::testing::HasSubstr("embedding has 1,677,721,600 features per image"));
}

TEST(Graph, CountsTheLargestNetworksWithoutOverflow) {
  EXPECT_EQ(parameters("dnn 1000000-1000000", kMnist),
            784'000'000LL + 1'000'000 + 1'000'000'000'000LL + 1'000'000 + 10'000'000 + 10);
  const Problem large{.image = {3, 4096, 4096}, .classes = 65'535};
  for (const char* text : {"vit d4 h1 l100 p1 f100000", "vit d10000 h1 l100 p1000 m10",
                           "cnn 4-4-4-4 k100 pad99", "cnn 100-100 k100 s100 pad99"}) {
    Problem problem = large;
    if (std::string(text).find("p1000") != std::string::npos) problem.image = {3, 4000, 4000};
    EXPECT_GT(flop(text, problem), 0) << text;
    EXPECT_GT(parameters(text, problem), 0) << text;
  }
}

}  // namespace
}  // namespace minima::network
