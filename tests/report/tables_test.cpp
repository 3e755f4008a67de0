#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "approved.h"
#include "core/characters.h"
#include "record/study.h"
#include "report/screens/bench_text.h"
#include "report/screens/plan_text.h"
#include "report/screens/status_text.h"
#include "report/text/entry.h"
#include "report/text/text_table.h"
#include "report/text/wrap.h"

namespace minima::report {
namespace {

record::DatasetRecord dataset(const std::string& name) {
  return {.name = name,
          .problem = {{1, 28, 28}, 10},
          .train_count = 60000,
          .test_count = 10000,
          .majority_share = 0.1135,
          .class_names = {},
          .checksum = "abc"};
}

PlanSummary plan(std::size_t architectures) {
  PlanSummary summary{.study = "mnist-small",
                      .shard = "",
                      .jobs = 2,
                      .peak_gflops = 350.0,
                      .datasets = {{dataset("mnist"), "data/mnist"}},
                      .architectures = {},
                      .estimate = {.runs = 24,
                                   .architectures = 3,
                                   .flop = 1.25e13,
                                   .seconds = 83,
                                   .store_bytes = 1.2e6,
                                   .memory_bytes = 1.5e8}};
  for (std::size_t i = 1; i <= architectures; ++i) {
    summary.architectures.push_back({.dataset = "mnist",
                                     .architecture = "dnn " + std::to_string(i),
                                     .family = network::Family::dnn,
                                     .parameters = static_cast<std::int64_t>(795 * i + 10),
                                     .runs = 8});
  }
  return summary;
}

TEST(Entry, KeepsNumbersWithTheirUnits) {
  const TextStyle narrow{.width = 40};
  EXPECT_EQ(entry("classes", "a worst class of 100 images, 95 % interval", narrow),
            "classes     a worst class of 100 images,\n"
            "            95 % interval\n");
  EXPECT_EQ(entry("", "a rank correlation of 0.5, p = 0.1", narrow),
            "            a rank correlation of 0.5,\n"
            "            p = 0.1\n");
}

TEST(Entry, PutsALongLabelOnALineOfItsOwn) {
  EXPECT_EQ(entry("contradicted", "No.", {}), "contradicted\n            No.\n");
}

TEST(Heading, TakesTwoLinesIfOneIsTooShort) {
  EXPECT_EQ(heading("digits", "60 runs", {.width = 40}), "digits: 60 runs\n");
  EXPECT_EQ(heading("digits", "60 runs", {.width = 14}), "digits:\n  60 runs\n");
}

TEST(TextTable, AlignsColumnsAndLeavesNoTrailingBlanks) {
  TextTable table({{"name", Align::left}, {"value"}, {"note", Align::left}});
  table.add({"a", "1", ""});
  table.add({"bcdef", "1,234", "here"});
  EXPECT_EQ(table.text({}),
            "name   value  note\n"
            "a          1\n"
            "bcdef  1,234  here\n");
}

TEST(TextTable, PutsALongFirstCellOnALineOfItsOwn) {
  TextTable table({{"name", Align::left}, {"value"}});
  table.add({"a very long name that needs room", "1"});
  EXPECT_EQ(table.text({.width = 24}),
            "name               value\n"
            "a very long name that needs room\n"
            "                       1\n");
}

TEST(TextTable, CountsTheColumnsOfATerminal) {
  TextTable table({{"name", Align::left}, {"value"}});
  table.add({"\u6f22\u5b57", "1"});
  table.add({"gr\u00f6\u00dfe", "2"});
  EXPECT_EQ(table.text({}),
            "name   value\n"
            "\u6f22\u5b57       1\n"
            "gr\u00f6\u00dfe      2\n");
}

TEST(TextTable, ThatIsTooWideShowsCellsBelowTheirLabel) {
  TextTable table({{"name", Align::left}, {"parameters"}, {"runs"}, {"from", Align::left}});
  table.add({"dnn 8-8", "1,234", "8", "generated"});
  table.add({"dnn 4", "321", "", "generated"});
  EXPECT_EQ(table.text({.width = 28, .stacks_tables = true}),
            "dnn 8-8\n"
            "  parameters 1,234  runs 8\n"
            "  from generated\n"
            "dnn 4\n"
            "  parameters 321\n"
            "  from generated\n");
}

TEST(Wrapped, BreaksLongLinesAtBlanks) {
  EXPECT_EQ(wrapped("one two three four\nfive\n", 9), "one two\nthree\nfour\nfive\n");
  EXPECT_EQ(wrapped("  one two three\n", 9), "  one two\n  three\n");
  EXPECT_EQ(wrapped("a_word_that_is_too_long a b\n", 9), "a_word_that_is_too_long\na b\n");
  EXPECT_EQ(wrapped("", 9), "");
}

TEST(Wrapped, AlignsWithTheTextAfterALabel) {
  EXPECT_EQ(wrapped("disk    about 12 MB of space\n", 20),
            "disk    about 12 MB\n"
            "        of space\n");
}

TEST(Wrapped, KeepsCommandsWhole) {
  const std::string command = "next  minima recommend a.minima --accuracy 0.9\n";
  EXPECT_EQ(wrapped(command, 20), command);
  EXPECT_EQ(wrapped("now `minima run a.toml` trains them\n", 20),
            "now\n`minima run a.toml`\ntrains them\n");
}

TEST(Wrapped, StylesTakeNoColumns) {
  const std::string line = "\x1b[1mbold\x1b[0m and plain\n";
  EXPECT_EQ(wrapped(line, 14), line);
  EXPECT_EQ(wrapped(line, 9), "\x1b[1mbold\x1b[0m and\nplain\n");
}

TEST(PlanText, ShowsDatasetsArchitecturesAndCost) {
  expect_approved(plan_text(plan(3), {}), "plan");
}

TEST(PlanText, ShowsTheFirstAndTheLastOfManyArchitectures) {
  expect_approved(plan_text(plan(100), {.most_rows = 8}), "plan_long");
}

TEST(StatusText, CountsFinishedAndMissingRuns) {
  analysis::Status status;
  status.study.name = "mnist-small";
  status.study.program_version = "0.1.0";
  status.runs = {.planned = 48, .finished = 30, .diverged = 2};
  status.datasets = {{dataset("mnist"), {24, 24, 0}}, {dataset("fashion-mnist"), {24, 6, 2}}};
  expect_approved(status_text(status, "s", 123456, {}), "status");
  status.study.shard = "1/4";
  EXPECT_THAT(status_text(status, "s", 1, {}), ::testing::HasSubstr("minima merge"));
  status.runs.finished = 46;
  EXPECT_THAT(status_text(status, "s", 1, {}), ::testing::HasSubstr("complete"));
}

TEST(StatusText, NamesTheFilesOfLostWeightsAndTheRemedy) {
  analysis::Status status;
  status.runs = {.planned = 4, .finished = 4, .diverged = 0};
  status.lost_weights = {{"weights-0001.safetensors", "is missing", 3}};
  const std::string text = status_text(status, "my store", 1, {});
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("complete")));
  EXPECT_THAT(text, ::testing::HasSubstr("weights-0001.safetensors is missing: 3 runs lost"));
  EXPECT_THAT(text, ::testing::HasSubstr("`minima doctor 'my store' --repair`"));
  EXPECT_EQ(lost_weights_text({}, "s"), "");
}

