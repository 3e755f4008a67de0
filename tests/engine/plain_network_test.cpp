// The plain backend's gradients against differences of its losses. Its outputs are compared with
// another definition (plain_graph.h) where the transforms of every backend are.
#include "engine/plain/plain_network.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/initial_weights.h"
#include "engine/plain/evaluation.h"
#include "network/families/lower.h"
#include "plain_graph.h"
#include "small_data.h"

namespace minima::engine::plain {
namespace {

struct Subject {
  explicit Subject(const char* text)
      : dataset(std::make_shared<const data::Dataset>(small_dataset(20, 8, kSmallImage))),
        run(small_run(text, quick_settings())),
        network(network::graph_of(run.architecture, dataset.problem())) {
    const std::vector<float> initial = initial_parameters(run, dataset.problem());
    parameters.assign(initial.begin(), initial.end());
    RandomStream random(3, 0, Purpose::generated_image);
    for (double& value : parameters) value += random.uniform(-0.1, 0.1);
  }

  [[nodiscard]] Pass forward(const Vector& at) const {
    const std::vector<std::uint32_t> images = {0, 1, 2, 3, 4};
    Activations none{{}};
    return network.forward(at, images_of(dataset, SplitName::train, study::Scaling::unit, images),
                           none, &dropout);
  }
  /// The sum over images of the first logit plus half its square, and its gradient.
  [[nodiscard]] static double loss(const Pass& pass, Images* gradient = nullptr) {
    double sum = 0.0;
    for (const Vector& z : pass.outputs.back()) {
      sum += z[0] + 0.5 * z[1] * z[1];
      if (gradient != nullptr) gradient->push_back({1.0, z[1], 0.0, 0.0});
    }
    return sum;
  }

  PreparedDataset dataset;
  study::Run run;
  PlainNetwork network;
  Vector parameters;
  Dropout dropout{.seed = 1, .subject = 2, .step = 3};
};

TEST(PlainNetwork, HasTheGradientOfItsLoss) {
  for (const char* text :
       {"dnn linear", "dnn 5-4", "dnn 5 gelu", "cnn 3", "cnn 2-3 pad1 max2", "cnn 2 pad1 avg2",
        "cnn 2-3 k3 gap", "cnn 2 s2", "vit d8 h2 l1 p3", "vit d8 h2 l1 p3 post relu cls",
        "vit d4 h2 l1 p6", "vit d8 h2 l1 p3 a3", "vit d4 h2 l1 p3 drop0.3 cls"}) {
    Subject subject(text);
    const Pass pass = subject.forward(subject.parameters);
    Images logits_gradient;
    (void)Subject::loss(pass, &logits_gradient);
    const Vector gradient = subject.network.backward(subject.parameters, pass, logits_gradient,
                                                     Activations{{}}, &subject.dropout);
    constexpr double kStep = 1e-6;
    for (std::size_t i = 0; i < gradient.size(); i += 1 + gradient.size() / 150) {
      Vector above = subject.parameters;
      Vector below = subject.parameters;
      above[i] += kStep;
      below[i] -= kStep;
      const double difference =
          (Subject::loss(subject.forward(above)) - Subject::loss(subject.forward(below))) /
          (2.0 * kStep);
      ASSERT_NEAR(gradient[i], difference, 1e-5 * (1.0 + std::abs(difference)))
          << text << " parameter " << i;
    }
  }
}

TEST(PlainNetwork, LosesNothingToRounding) {
  const ImageLoss certain = loss_of(study::Loss::cross_entropy, {1e4, 0.0}, 0);
  EXPECT_EQ(certain.loss, 0.0);
  EXPECT_NEAR(loss_of(study::Loss::cross_entropy, {1e4, 0.0}, 1).loss, 1e4, 1e-9);
  EXPECT_NEAR(loss_of(study::Loss::mse, {0.5, 0.5}, 1).loss, 0.25, 1e-12);
  EXPECT_FALSE(std::isfinite(loss_of(study::Loss::cross_entropy, {1e39, 0.0}, 1).loss));
}

}  // namespace
}  // namespace minima::engine::plain
