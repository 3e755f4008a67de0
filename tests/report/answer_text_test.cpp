#include "report/screens/answer_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "approved.h"

namespace minima::report {
namespace {

using analysis::Answer;
using analysis::ArchitectureAnswer;
using analysis::DatasetAnswer;
using ::testing::HasSubstr;
using ::testing::Not;

ArchitectureAnswer row(const std::string& architecture, std::int64_t parameters, double mean,
                       double sd) {
  return {.architecture = architecture,
          .family = network::Family::dnn,
          .parameters = parameters,
          .replicates = 8,
          .learned = 8,
          .learned_share = 1.0,
          .accuracy_mean = mean,
          .accuracy_sd = sd,
          .accuracy_min = mean - 1.5 * sd,
          .accuracy_max = mean + 1.5 * sd,
          .seconds = 1e-5 * static_cast<double>(parameters)};
}

DatasetAnswer mnist() {
  return {.dataset = "mnist",
          .test_count = 10000,
          .majority_share = 0.1135,
          .runs_planned = 24,
          .runs_recorded = 24,
          .architectures = {row("dnn 5-5", 4015, 0.8712, 0.0123),
                            row("dnn 16-16", 13002, 0.9534, 0.0017),
                            row("dnn 64-64", 55050, 0.9738, 0.0009)},
          .best = 2,
          .smallest = 2};
}

TEST(AnswerText, FitsATerminalOfEightyColumns) {
  const std::string text = answer_text({.study = "s", .datasets = {mnist()}}, {});
  expect_approved(text, "answer");
  EXPECT_LE(longest_line(text), 80U);
}

TEST(AnswerText, DrawsARangePlotIfThereIsRoom) {
  const std::string text = answer_text({.study = "s", .datasets = {mnist()}}, {.width = 110});
  expect_approved(text, "answer_wide");
  EXPECT_LE(longest_line(text), 110U);
}

TEST(AnswerText, ShowsDivergedRunsAndLongNames) {
  DatasetAnswer dataset = mnist();
  dataset.architectures[1].architecture = "dnn 1024-512-1024-2048-4096-8192";
  dataset.architectures[1].parameters = 123456789;
  dataset.architectures[0].diverged = 2;
  dataset.architectures[0].learned_share = 0.75;
  dataset.smallest = 1;
  DatasetAnswer other = mnist();
  other.dataset = "glyphs difficulty=0.7";
  other.runs_recorded = 10;
  const std::string text = answer_text({.study = "s", .datasets = {dataset, other}}, {});
  expect_approved(text, "answer_diverged");
  EXPECT_LE(longest_line(text), 80U);
}

TEST(AnswerText, ReportsThatNothingIsRecorded) {
  DatasetAnswer empty;
  empty.dataset = "mnist";
  empty.runs_planned = 5;
  EXPECT_THAT(answer_text({.study = "s", .datasets = {empty}}, {}),
              HasSubstr("no run has been recorded yet"));
}

TEST(AnswerText, NamesNoSmallestNetworkIfNoRunLearned) {
  DatasetAnswer dataset = mnist();
  for (ArchitectureAnswer& one : dataset.architectures) one.learned = 0;
  const std::string text = answer_text({.study = "s", .datasets = {dataset}}, {});
  EXPECT_THAT(
      text, HasSubstr("No run learned: none is better than always predicting the largest class."));
  EXPECT_THAT(text, Not(HasSubstr("Smallest")));
}

TEST(AnswerText, HasColourOnlyIfRequested) {
  const Answer answer{.study = "s", .datasets = {mnist()}};
  EXPECT_THAT(answer_text(answer, {.colour = true}), HasSubstr("\x1b["));
  EXPECT_THAT(answer_text(answer, {.colour = false}), Not(HasSubstr("\x1b[")));
}

}  // namespace
}  // namespace minima::report
