// The gradients of the engine against finite differences of a reference implementation: plain loops
// in double precision.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/class_weights.h"
#include "engine/cpu/batch.h"
#include "engine/cpu/evaluation.h"
#include "engine/initial_weights.h"
#include "engine/network/network.h"
#include "engine/network/parameter_layout.h"
#include "gradient_recorder.h"
#include "plain_graph.h"
#include "small_data.h"

namespace minima::engine {
namespace {

/// By class; {}: every image counts the same.
using ClassWeightList = std::vector<double>;

// Weighted mean loss of the batch, by the reference implementation.
double plain_loss(const PlainGraph& network, const std::vector<double>& parameters,
                  const Batch& batch, std::size_t pixels, study::Loss loss,
                  const ClassWeightList& weights) {
  const LayerInput input = batch.input();
  double sum = 0.0;
  double weight_sum = 0.0;
  for (std::size_t b = 0; b < batch.images(); ++b) {
    const std::vector<double> x = network.logits(
        parameters, {input.by_image + b * pixels, input.by_image + (b + 1) * pixels});
    const auto label = static_cast<std::size_t>(batch.labels()[b]);
    const double weight = weights.empty() ? 1.0 : weights[label];
    weight_sum += weight;
    if (loss == study::Loss::mse) {
      for (std::size_t c = 0; c < x.size(); ++c) {
        const double error = x[c] - (c == label ? 1.0 : 0.0);
        sum += weight * error * error / static_cast<double>(x.size());
      }
    } else {
      double exponentials = 0.0;
      for (const double z : x) exponentials += std::exp(z);
      sum += weight * (std::log(exponentials) - x[label]);
    }
  }
  return sum / weight_sum;
}

std::vector<float> image_weights(const Batch& batch, const ClassWeightList& weights) {
  if (weights.empty()) return {};
  const std::span<const std::int32_t> labels(batch.labels(), batch.images());
  const double factor = batch_factor(weights, labels);
  std::vector<float> factors;
  for (const std::int32_t label : labels) {
    factors.push_back(static_cast<float>(factor * weights[static_cast<std::size_t>(label)]));
  }
  return factors;
}

void expect_gradients(const std::string& text, std::size_t images,
                      study::Loss loss = study::Loss::cross_entropy,
                      const ImageShape& image = {1, 6, 7}, const ClassWeightList& weights = {}) {
  const data::Dataset dataset = small_dataset(330, 75, image);
  const study::Run run = small_run(text, quick_settings());
  const BatchShape shape = batch_shape(20);
  const Network network(run.architecture, dataset.problem(), shape);
  const PlainGraph plain(network.graph(), network.offsets());
  const auto pixels = static_cast<std::size_t>(image.pixels());
  AlignedBuffer<float> parameters(network.parameter_floats());
  initialise(run, network, parameters.span());
  Batch batch(dataset.shape, shape, pixel_scaling(study::Scaling::standardised, dataset));
  // A full batch first, so that a smaller one finds stale values in its padding lanes.
  std::vector<std::uint32_t> indices(20);
  for (std::uint32_t i = 0; i < 20; ++i) indices[i] = 3 * i;
  batch.load(dataset.train, indices);
  batch.load(dataset.train, std::span(indices).first(images));

  AlignedBuffer<float> workspace(network.workspace_floats());
  network.forward(parameters.data(), batch.input(), workspace.data());
  AlignedBuffer<float> factors(shape.stride);
  std::ranges::copy(image_weights(batch, weights), factors.data());
  (void)batch_loss(loss, {.logits = network.logits(workspace.data()),
                          .labels = batch.labels(),
                          .classes = 4,
                          .stride = shape.stride,
                          .count = batch.images(),
                          .gradient = network.logits_gradient(workspace.data()),
                          .weights = weights.empty() ? nullptr : factors.data()});
  GradientRecorder recorder(network.parameter_floats());
  network.backward(parameters.data(), batch.input(), workspace.data(), recorder);

  std::vector<double> exact(parameters.span().begin(), parameters.span().end());
  for (std::size_t t = 0; t < network.offsets().size(); ++t) {
    const network::Tensor& tensor = network.graph().tensors[t];
    const std::size_t offset = network.offsets()[t];
    const std::size_t count = tensor.count;
    // Every element of small tensors; a stride that visits all rows and columns of large ones.
    const std::size_t stride = count > 1000 ? 101 : 1;
    for (std::size_t i = 0; i < count; i += stride) {
      double& p = exact[offset + i];
      const double kept = p;
      constexpr double kStep = 1e-6;
      p = kept + kStep;
      const double above = plain_loss(plain, exact, batch, pixels, loss, weights);
      p = kept - kStep;
      const double below = plain_loss(plain, exact, batch, pixels, loss, weights);
      p = kept;
      const double expected = (above - below) / (2.0 * kStep);
      ASSERT_NEAR(recorder.gradient[offset + i], expected, 1e-5 + 1e-4 * std::abs(expected))
          << text << " " << tensor.spec.name << " element " << i;
    }
  }
}

TEST(Gradient, OfEveryParameterEqualsFiniteDifferences) {
  for (const char* text : {"dnn linear", "dnn 1", "dnn 5-3", "dnn 7-16-2", "dnn 5-3 gelu"}) {
    expect_gradients(text, 20, study::Loss::cross_entropy);
  }
}

TEST(Gradient, IsCorrectForTheSmallerLastBatchOfAnEpoch) {
  expect_gradients("dnn 5-3", 7, study::Loss::cross_entropy);
  expect_gradients("dnn 5-3", 1, study::Loss::cross_entropy);
}

TEST(Gradient, OfTheSquaredErrorEqualsFiniteDifferences) {
  expect_gradients("dnn 5-3", 20, study::Loss::mse);
  expect_gradients("dnn 4", 13, study::Loss::mse);
}

TEST(Gradient, OfWeightedClassesEqualsFiniteDifferencesOfTheWeightedMean) {
  const ClassWeightList weights{0.25, 1.0, 3.0, 0.5};
  expect_gradients("dnn 5-3", 20, study::Loss::cross_entropy, {1, 6, 7}, weights);
  expect_gradients("dnn 5-3", 7, study::Loss::cross_entropy, {1, 6, 7}, weights);
  expect_gradients("cnn 3", 13, study::Loss::mse, {1, 6, 7}, weights);
}

TEST(Gradient, IsCorrectIfTheWeightGradientComesInSeveralBlocks) {
  // 42 inputs x 400 units exceed one block.
  expect_gradients("dnn 400", 20, study::Loss::cross_entropy);
}

TEST(Gradient, OfThePapersCnnEqualsFiniteDifferences) {
  for (const char* text : {"cnn 1", "cnn 5", "cnn 3 k4", "cnn 2 s2"}) expect_gradients(text, 20);
  expect_gradients("cnn 3", 7);
  expect_gradients("cnn 3", 20, study::Loss::mse, {3, 7, 6});
}

TEST(Gradient, OfDeeperCnnsWithEverySettingEqualsFiniteDifferences) {
  for (const char* text :
       {"cnn 2-3", "cnn 2-2 k3 pad1 avg2", "cnn 3 pad1 gap", "cnn 2-3 k3 s2 pad1",
        "cnn 2-2-2 pad2 max2", "cnn 3 k2 s3", "cnn 3 gelu", "cnn 2-3 pad1 gelu avg2"}) {
    expect_gradients(text, 20, study::Loss::cross_entropy, {2, 13, 12});
  }
  expect_gradients("cnn 2-3 max2", 7, study::Loss::cross_entropy, {1, 12, 12});
}

}  // namespace
}  // namespace minima::engine
