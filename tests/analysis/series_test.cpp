#include "analysis/convergence/series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "planted_runs.h"
#include "record/run_result.h"

namespace minima::analysis {
namespace {

using testing::ElementsAre;

/// Each architecture with its own number of parameters.
std::vector<Series> series_of(const std::vector<std::string>& architectures) {
  Population population = one_dataset();
  std::int64_t parameters = 100;
  for (const std::string& architecture : architectures) {
    add_run(population, architecture, 0.9, parameters += 100);
  }
  return series_of(population);
}

std::vector<std::string> names_of(const std::vector<std::string>& architectures) {
  std::vector<std::string> names;
  for (const Series& series : series_of(architectures)) names.push_back(series.name);
  return names;
}

TEST(Series, OfDnnsIsTheNumberOfLayersAndTheirPattern) {
  EXPECT_THAT(names_of({"dnn linear", "dnn 4", "dnn 64", "dnn 4-4", "dnn 8-8", "dnn 4-8", "dnn 5-9",
                        "dnn 8-4", "dnn 8-8-16", "dnn 4-4-9", "dnn 4-8-4"}),
              ElementsAre("dnn linear", "dnn, 1 layer", "dnn, 2 shrinking layers",
                          "dnn, 2 equal layers", "dnn, 2 growing layers",
                          "dnn, 3 layers: equal, larger", "dnn, 3 layers: larger, smaller"));
}

TEST(Series, OfCnnsKeepsEverythingButTheFilters) {
  EXPECT_THAT(
      names_of({"cnn 1", "cnn 8", "cnn 4-8 max2", "cnn 8-16 max2", "cnn 4 gap", "cnn 4 k5"}),
      ElementsAre("cnn, 1 layer", "cnn, 1 layer, gap", "cnn, 1 layer, k5",
                  "cnn, 2 growing layers, max2"));
}

TEST(Series, OfTransformersVaryTheWidth) {
  EXPECT_THAT(names_of({"vit d16 h2 l1 p7", "vit d32 h2 l1 p7", "vit d16 h2 l2 p7"}),
              ElementsAre("vit h2 l1 p7", "vit h2 l2 p7"));
}

TEST(Series, VaryAnotherParameterIfTheFirstIsConstant) {
  const auto blocks = series_of({"vit d16 h2 l1 p7", "vit d16 h2 l2 p7", "vit d16 h2 l4 p7"});
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0].name, "vit d16 h2 p7");
  EXPECT_EQ(blocks[0].knob, "blocks");
  const auto depth = series_of({"dnn 32", "dnn 32-32", "dnn 32-32-32"});
  ASSERT_EQ(depth.size(), 1U);
  EXPECT_EQ(depth[0].name, "dnn, layers of 32");
  EXPECT_EQ(depth[0].knob, "layers");
}

TEST(Series, OfThePapersTransformerHasOneSizeWhateverItsHeads) {
  Population population = one_dataset();
  add_run(population, "vit paper h2", 0.9, 1000);
  add_run(population, "vit paper h8", 0.9, 1000);
  const auto series = series_of(population);
  ASSERT_EQ(series.size(), 1U);
  EXPECT_EQ(series[0].name, "vit paper");
  EXPECT_THAT(series[0].runs, ElementsAre(0, 1));
}

TEST(Series, DivideTheRecordedRunsAmongThem) {
  Population population = one_dataset();
  for (const char* name : {"dnn 1", "dnn 2-2", "cnn 1", "dnn 2", "of an older notation"}) {
    add_run(population, name, 0.9, 100);
  }
  add_run(population, "dnn 3", 0.9).result.status = record::RunStatus::planned;
  std::map<std::size_t, int> seen;
  for (const Series& series : series_of(population)) {
    EXPECT_EQ(series.selection().series, series.name);
    for (const std::size_t run : series.runs) ++seen[run];
  }
  EXPECT_EQ(seen, (std::map<std::size_t, int>{{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}}));
}

}  // namespace
}  // namespace minima::analysis
