#include <gtest/gtest.h>

#include <limits>

#include "record/analysis.h"
#include "report/csv.h"
#include "report/json.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

using record::Cell;

TEST(Csv, NumbersReadBackAndUnknownIsEmpty) {
  const std::vector<Cell> cells{std::int64_t{-7}, 0.1, std::monostate{}, std::string("x,y")};
  EXPECT_EQ(csv_line(cells), "-7,0.1,,\"x,y\"\n");
  const std::vector<Cell> first_empty{std::monostate{}, 0.1 + 0.2};
  EXPECT_EQ(csv_line(first_empty), ",0.30000000000000004\n");
}

TEST(Csv, AHeaderIsALineOfNames) {
  const std::vector<std::string> names{"run_id", "a,b"};
  EXPECT_EQ(csv_line(names), "run_id,\"a,b\"\n");
}

TEST(Json, CellsKeepTheirTypes) {
  EXPECT_EQ(compact(cell_json(std::int64_t{3})), "3");
  EXPECT_EQ(compact(cell_json(0.5)), "0.5");
  EXPECT_EQ(compact(cell_json(std::string("a\"b"))), "\"a\\\"b\"");
  EXPECT_EQ(compact(cell_json(std::monostate{})), "null");
  EXPECT_EQ(compact(cell_json(std::numeric_limits<double>::quiet_NaN())), "null");
}

TEST(Json, BrokenTextStaysAValidDocument) {
  const std::string text = document({{"name", "\xff\xfe"}});
  EXPECT_TRUE(Json::accept(text));
}

TEST(Json, TheAnswerNamesItsChoices) {
  analysis::Answer answer;
  answer.datasets.emplace_back();
  EXPECT_TRUE(answer_json(answer)["datasets"][0]["smallest_within_one_point"].is_null());
  analysis::ArchitectureAnswer& row = answer.datasets[0].architectures.emplace_back();
  row.architecture = "dnn 4";
  row.accuracy_mean = 0.5;
  answer.datasets[0].smallest = answer.datasets[0].best = 0;
  const Json json = answer_json(answer);
  EXPECT_EQ(json["datasets"][0]["smallest_within_one_point"], "dnn 4");
  EXPECT_EQ(json["datasets"][0]["architectures"][0]["test_accuracy"]["mean"], 0.5);
}

TEST(HumanFlop, PicksAUnit) {
  EXPECT_EQ(human_flop(12), "12 FLOP");
  EXPECT_EQ(human_flop(1.25e13), "12.5 TFLOP");
  EXPECT_EQ(human_flop(999.9e9), "1.0 TFLOP");
}

}  // namespace
}  // namespace minima::report
