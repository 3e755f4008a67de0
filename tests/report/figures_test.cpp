#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "record/analysis.h"
#include "report/figures/figure.h"
#include "report/figures/parts.h"
#include "small_store.h"
#include "support/not_empty.h"

namespace minima::report {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

std::vector<Figure> figures_in(const SmallStore& store) {
  return figures_of({.population = store.population,
                     .convergence = store.convergence,
                     .compression = store.compression,
                     .predictions = &store.outcomes,
                     .headline = &store.headline});
}

const Figure& figure_named(const std::vector<Figure>& figures, const std::string& id) {
  for (const Figure& figure : figures) {
    if (figure.id == id) return figure;
  }
  throw std::logic_error("no figure " + id);
}

/// Collects every name under "field" in a specification, and the tables that it names. A computed
/// column counts as the column "at".
void collect(const Json& part, std::set<std::string>& fields, std::set<std::string>& tables) {
  if (part.is_object()) {
    for (const auto& [key, value] : part.items()) {
      if (key == "field" && value.is_string()) {
        const auto name = value.get<std::string>();
        if (name == "accuracy_band") continue;
        fields.insert(name.starts_with("drawn_") ? name.substr(6) : name);
      }
      if (key == "data" && value.contains("name")) tables.insert(value["name"].get<std::string>());
    }
  }
  if (part.is_structured()) {
    for (const Json& each : part) collect(each, fields, tables);
  }
}

TEST(Figures, GiveEachFamilyAColourOfItsOwnThatNeverChanges) {
  using enum network::Family;
  const auto colours_of = [](const std::vector<network::Family>& families) {
    const Json scale = family_colour(families)["scale"];
    std::map<std::string, std::string> colours;
    for (std::size_t i = 0; i < scale["domain"].size(); ++i) {
      colours[scale["domain"][i]] = scale["range"][i];
    }
    EXPECT_EQ(scale["domain"].size(), families.size());
    return colours;
  };
  const auto all = colours_of({vit, dnn, cnn});
  std::set<std::string> distinct;
  for (const auto& [family, colour] : all) distinct.insert(colour);
  EXPECT_EQ(distinct.size(), all.size());
  EXPECT_EQ(colours_of({vit}).at("vit"), all.at("vit"));
}

TEST(Figures, NeverGiveTwoNamesTheSameColour) {
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back("name " + std::to_string(i));
  const Json range = nominal_colour("network", "", names)["scale"]["range"];
  EXPECT_EQ(std::set<std::string>(range.begin(), range.end()).size(), names.size());
}

TEST(Figures, CoverAStoreWithAllKindsOfResults) {
  const SmallStore store = small_store();
  std::set<std::string> ids;
  for (const Figure& figure : figures_in(store)) {
    EXPECT_TRUE(ids.insert(figure.id).second) << figure.id << " is there twice";
    EXPECT_THAT(figure.id, MatchesRegex("[a-z0-9-]+"));
    EXPECT_FALSE(figure.caption.empty()) << figure.id;
    EXPECT_LE(figure.caption.size(), kLongestCaption) << figure.id;
    EXPECT_FALSE(figure.kind.empty() || figure.title.empty()) << figure.id;
    EXPECT_THAT(figure.id, StartsWith(figure.kind)) << "a file is found by its kind";
    EXPECT_THAT(figure.title, Not(HasSubstr("digits"))) << "the page shows the scope beside it";
  }
  for (const char* id : {"overview-d1", "accuracy-d1", "success-d1", "curves-d1-dnn", "learning-d1",
                         "diagnoses-d1", "dead-units-d1", "pruning-d1-dnn-p1", "phases-d1-dnn-p1",
                         "redundancy-d1-dnn", "bits-d1-dnn-q1", "total-bits-d1-dnn-q1",
                         "sparsity-bits-d1-1", "layers-pruned-d1-dnn", "layers-quantized-d1-dnn"}) {
    EXPECT_THAT(ids, Contains(id));
  }
}

TEST(Figures, UseOnlyTheirOwnTablesAndColumns) {
  const SmallStore store = small_store();
  for (const Figure& figure : not_empty(figures_in(store))) {
    std::set<std::string> fields;
    std::set<std::string> tables;
    collect(figure.spec, fields, tables);
    std::set<std::string> columns{"at"};  // column of a value inside a specification
    for (const auto& [name, table] : figure.data) {
      EXPECT_TRUE(tables.contains(name)) << figure.id << ": " << name << " is not drawn";
      columns.insert(table.columns.begin(), table.columns.end());
      for (const auto& row : table.rows) ASSERT_EQ(row.size(), table.columns.size()) << figure.id;
    }
    for (const std::string& field : fields) EXPECT_THAT(columns, Contains(field)) << figure.id;
  }
}

TEST(Figures, HavePanelsInTheOrderOfTheRows) {
  const SmallStore store = store_of(small_population(12, "digits"));
  const auto figures = figures_in(store);
  const Figure& curves = figure_named(figures, "curves-d1-dnn");
  EXPECT_EQ(curves.spec["facet"]["sort"].front(), "high") << "the alphabet has it after the others";
  for (const Figure& figure : figures) {
    if (figure.spec.contains("facet")) {
      EXPECT_FALSE(figure.spec["facet"]["sort"].empty()) << figure.id;
    }
  }
}

TEST(Figures, StandaloneSpecificationsContainTheirRows) {
  const SmallStore store = small_store();
  const auto figures = figures_in(store);
  const Json spec = Json::parse(document(standalone_spec(figure_named(figures, "accuracy-d1"))));
  EXPECT_EQ(spec["datasets"]["levels"].size(), 4U);
  EXPECT_EQ(spec["datasets"]["runs"].size(), 12U);
  EXPECT_EQ(spec["datasets"]["levels"][1]["parameters"], 200);
  EXPECT_EQ(spec["width"], 640);
  EXPECT_THAT(spec["$schema"].get<std::string>(), HasSubstr("vega-lite"));
}

TEST(Figures, HandleStoresOfOneRunAndOfNone) {
  analysis::Population population = small_population(2, "digits");
  population.runs.resize(1);
  EXPECT_FALSE(figures_in(store_of(population)).empty());
  population.runs.clear();
  EXPECT_TRUE(figures_in(store_of(population)).empty());
}

TEST(Figures, DrawASampleOfManyRunsAndSaySoInANote) {
  const SmallStore store = store_of(small_population(700, "digits"));
  const auto figures = figures_in(store);
  const Figure& accuracy = figure_named(figures, "accuracy-d1");
  EXPECT_EQ(accuracy.data[1].table.rows.size(), 1500U);
  EXPECT_THAT(accuracy.note, HasSubstr("1,500 of 2,100 runs are drawn, a random sample (seed 1)"));
  EXPECT_THAT(figure_named(figures, "curves-d1-dnn").note, HasSubstr("At most 60 runs"));
  const auto again = figures_in(store);
  EXPECT_EQ(figure_named(again, "accuracy-d1").data[1].table.rows, accuracy.data[1].table.rows);
}

TEST(Figures, SayWhichImagesCountTheRunsThatSucceed) {
  analysis::Population population = small_population(12, "digits");
  const auto success_of = [](const analysis::Population& of) {
    return figure_named(figures_in(store_of(of)), "success-d1");
  };
  EXPECT_THAT(success_of(population).caption, HasSubstr("on test images"));
  EXPECT_THAT(success_of(population).note, Not(HasSubstr("validation")));
  population.datasets[0].validation_count = 500;
  EXPECT_THAT(success_of(population).note, HasSubstr("counts runs on validation images instead"));
}

TEST(Figures, TablesHoldTrueAccuracies) {
  analysis::Population population = small_population(4, "digits");
  population.runs.back().result.test_accuracy = 1.0;
  const auto figures = figures_in(store_of(population));
  const record::Table& runs = figure_named(figures, "accuracy-d1").data[1].table;
  const auto column = std::ranges::find(runs.columns, "accuracy") - runs.columns.begin();
  EXPECT_EQ(runs.rows.back().at(static_cast<std::size_t>(column)), record::Cell(1.0));
}

TEST(Figures, OfTwoDatasetsAndFamiliesNameTheirScope) {
  const auto figures = figures_in(store_of(two_datasets("digits")));
  const Figure& curves = figure_named(figures, "curves-d2-cnn");
  EXPECT_EQ(curves.scope.dataset, "letters");
  EXPECT_EQ(curves.scope.family, "cnn");
  EXPECT_EQ(curves.kind, figure_named(figures, "curves-d1-dnn").kind);
  const Json& facet = figure_named(figures, "curves-grid").spec["facet"];
  EXPECT_EQ(facet["column"]["sort"], (Json{"digits", "letters"}));
  EXPECT_EQ(facet["row"]["sort"], (Json{"dnn", "cnn"}));
  EXPECT_EQ(standalone_spec(curves)["title"], "Training loss over epochs: letters, cnn");
}

TEST(Figures, NumbersKeepSixDigits) {
  const record::Table table{{"a"}, {{0.123456789}, {1234567.8}, {0.1}, {std::nan("")}, {0.0}}};
  EXPECT_EQ(compact(compact_table(table)["rows"]), "[[0.123457],[1234570.0],[0.1],[null],[0]]");
}

}  // namespace
}  // namespace minima::report
