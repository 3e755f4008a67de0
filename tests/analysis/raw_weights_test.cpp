#include "analysis/weights/raw_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "network/families/lower.h"
#include "planted_weights.h"
#include "record/run_row.h"
#include "study/settings/kept.h"

namespace minima::analysis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

study::AnalysisSettings settings_for(study::RawWeights raw) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 200;
  settings.raw_weights = raw;
  return settings;
}

/// Two networks, one good and one bad, each repeated with its hidden units permuted.
class RawWeightsTest : public testing::Test {
 protected:
  RawWeightsTest() {
    for (int i = 0; i < 24; ++i) {
      add_weighted_run(all_, i % 2 == 0 ? 0.95 : 0.3, {0.1, 0.1}, "dnn 30");
    }
    all_.population.study.keep_weights = study::KeepWeights::all;
    all_.population.datasets.at(0).problem = {{1, 4, 4}, 10};
  }

  [[nodiscard]] std::vector<store::Reader::StoredTensor> kept(const std::string& run) const {
    const int number = std::stoi(run);
    std::vector<std::size_t> order(30);
    std::iota(order.begin(), order.end(), 0);
    RandomStream(3, subject_of(run), Purpose::shuffle).shuffle(std::span(order));
    RandomStream random(5, static_cast<std::uint64_t>(number % 2), Purpose::initial_weights);
    const auto values = [&](std::size_t count) {
      std::vector<float> some(count);
      for (float& value : some) value = static_cast<float>(random.normal());
      return some;
    };
    const std::vector<float> first = values(30 * 16);
    const std::vector<float> second = values(10 * 30);
    std::vector<store::Reader::StoredTensor> tensors{
        {{.name = "fc1.weight", .shape = {30, 16}}, first},
        {{.name = "fc1.bias", .shape = {30}}, std::vector<float>(30, 0.0F)},
        {{.name = "fc2.weight", .shape = {10, 30}}, second},
        {{.name = "fc2.bias", .shape = {10}}, std::vector<float>(10, 0.0F)}};
    for (std::size_t unit = 0; unit < 30; ++unit) {
      for (std::size_t i = 0; i < 16; ++i) {
        tensors[0].values[unit * 16 + i] = first[order[unit] * 16 + i];
      }
      for (std::size_t i = 0; i < 10; ++i) {
        tensors[2].values[i * 30 + unit] = second[i * 30 + order[unit]];
      }
    }
    return tensors;
  }

  [[nodiscard]] std::vector<LayerProjection> raw(const study::AnalysisSettings& settings) const {
    const Projection projection =
        projection_in(all_, settings, [this](const std::string& run) { return kept(run); });
    std::vector<LayerProjection> layers = projection.families.at(0).layers;
    std::erase_if(layers, [](const LayerProjection& layer) { return !layer.architecture; });
    return layers;
  }

  WeightedPopulation all_;
};

double agreement(const LayerProjection& layer) {
  for (const Separation& row : layer.separations) {
    if (row.space == layer.features) return row.agreement;
  }
  throw std::logic_error("no separation in the space of the weights");
}

TEST_F(RawWeightsTest, AreSimilarAfterHiddenUnitsAreSorted) {
  const auto layers = raw(settings_for(study::RawWeights::sorted));
  ASSERT_THAT(layers, SizeIs(3)) << "all, first and output";
  EXPECT_EQ(layers[0].role, LayerRole::all);
  EXPECT_EQ(layers[0].features, WeightSpace::sorted_weights);
  EXPECT_EQ(layers[0].architecture, "dnn 30");
  EXPECT_THAT(layers[0].runs, SizeIs(24));
  EXPECT_NEAR(layers[0].explained[0], 1.0, 1e-6) << "there are two networks";
  for (const LayerProjection& layer : layers) EXPECT_EQ(agreement(layer), 1.0);
}

TEST_F(RawWeightsTest, AsTrainedDifferByTheOrderOfHiddenUnits) {
  const auto layers = raw(settings_for(study::RawWeights::trained));
  EXPECT_EQ(layers.at(0).features, WeightSpace::weights);
  EXPECT_LT(layers[0].explained[0], 0.5);
}

TEST_F(RawWeightsTest, AreTheSameInOneBlockOrSeveral) {
  study::AnalysisSettings settings = settings_for(study::RawWeights::sorted);
  for (record::RunRow& run : all_.population.runs) run.architecture = "dnn 3000";
  const auto wide = [this](const std::string& run) {
    std::vector<store::Reader::StoredTensor> tensors;
    for (const auto& tensor : network::graph_of(network::Architecture::parse("dnn 3000"),
                                                all_.population.datasets.at(0).problem)
                                  .tensors) {
      std::vector<float> values(tensor.count);
      RandomStream random(1, subject_of(run + tensor.spec.name), Purpose::initial_weights);
      for (float& value : values) value = static_cast<float>(random.uniform(-1.0, 1.0));
      tensors.push_back({tensor.spec, std::move(values)});
    }
    return tensors;
  };
  const auto whole = projection_in(all_, settings, wide).families.at(0).layers;
  settings.projection_memory = 1;  // one network (0.3 MB) at a time
  const auto pieces = projection_in(all_, settings, wide).families.at(0).layers;
  ASSERT_EQ(whole.size(), pieces.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(whole[i].divergence, pieces[i].divergence);
    EXPECT_EQ(whole[i].runs.back().tsne, pieces[i].runs.back().tsne);
  }
}

TEST_F(RawWeightsTest, AreLeftOutIfNotKeptOrNotRequested) {
  EXPECT_THAT(raw(settings_for(study::RawWeights::none)), IsEmpty());
  all_.population.study.keep_weights = study::KeepWeights::representative;
  EXPECT_THAT(raw(settings_for(study::RawWeights::sorted)), IsEmpty());
  all_.population.study.keep_weights = study::KeepWeights::all;
  const auto nothing = [](const std::string&) {
    return std::vector<store::Reader::StoredTensor>();
  };
  const Projection projection =
      projection_in(all_, settings_for(study::RawWeights::sorted), nothing);
  for (const auto& layer : projection.families.at(0).layers) {
    EXPECT_FALSE(layer.architecture);
  }
}

}  // namespace
}  // namespace minima::analysis
