#include "analysis/compression/trade_offs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/numbers/random.h"
#include "planted_variants.h"
#include "record/run_result.h"
#include "record/variant.h"
#include "support/not_empty.h"

namespace minima::analysis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

bool is_beaten(const TradeOff& row, const std::vector<TradeOff>& rows) {
  return std::ranges::any_of(rows, [&](const TradeOff& other) {
    const bool as_good = other.bytes <= row.bytes && other.choosing.mean >= row.choosing.mean;
    return as_good && (other.bytes < row.bytes || other.choosing.mean > row.choosing.mean);
  });
}

TEST(TradeOffs, FrontIsThatOfTheComparisonOfAllWithAll) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomStream random(seed, 5, Purpose::random_design);
    std::vector<TradeOff> rows(1 + random.below(30));
    for (TradeOff& row : rows) {  // few values: many ties
      row.bytes = static_cast<double>(random.below(8));
      row.choosing.mean = static_cast<double>(random.below(8));
    }
    mark_front(rows);
    for (const TradeOff& row : rows) EXPECT_EQ(row.on_front, !is_beaten(row, rows)) << seed;
  }
}

std::vector<DatasetTradeOffs> trade_offs_in(const Population& population) {
  return trade_offs_of(population, {});
}

TEST(TradeOffs, HoldTrainedPrunedQuantizedAndBoth) {
  Population population = one_dataset();
  for (const double accuracy : {0.96, 0.98}) {
    const std::string id = add_run(population, "dnn 8", accuracy, 100'100).id;
    add_variant(population, id, pruned(0.9, accuracy - 0.02));
    add_variant(population, id, quantized("int8", 8, accuracy));
    record::Variant both = quantized("int8", 8, accuracy - 0.03);
    both.pruning = kOneShot;
    both.sparsity_asked = 0.9;
    both.kept = 10'000;
    both.bytes.packed = 10'000;
    add_variant(population, id, both);
    record::Variant one = pruned(0.5, 0.1);
    one.tensor = "fc1.weight";
    add_variant(population, id, one);
  }
  add_run(population, "dnn 4", 0.5, 50);
  const auto datasets = trade_offs_in(population);
  ASSERT_THAT(datasets, SizeIs(1));
  const auto& rows = datasets[0].rows;
  ASSERT_THAT(rows, SizeIs(5));
  EXPECT_EQ(rows[0].architecture, "dnn 4");
  EXPECT_EQ(rows[0].bytes, 200.0) << "four per parameter";
  EXPECT_TRUE(rows[0].on_front) << "the smallest always is";
  EXPECT_EQ(rows[1].bytes, 400'400.0);
  EXPECT_FALSE(rows[1].on_front) << "int8 is as accurate";
  EXPECT_EQ(rows[2].format.name(), "int8");
  EXPECT_TRUE(rows[2].on_front);
  EXPECT_EQ(rows[2].accuracy.runs, 2);
  EXPECT_NEAR(*rows[2].accuracy.sd, 0.0141421, 1e-6);
  EXPECT_EQ(rows[2].accuracy.min, 0.96);
  EXPECT_EQ(rows[3].pruning, kOneShot);
  EXPECT_EQ(rows[3].quantization, "");
  EXPECT_NEAR(rows[3].sparsity, 0.9, 1e-9);
  EXPECT_EQ(rows[4].quantization, kPtq);
  EXPECT_EQ(rows[4].bytes, 10'000.0);
}

TEST(TradeOffs, OfADatasetWithoutVariantsAreNone) {
  Population population = one_dataset();
  add_run(population, "dnn 8", 0.97);
  EXPECT_THAT(trade_offs_in(population), IsEmpty());
}

TEST(TradeOffs, OfFamiliesOfOneDatasetStandTogether) {
  Population population = one_dataset();
  add_run(population, "cnn 4", 0.97, 10);
  add_pruned_run(population, "dnn 8", 0.9, {0.5}, [](double) { return 0.9; });
  const auto datasets = trade_offs_in(population);
  ASSERT_THAT(datasets, SizeIs(1));
  ASSERT_THAT(datasets[0].rows, SizeIs(3));
  EXPECT_EQ(datasets[0].rows[0].family, network::Family::cnn);
  EXPECT_FALSE(datasets[0].rows[2].on_front);
}

TEST(TradeOffs, CountFailedAndDivergedRuns) {
  Population population = one_dataset();
  add_pruned_run(population, "dnn 8", 0.9, {0.5}, [](double) { return 0.9; });
  add_run(population, "dnn 8", std::nan("")).result.status = record::RunStatus::diverged;
  const auto rows = trade_offs_in(population).at(0).rows;
  for (const TradeOff& row : not_empty(rows)) {
    EXPECT_EQ(row.accuracy.runs, 2);
    EXPECT_NEAR(row.accuracy.mean, 0.5, 1e-12) << "0.9, and the largest class: 0.1";
    EXPECT_EQ(row.learned, 1);
    EXPECT_TRUE(row.learns());
  }
}

TEST(TradeOffs, ValidationImagesChooseTheFront) {
  Population population = one_dataset();
  population.datasets[0].validation_count = 500;
  const std::string small = add_run(population, "dnn 4", 0.95, 40).id;
  population.runs.back().result.validation_accuracy = 0.90;
  add_run(population, "dnn 8", 0.94, 80).result.validation_accuracy = 0.96;
  record::Variant variant = quantized("int8", 8, 0.95);
  variant.validation_accuracy = 0.90;
  add_variant(population, small, variant);
  const auto rows = trade_offs_in(population).at(0).rows;
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_TRUE(rows[1].on_front) << "dnn 8: worse by test images, better by validation images";
}

TEST(TradeOffs, LeaveNetworksThatGuessOffTheFront) {
  Population population = one_dataset();
  population.datasets[0].majority_share = 0.95;
  add_run(population, "dnn 1", 0.95, 10);
  add_pruned_run(population, "dnn 8", 0.99, {0.5}, [](double) { return 0.98; });
  const auto rows = trade_offs_in(population).at(0).rows;
  EXPECT_EQ(rows[0].architecture, "dnn 1");
  EXPECT_FALSE(rows[0].on_front);
}

TEST(TradeOffs, HaveSimultaneousIntervalsOnTheFront) {
  Population population = one_dataset();
  for (int r = 0; r < 5; ++r) {
    const double luck = 0.001 * r;
    const std::string id = add_run(population, "dnn 8", 0.95 + luck, 50'000).id;
    add_variant(population, id, quantized("int8", 8, 0.949 + luck));  // almost no loss
    add_variant(population, id, quantized("int2", 2, 0.60 + luck));
  }
  const auto datasets = trade_offs_in(population);
  ASSERT_THAT(datasets, SizeIs(1));
  for (const TradeOff& row : datasets[0].rows) {
    ASSERT_TRUE(row.on_front) << row.format.name();
    EXPECT_LT(*row.low, row.accuracy.mean);
    EXPECT_GT(*row.high, row.accuracy.mean);
    if (row.format.name() == "int2") {
      EXPECT_FALSE(row.gain_shown.has_value()) << "there is nothing smaller";
    } else {
      EXPECT_EQ(*row.gain_shown, row.format.name() == "int8") << "a tenth of a point is not shown";
    }
  }
}

TEST(TradeOffs, HaveNoIntervalsOffTheFront) {
  Population population = one_dataset();
  for (const double accuracy : {0.9, 0.91}) {
    const std::string id = add_run(population, "dnn 8", accuracy, 50'000).id;
    add_variant(population, id, quantized("int8", 8, 0.95));  // smaller and better
  }
  const auto datasets = trade_offs_in(population);
  EXPECT_FALSE(datasets[0].rows[0].low.has_value());
  EXPECT_TRUE(datasets[0].rows[1].low.has_value());
}

}  // namespace
}  // namespace minima::analysis
