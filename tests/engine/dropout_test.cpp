#include "engine/tokens/dropout.h"

#include <gtest/gtest.h>

#include "collector.h"
#include "core/aligned.h"
#include "small_data.h"

namespace minima::engine {
namespace {

constexpr DropoutKey kDropoutKey{.seed = 1, .subject = 2, .step = 3};

network::Op dropping(double probability, std::size_t layer = 1) {
  return {.what = network::Linear{}, .dropout = probability, .layer = layer};
}

std::vector<float> factors(const DropoutKey& key, DropoutSite site, std::size_t layer = 1) {
  const Dropout dropout(dropping(0.5, layer), site, 20, 32);
  AlignedBuffer<float> values(std::size_t{20} * 32);
  std::fill(values.span().begin(), values.span().end(), 1.0F);
  dropout.apply(&key, values.data());
  return {values.span().begin(), values.span().end()};
}

TEST(Dropout, GivesEachSeedRunStepLayerAndSiteItsOwnMask) {
  const std::vector<std::vector<float>> all = {
      factors(kDropoutKey, DropoutSite::mlp_output),
      factors({.seed = 2, .subject = 2, .step = 3}, DropoutSite::mlp_output),
      factors({.seed = 1, .subject = 3, .step = 3}, DropoutSite::mlp_output),
      factors({.seed = 1, .subject = 2, .step = 4}, DropoutSite::mlp_output),
      factors(kDropoutKey, DropoutSite::mlp_output, 2),
      factors(kDropoutKey, DropoutSite::attention_probabilities),
      factors(kDropoutKey, DropoutSite::attention_probabilities, 2),
      factors(kDropoutKey, DropoutSite::attention_output),
      factors(kDropoutKey, DropoutSite::mlp_hidden)};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) EXPECT_NE(all[i], all[j]) << i << " and " << j;
  }
  EXPECT_EQ(all[0], factors(kDropoutKey, DropoutSite::mlp_output));
}

TEST(Dropout, ChangesNothingWithoutAKeyOrAtProbabilityZero) {
  AlignedBuffer<float> values(16);
  std::fill(values.span().begin(), values.span().end(), 3.0F);
  Dropout(dropping(0.5), DropoutSite::mlp_hidden, 1, 16).apply(nullptr, values.data());
  Dropout(dropping(0.0), DropoutSite::mlp_hidden, 1, 16).apply(&kDropoutKey, values.data());
  for (const float value : values.span()) EXPECT_EQ(value, 3.0F);
}

/// Losses of the first steps.
std::vector<double> losses(const std::string& architecture, int replicate = 0) {
  const data::Dataset dataset = small_dataset(330, 75, {1, 6, 6});
  return train(dataset, {small_run(architecture, quick_settings(), replicate)},
               {.evaluate = false, .max_steps = 3, .report_steps = true})
      .losses[0];
}

TEST(Dropout, ChangesTheLossesOfTrainingAndRepeatsThem) {
  for (const std::string vit : {"vit d8 h2 l2 p3", "vit d8 h2 l2 p6 post relu"}) {
    const std::vector<double> with = losses(vit + " drop0.1");
    EXPECT_NE(with, losses(vit)) << vit;
    EXPECT_NE(with, losses(vit + " drop0.2")) << vit;
    EXPECT_EQ(with, losses(vit + " drop0.1")) << vit;
  }
}

}  // namespace
}  // namespace minima::engine