TEST(StatusText, IsNotCompleteIfCompressionWasLeftOut) {
  analysis::Status status;
  status.runs = {.planned = 4, .finished = 4, .diverged = 0};
  status.left_out = 1;
  const std::string text = status_text(status, "s", 1, {});
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("complete")));
  EXPECT_THAT(text, ::testing::HasSubstr("all runs are done, but 1 compression task was left out"));
}

TEST(LeftOutText, NamesNumberReasonAndRemedy) {
  EXPECT_EQ(left_out_text({}), "");
  EXPECT_EQ(left_out_text({.tasks = 3, .runs = 1, .remedy = "minima run s --retrain-missing"}),
            "3 compression tasks left out: the weights of 1 run were not kept; `minima run s "
            "--retrain-missing` trains this run again, with the same results");
}

TEST(PlanText, SaysWhatTheStoreHoldsAndWhatIsLeft) {
  PlanSummary summary = plan(3);
  summary.estimate.runs = 6;
  summary.compression.pieces = 12;
  summary.store = PlannedStore{.directory = "s", .recorded = 5};
  summary.store->compression.recorded_before = 2;
  summary.store->left_out = {.tasks = 4, .runs = 2, .remedy = "minima run s --retrain-missing"};
  EXPECT_THAT(plan_text(summary, {}),
              ::testing::HasSubstr("store   s has 5 of 6 runs and 2 of 12 compression tasks; 1 run "
                                   "and 6 tasks are left to run\nmissing 4 compression tasks left "
                                   "out: the weights of 2 runs were not kept"));
  summary.store->other_settings = "epochs=3";
  EXPECT_THAT(plan_text(summary, {}),
              ::testing::HasSubstr("so all 6 runs would be trained again, into another --store"));
}

TEST(BenchText, NamesTheMeasurementWithItsPeak) {
  const run::BenchResult result{.backend = "cpu",
                                .dataset = "glyphs",
                                .architecture = "dnn 32-32",
                                .parameters = 26506,
                                .runs = 16,
                                .jobs = 1,
                                .batch = 100,
                                .steps = 1234,
                                .seconds = 2.01,
                                .microseconds_per_run_step = 101.83,
                                .gflops = 105.6,
                                .peak_gflops = 180.2,
                                .efficiency = 0.586};
  expect_approved(bench_text(result, {}), "bench");
}

TEST(BenchText, DescribesTheMachine) {
  expect_approved(machine_text({.machine = {"Some Processor", 2, 25'000'000'000},
                                .backend = {"cpu", "AVX3", "portable"},
                                .peak_gflops_one = 186.0,
                                .peak_gflops_all = 361.5},
                               {}),
                  "machine");
}

}  // namespace
}  // namespace minima::report
