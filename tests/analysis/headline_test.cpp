#include "analysis/headline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/text.h"
#include "planted_runs.h"
#include "record/run_row.h"

namespace minima::analysis {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Headline headline_in(const Population& population, study::AnalysisSettings settings = {}) {
  settings.bootstrap_samples = 100;
  settings.permutations = 1000;
  const Convergence convergence = convergence_of(population, settings);
  const Compression compression = compression_of(population, settings);
  const Findings findings = findings_of({population, convergence, compression, settings});
  const ImageOutcomes outcomes = image_outcomes_of(population, {}, settings);
  return headline_of({.population = population,
                      .convergence = convergence,
                      .outcomes = outcomes,
                      .findings = findings,
                      .store = "a.minima"});
}

/// Adds two architectures, the larger one better, with `runs` runs each. `shift`: subtracted from
/// every accuracy on validation images.
void add_two_sizes(Population& population, double shift, int runs = 5) {
  population.datasets.back().test_count = 10'000;
  for (const auto& [architecture, parameters, accuracy] :
       {std::tuple("dnn 8", 1'000, 0.90), {"dnn 32", 4'000, 0.97}}) {
    for (int r = 0; r < runs; ++r) {
      record::RunRow& run = add_run(population, architecture, accuracy + 0.001 * r, parameters);
      if (shift != 0.0) run.result.validation_accuracy = run.result.test_accuracy - shift;
    }
  }
  if (shift != 0.0) population.datasets.back().validation_count = 5'000;
}

TEST(Headline, NamesTheSmallestNetworkThatReachesTheTarget) {
  Population population = one_dataset();
  add_two_sizes(population, 0.0);
  const DatasetHeadline dataset = headline_in(population).datasets.at(0);
  ASSERT_TRUE(dataset.smallest.has_value());
  EXPECT_EQ(dataset.smallest->architecture, "dnn 32");
  EXPECT_EQ(dataset.smallest->met, 5);
  EXPECT_FALSE(dataset.validation_target.has_value());
}

TEST(Headline, CountsRunsByATargetOnTheSameImages) {
  // Validation images are 2 points harder: no run would reach the target of the test images there.
  Population population = one_dataset();
  add_two_sizes(population, 0.02);
  const DatasetHeadline dataset = headline_in(population).datasets.at(0);
  ASSERT_TRUE(dataset.smallest.has_value());
  EXPECT_EQ(dataset.smallest->architecture, "dnn 32");
  EXPECT_EQ(dataset.smallest->met, 5);
  EXPECT_NEAR(dataset.target - dataset.validation_target.value(), 0.02, 1e-9);
}

TEST(Headline, SuggestsACommandThatAsksForItsOwnDataset) {
  Population population = one_dataset();
  add_two_sizes(population, 0.0, 3);  // too few to decide, so more are suggested
  EXPECT_THAT(headline_in(population).datasets.at(0).next.at(0), Not(HasSubstr("--dataset")));
  population.datasets.push_back(population.datasets.front());
  population.datasets.back().name = "other set";
  EXPECT_THAT(headline_in(population).datasets.at(0).next.at(0),
              HasSubstr(" --dataset " + shell_word(population.datasets[0].name)));
}

TEST(Headline, HasNoTargetWhereNothingLearned) {
  Population population = one_dataset();
  for (int r = 0; r < 5; ++r) add_run(population, "dnn 1", 0.1, 100);
  const DatasetHeadline dataset = headline_in(population).datasets.at(0);
  EXPECT_THAT(dataset.no_target, Not(IsEmpty()));
  EXPECT_FALSE(dataset.smallest.has_value());
}

}  // namespace
}  // namespace minima::analysis
