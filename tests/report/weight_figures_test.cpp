// Tests figures of weights on a population with hand-made weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../analysis/planted_weights.h"
#include "analysis/compression/compression.h"
#include "report/figures/figure.h"
#include "support/not_empty.h"

namespace minima::report {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::Not;

std::vector<Figure> figures_of_weights(const analysis::WeightedPopulation& all) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 100;
  const analysis::Convergence convergence = analysis::convergence_of(all.population, settings);
  const analysis::Compression compression = analysis::compression_of(all.population, settings);
  const analysis::Weights weights = analysis::weights_in(all, settings);
  const analysis::Projection projection = analysis::projection_in(all, settings);
  return figures_of({.population = all.population,
                     .convergence = convergence,
                     .compression = compression,
                     .weights = &weights,
                     .projection = &projection});
}

std::vector<std::string> ids_of(const std::vector<Figure>& figures) {
  std::vector<std::string> ids;
  for (const Figure& figure : figures) ids.push_back(figure.id);
  return ids;
}

TEST(WeightFigures, ShowSpreadDistributionStrengthsAndProjection) {
  const auto figures = figures_of_weights(analysis::weighted_population());
  for (const char* id :
       {"sigma-mu-d1-dnn", "densities-d1-dnn", "strengths-d1-dnn", "projection-d1-dnn"}) {
    EXPECT_THAT(ids_of(figures), Contains(id));
  }
}

TEST(WeightFigures, HaveTwoRowsForEveryMatrixOfEveryRun) {
  for (const Figure& figure : not_empty(figures_of_weights(analysis::weighted_population(5)))) {
    const std::size_t rows = figure.data[0].table.rows.size();
    if (figure.id == "sigma-mu-d1-dnn") {
      EXPECT_EQ(rows, 2 * 10 * 3);
    }
    if (figure.id == "strengths-d1-dnn") {
      EXPECT_EQ(rows, 2 * 10 * 2);
    }
  }
}

const Figure& figure_with(const std::vector<Figure>& figures, const std::string& id) {
  return *std::ranges::find(figures, id, &Figure::id);
}

TEST(WeightFigures, CompareTwoDatasetsSideBySide) {
  const auto figures = figures_of_weights(on_two_datasets(analysis::weighted_population(5)));
  for (const char* id : {"sigma-mu-dnn", "densities-dnn", "strengths-dnn", "projection-dnn"}) {
    ASSERT_THAT(ids_of(figures), Contains(id));
    const Figure& figure = figure_with(figures, id);
    EXPECT_EQ(figure.scope.dataset, "");
    const std::string first = analysis::weighted_population(5).population.datasets.front().name;
    EXPECT_EQ(figure.spec["facet"]["column"]["sort"],
              Json::array({first.substr(0, first.find(' ')), "letters"}));
  }
  EXPECT_THAT(ids_of(figures), Not(Contains("sigma-mu-d1-dnn")));
}

TEST(WeightFigures, GiveTheDatasetsOfARowOneRange) {
  const auto figures = figures_of_weights(on_two_datasets(analysis::weighted_population(5)));
  const Json& spec = figure_with(figures, "sigma-mu-dnn").spec;
  ASSERT_EQ(spec["transform"].size(), 1U);
  EXPECT_EQ(spec["transform"][0]["groupby"], Json::array({"layer"}));
  EXPECT_EQ(spec["transform"][0]["joinaggregate"].size(), 4U);
}

TEST(WeightFigures, AreAbsentWithoutWeights) {
  analysis::WeightedPopulation all = analysis::weighted_population(5);
  all.summaries.clear();
  for (const Figure& figure : not_empty(figures_of_weights(all)))
    EXPECT_THAT(figure.kind, Not(AnyOf("sigma-mu", "densities", "strengths")));
}

}  // namespace
}  // namespace minima::report
