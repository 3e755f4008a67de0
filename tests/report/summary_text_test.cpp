#include "report/screens/summary_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "approved.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

using testing::HasSubstr;
using testing::Not;

analysis::HeadlineNetwork network(const std::string& architecture, std::int64_t parameters,
                                  double accuracy, std::int64_t met, bool shown) {
  return {.architecture = architecture,
          .parameters = parameters,
          .bytes = 4.0 * static_cast<double>(parameters),
          .accuracy = {accuracy, accuracy - 0.014, accuracy + 0.011},
          .met = met,
          .runs = 5,
          .shown = shown};
}

analysis::DatasetHeadline digits(const std::string& name = "digits") {
  analysis::DatasetHeadline dataset{.dataset = name,
                                    .runs = 60,
                                    .runs_planned = 60,
                                    .test_images = 1000,
                                    .validation_chose = true,
                                    .resolution = 0.013,
                                    .target = 0.953};
  dataset.smallest = network("cnn 4-8 max2", 2346, 0.955, 3, false);
  dataset.shown = network("dnn 64", 50890, 0.965, 5, true);
  dataset.best = dataset.shown;
  dataset.compressed = network("cnn 4-8 max2", 2346, 0.956, 3, false);
  dataset.compressed->compression = "int8, integer arithmetic";
  dataset.compressed->protocol = "ptq channel symmetric auto activations=same images=1000 auto";
  dataset.compressed->bytes = 2500;
  dataset.compressed->multiply_adds = 61'000;
  dataset.compressed->ram_bytes = 3500;
  dataset.series = {{"cnn, 1 layer",
                     "still rising at 54,170 parameters; by extrapolation, it levels off at "
                     "96.3 % from about 56,000 [16,000, open] parameters"},
                    {"dnn, 1 layer", "levels off at 12,730 [6,370, 25,450] parameters"}};
  dataset.series_of_one_size = 2;
  dataset.failures = {{"dnn 1-1", 4, 5, "dead layer"}, {"dnn 1", 1, 5, "dead layer"}};
  dataset.next = {
      "for more evidence: minima recommend d.minima --accuracy 0.953 --next n.toml",
      "use more test images: 1,000 resolve only differences above 1.3 points; 4,800 would "
      "resolve 1"};
  return dataset;
}

analysis::Headline headline(int datasets = 1) {
  analysis::Headline all{.study = "digits",
                         .runs = 60 * datasets,
                         .runs_planned = 60 * datasets,
                         .architectures = 12,
                         .compressed_networks = 2520,
                         .claims = {"Small networks fail more often than large ones (p = 0.012)",
                                    "Deeper networks tolerate more pruning (p = 0.03)"},
                         .claims_open = 9,
                         .claims_untested = 12};
  for (int i = 0; i < datasets; ++i) {
    all.datasets.push_back(digits(i == 0 ? "digits" : "digits " + std::to_string(i + 1)));
  }
  return all;
}

std::string summary_of(const analysis::Headline& all) {
  return summary_text(all, {.store = "d.minima", .page = "d.minima/report.html"}, {});
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST(SummaryText, MatchesTheApprovedScreen) {
  const std::string text = summary_of(headline());
  expect_approved(text, "summary");
  EXPECT_LE(lines_of(text), kSummaryLines);
  EXPECT_LE(longest_line(text), 80U);
}

TEST(SummaryText, HasAtMostThirtyLinesForAnyNumberOfDatasets) {
  for (int datasets = 1; datasets <= 40; ++datasets) {
    const std::string text = summary_of(headline(datasets));
    EXPECT_LE(lines_of(text), kSummaryLines) << datasets << "\n" << text;
    EXPECT_THAT(text, HasSubstr("minima report d.minima --all")) << datasets;
    EXPECT_THAT(text, HasSubstr("cnn 4-8 max2")) << datasets;
  }
  EXPECT_THAT(summary_of(headline(40)), HasSubstr("more\n"));
}

TEST(SummaryText, ReportsWhichAnswerIsShown) {
  analysis::Headline all = headline();
  EXPECT_THAT(summary_of(all), HasSubstr("3/5 runs"));
  EXPECT_THAT(summary_of(all), HasSubstr("shown       dnn 64"));
  all.datasets[0].smallest->shown = true;
  all.datasets[0].shown.reset();
  EXPECT_THAT(summary_of(all), HasSubstr("shown\n"));
  EXPECT_THAT(summary_of(all), Not(HasSubstr("\nshown  ")));
}

TEST(SummaryText, ReportsThatNoNetworkReachesTheTarget) {
  analysis::Headline all = headline();
  all.datasets[0].smallest.reset();
  all.datasets[0].shown.reset();
  all.datasets[0].compressed.reset();
  EXPECT_THAT(summary_of(all), HasSubstr("smallest    none"));
}

TEST(SummaryText, NamesNoSizeIfNoRunLearned) {
  analysis::Headline all = headline();
  all.datasets[0].no_target = "no run is better than always predicting the largest class";
  const std::string text = summary_of(all);
  EXPECT_THAT(text, HasSubstr("no answer"));
  EXPECT_THAT(text, Not(HasSubstr("smallest")));
}

TEST(SummaryText, ReportsTheProgressOfAnUnfinishedStudy) {
  analysis::Headline all = headline();
  all.runs = 12;
  all.datasets[0].runs = 12;
  EXPECT_THAT(summary_of(all), HasSubstr("12 of 60 runs so far"));
  all.datasets[0].runs = 0;
  EXPECT_THAT(summary_of(all), HasSubstr("no run has been recorded yet"));
}

TEST(SummaryText, KeepsNamesFromUsersOnOneLine) {
  analysis::Headline all = headline();
  all.datasets[0].dataset = "a\nb" + std::string(300, 'x');
  const std::string text = summary_of(all);
  EXPECT_THAT(text, Not(HasSubstr("a\nb")));
  EXPECT_LE(lines_of(text), kSummaryLines);
}

TEST(SummaryText, ReportsWhatAnOlderStoreLacks) {
  analysis::Headline all = headline();
  all.lacks = {"No predictions per image."};
  EXPECT_THAT(summary_of(all), HasSubstr("missing     1 kind of results"));
}

TEST(SummaryText, SuggestionsNameTheirDataset) {
  analysis::Headline two = headline(2);
  two.datasets[0].dataset = "mnist validation_share=0.1";
  two.datasets[1].dataset = "glyphs train=100";
  EXPECT_THAT(summary_of(two), HasSubstr("mnist: for more"));
  two.datasets[1].dataset = "mnist size=14x14";
  EXPECT_THAT(summary_of(two), HasSubstr("mnist validation_share=0.1: for more"));
}

}  // namespace
}  // namespace minima::report
