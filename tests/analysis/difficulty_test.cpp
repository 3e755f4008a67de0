#include "analysis/images/difficulty.h"

#include <gtest/gtest.h>

#include "planted_runs.h"

namespace minima::analysis {
namespace {

Population with_datasets(const std::vector<std::string>& names) {
  Population population;
  for (const std::string& name : names) {
    population.datasets.push_back(one_dataset().datasets[0]);
    population.datasets.back().name = name;
  }
  return population;
}

TEST(Difficulty, OrdersGeneratedDatasetsThatDifferInNothingElse) {
  const Population population =
      with_datasets({"glyphs difficulty=0.9", "textures difficulty=0.1 train=4000", "glyphs",
                     "glyphs difficulty=0.1", "textures difficulty=0.3"});
  const auto scales = difficulty_scales(population, {});
  ASSERT_EQ(scales.size(), 1U) << "the textures differ in their number of images";
  EXPECT_EQ(scales[0].name, "glyphs");
  ASSERT_EQ(scales[0].datasets.size(), 3U);
  EXPECT_EQ(scales[0].datasets[0].name, "glyphs difficulty=0.1");
  EXPECT_DOUBLE_EQ(scales[0].datasets[1].dose, 0.5) << "the default";
  EXPECT_DOUBLE_EQ(scales[0].datasets[2].dose, 0.9);
}

TEST(Difficulty, CountsADeclaredDatasetOnce) {
  study::AnalysisSettings settings;
  settings.difficulty_order = "glyphs difficulty=0.1, glyphs difficulty=0.9, mnist";
  const auto scales =
      difficulty_scales(with_datasets({"glyphs difficulty=0.1", "glyphs", "glyphs difficulty=0.3",
                                       "glyphs difficulty=0.9", "mnist"}),
                        settings);
  ASSERT_EQ(scales.size(), 2U);
  EXPECT_EQ(scales[0].name, "glyphs");
  ASSERT_EQ(scales[0].datasets.size(), 2U) << "those that the order does not name";
  EXPECT_EQ(scales[0].datasets[0].name, "glyphs difficulty=0.3");
  EXPECT_EQ(scales[1].datasets.size(), 3U);
}

TEST(Difficulty, TakesADeclaredOrder) {
  study::AnalysisSettings settings;
  settings.difficulty_order = "mnist, fashion-mnist,cifar-10";
  const auto scales = difficulty_scales(with_datasets({"cifar-10", "mnist"}), settings);
  ASSERT_EQ(scales.size(), 1U);
  EXPECT_EQ(scales[0].datasets[0].name, "mnist");
  EXPECT_EQ(scales[0].datasets[1].name, "cifar-10");
  EXPECT_TRUE(difficulty_scales(with_datasets({"cifar-10", "mnist"}), {}).empty());
}

}  // namespace
}  // namespace minima::analysis
