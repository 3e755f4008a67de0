#include "analysis/compression/compression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <set>

#include "analysis/claims/findings.h"
#include "analysis/convergence/convergence.h"
#include "compressed_population.h"
#include "core/numbers/random.h"
#include "documented_tables.h"
#include "hand_made.h"
#include "named_tables.h"
#include "planted_predictions.h"
#include "planted_weights.h"
#include "quick_settings.h"
#include "record/analysis.h"
#include "support/not_empty.h"

namespace minima::analysis {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

std::vector<record::AnalysisRecord> records_in(const Population& population) {
  return records_of(compression_of(population, quick()), population, "0.1.0");
}

TEST(Compression, EveryTableAndColumnIsDocumented) {
  const auto records = records_in(compressed_population());
  const auto documented = documented_tables();
  for (const record::AnalysisRecord& record : not_empty(records)) {
    for (const auto& [name, table] : record.tables) {
      ASSERT_TRUE(documented.contains(name)) << name;
      EXPECT_EQ(documented.at(name), table.columns) << name;
    }
  }
}

record::AnalysisRecord::NamedTable published_table_of_mnist() {
  Population mnist = HandMade("mnist").add(100, {0.5, 0.99}).population();
  for (record::RunRow& run : mnist.runs) run.architecture = "dnn 8-8";
  const record::AnalysisRecord record = record_of(convergence_of(mnist, quick()), mnist, "0.1.0");
  return *std::ranges::find(record.tables, "published_groups",
                            [](const auto& table) { return table.name; });
}

TEST(Compression, AllDocumentedTablesAreThere) {
  const Population population = compressed_population();
  std::set<std::string> there;
  auto records = records_in(population);
  const Convergence convergence = convergence_of(population, quick());
  records.push_back(record_of(convergence, population, "0.1.0"));
  records.back().tables.push_back(published_table_of_mnist());
  const study::AnalysisSettings settings = quick();
  const Compression compression = compression_of(population, settings);
  records.push_back(
      record_of(findings_of({population, convergence, compression, settings}), "0.1.0"));
  const WeightedPopulation weighted = on_two_datasets(weighted_population());
  std::ranges::move(records_of(weights_in(weighted, quick()), "0.1.0"),
                    std::back_inserter(records));
  std::ranges::move(records_of(projection_in(weighted, quick()), "0.1.0"),
                    std::back_inserter(records));
  const PlantedPredictions predicted;
  records.push_back(record_of(image_outcomes_of(predicted.population, predicted.source(), {}),
                              predicted.population, "0.1.0"));
  for (const record::AnalysisRecord& record : not_empty(records)) {
    for (const auto& table : record.tables) {
      EXPECT_TRUE(there.insert(table.name).second) << table.name << " is there twice";
      EXPECT_THAT(table.name, MatchesRegex("[a-z_]+"));
      EXPECT_THAT(table.table.columns, Each(MatchesRegex("[a-z_]+")));
    }
  }
  for (const auto& [name, columns] : not_empty(documented_tables())) {
    EXPECT_THAT(there, Contains(name));
  }
}

TEST(Compression, TablesMatchTheStructs) {
  const Population population = compressed_population();
  const Compression compression = compression_of(population, quick());
  ASSERT_THAT(compression.families, SizeIs(1));
  EXPECT_EQ(compression.families[0].runs, 12) << "those that guess are left out";
  EXPECT_EQ(compression.runs, 16);
  const auto records = records_of(compression, population, "0.1.0");
  const record::Table& redundancy = table_named(records, "pruning_redundancy");
  ASSERT_THAT(redundancy.rows, SizeIs(3));
  EXPECT_EQ(redundancy.rows[0][2], record::Cell("dnn 4"));
  EXPECT_EQ(redundancy.rows[0][7],
            record::Cell(compression.families[0].pruning[0].redundancy.estimate.mean));
  EXPECT_THAT(table_named(records, "pruning_curves").rows, SizeIs(3 * 12));
  EXPECT_THAT(table_named(records, "pruning_depth").rows, SizeIs(3));
  EXPECT_THAT(table_named(records, "quantization_curves").rows, SizeIs(3 * 2));
  EXPECT_THAT(table_named(records, "pruning_sensitivity").rows, SizeIs(3));
  EXPECT_THAT(table_named(records, "trade_offs").rows, SizeIs(4 * (1 + 12 + 2 + 1)));
}

TEST(Compression, HasThreeRecordsWithTheirSettings) {
  study::AnalysisSettings settings = quick();
  settings.compression_tolerance = 0.02;
  const Population population = compressed_population();
  const auto records = records_of(compression_of(population, settings), population, "0.1.0");
  std::vector<std::string> names;
  for (const record::AnalysisRecord& record : records) {
    names.push_back(record.name);
    EXPECT_EQ(record.settings, "compression_tolerance=0.02 bootstrap_samples=200");
    EXPECT_THAT(record.labels, IsEmpty()) << "the labels of runs are those of convergence";
  }
  EXPECT_THAT(names, ElementsAre("pruning", "quantization", "trade_offs"));
}

TEST(Compression, AStoreKeepsTheTablesAndReplacesThem) {
  std::string folder = testing::TempDir() + "minima-compression-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const auto records = records_in(compressed_population());
  {
    const auto writer = store::open_writer(folder);
    for (int time = 0; time < 2; ++time) {
      for (const record::AnalysisRecord& record : records) writer->keep(record);
    }
  }
  std::size_t rows = 0;
  store::open_reader(folder)->table(
      "trade_offs", [](const auto&) {}, [&](const auto&) { ++rows; });
  EXPECT_EQ(rows, table_named(records, "trade_offs").rows.size());
  std::filesystem::remove_all(folder);
}

TEST(Compression, OfAStoreWithoutVariantsHasNoRecords) {
  Population population = compressed_population();
  population.variants.clear();
  EXPECT_THAT(records_in(population), IsEmpty());
}

TEST(Compression, OfRunsThatAllGuessHasRecordsWithoutCurves) {
  Population population = one_dataset();
  add_pruned_run(population, "dnn 8", 0.1, {0.5}, [](double) { return 0.1; });
  const auto records = records_in(population);
  ASSERT_THAT(records, SizeIs(3)) << "so that tables of earlier settings go";
  for (const record::AnalysisRecord& record : records) {
    if (record.name == "trade_offs") continue;
    EXPECT_THAT(record.tables, IsEmpty()) << record.name;
  }
  for (const auto& row : table_named(records, "trade_offs").rows) {
    EXPECT_THAT(row, Contains(record::Cell("dnn 8")));
  }
}

TEST(Compression, DoesNotDependOnTheOrderOfVariants) {
  const Population population = compressed_population();
  Population shuffled = population;
  RandomStream random(1, 1, Purpose::random_design);
  random.shuffle(std::span(shuffled.variants));
  const auto some = records_in(population);
  const auto others = records_in(shuffled);
  for (const char* name : {"pruning_depth_tests", "quantization_formats", "pruning_phases"}) {
    EXPECT_EQ(table_named(some, name).rows, table_named(others, name).rows) << name;
  }
}

}  // namespace
}  // namespace minima::analysis
