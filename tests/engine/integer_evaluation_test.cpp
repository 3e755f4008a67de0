// What every backend guarantees for integer networks.
#include <gtest/gtest.h>

#include <cmath>

#include "backends.h"
#include "compress/integer/integer_inference.h"
#include "small_integer_network.h"

namespace minima::engine {
namespace {

class IntegerBackendTest : public BackendTest {};

double softmax_cross_entropy(const std::vector<std::int32_t>& logits, double scale,
                             std::size_t label) {
  double sum = 0.0;
  for (const std::int32_t logit : logits) sum += std::exp((logit - logits[label]) * scale);
  return std::log(sum);
}

TEST_P(IntegerBackendTest, ComputesIntegerNetworksByTheirDefinition) {
  const data::Dataset dataset = small_dataset();
  const auto prepared = prepare(dataset);
  const auto evaluation = backend_->integers(*prepared, SplitName::test);
  for (const char* architecture : {"dnn 9-6", "cnn 3-5", "cnn 4 max2"}) {
    const compress::IntegerNetwork network = small_integer_network(architecture, dataset);
    const Evaluation found = evaluation->evaluate(network, study::Loss::cross_entropy);
    ASSERT_EQ(found.predictions.size(), dataset.test.count());
    const auto pixels = static_cast<std::size_t>(dataset.shape.pixels());
    double loss = 0.0;
    int correct = 0;
    for (std::size_t i = 0; i < dataset.test.count(); ++i) {
      const auto logits = compress::integer_logits(
          network, std::span(dataset.test.images).subspan(i * pixels, pixels));
      EXPECT_EQ(found.predictions[i], compress::predicted_class(logits)) << architecture;
      correct += found.predictions[i] == dataset.test.labels[i] ? 1 : 0;
      loss += softmax_cross_entropy(logits, network.layers.back().reals.output_scale,
                                    dataset.test.labels[i]);
    }
    const auto images = static_cast<double>(dataset.test.count());
    EXPECT_DOUBLE_EQ(found.accuracy, correct / images) << architecture;
    EXPECT_NEAR(found.loss, loss / images, 1e-9) << architecture;
  }
}

TEST_P(IntegerBackendTest, GivesNoFiguresForASplitWithoutImages) {
  const data::Dataset dataset = small_dataset();
  const auto prepared = prepare(dataset);
  const Evaluation found =
      backend_->integers(*prepared, SplitName::validation)
          ->evaluate(small_integer_network("dnn 4", dataset), study::Loss::mse);
  EXPECT_TRUE(found.predictions.empty());
  EXPECT_EQ(found.accuracy, 0.0);
}

INSTANTIATE_TEST_SUITE_P(Backends, IntegerBackendTest, testing::ValuesIn(tested_backends()),
                         name_of);

}  // namespace
}  // namespace minima::engine
