#include "compress/integer/integer_batch.h"

#include <gtest/gtest.h>

#include "compress/integer/integer_inference.h"
#include "example_network.h"

namespace minima::compress {
namespace {

TEST(IntegerBatch, EqualsTheReferenceBitForBit) {
  for (const std::string& architecture : example_architectures()) {
    for (const int channels : {1, 3}) {
      // 70 images: two full batches and a partial one.
      const ExampleNetwork example(architecture, {.channels = channels, .height = 11, .width = 10},
                                   Pixels::standardised, 70);
      for (const NumberFormat format :
           {NumberFormat::int8, NumberFormat::int3, NumberFormat::ternary, NumberFormat::binary}) {
        for (const NumberFormat activations : {NumberFormat::int16, NumberFormat::int4}) {
          for (const auto granularity : {Granularity::tensor, Granularity::output_channel}) {
            const IntegerBuild built = example.build({.weights = {.format = format,
                                                                  .granularity = granularity,
                                                                  .scheme = Scheme::affine},
                                                      .activations = activations});
            ASSERT_TRUE(built.network) << built.reason;
            std::vector<std::int32_t> expected;
            std::vector<int> classes;
            for (std::size_t i = 0; i < example.image_count(); ++i) {
              const auto logits = integer_logits(*built.network, example.image(i));
              expected.insert(expected.end(), logits.begin(), logits.end());
              classes.push_back(predicted_class(logits));
            }
            IntegerBatchNetwork batch(*built.network);
            ASSERT_EQ(batch.logits(example.images()), expected) << architecture;
            ASSERT_EQ(batch.predictions(example.images()), classes);
          }
        }
      }
    }
  }
}

TEST(IntegerBatch, NetworksShareTheTransposedImages) {
  for (const int channels : {1, 3}) {
    const ImageShape shape{.channels = channels, .height = 11, .width = 10};
    const ExampleNetwork pictures(example_architectures().front(), shape, Pixels::unit, 70);
    BatchedImages images(pictures.images(), shape);
    for (const std::string& architecture : example_architectures()) {
      const ExampleNetwork example(architecture, shape, Pixels::unit, 70);
      const IntegerBuild built = example.build({.activations = NumberFormat::int8});
      ASSERT_TRUE(built.network) << built.reason;
      IntegerBatchNetwork network(*built.network);
      std::vector<std::int32_t> logits;
      for (std::size_t batch = 0; batch < images.batches(); ++batch) {
        const auto own = network.logits(images, batch);
        logits.insert(logits.end(), own.begin(), own.end());
      }
      std::vector<std::int32_t> expected;
      for (std::size_t i = 0; i < pictures.image_count(); ++i) {
        const auto own = integer_logits(*built.network, pictures.image(i));
        expected.insert(expected.end(), own.begin(), own.end());
      }
      EXPECT_EQ(logits, expected) << architecture;
    }
  }
}

TEST(IntegerBatch, NoImagesGiveNoPredictions) {
  const ExampleNetwork example("dnn 3", {.channels = 1, .height = 3, .width = 3}, Pixels::unit, 1);
  EXPECT_TRUE(IntegerBatchNetwork(*example.build({}).network).predictions({}).empty());
}

}  // namespace
}  // namespace minima::compress
