#include "analysis/comparison/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "planted_predictions.h"
#include "study/settings/train_settings.h"

namespace minima::analysis {
namespace {

/// A study with everything that a comparison reads.
class Study {
 public:
  Study() { settings_.bootstrap_samples = 50; }

  PlantedPredictions& planted() { return planted_; }
  study::AnalysisSettings& settings() { return settings_; }

  /// Run ids of this study differ from those of others.
  Study& with_ids(const std::string& prefix) {
    std::map<std::string, record::RunPredictions> renamed;
    for (auto& run : planted_.population.runs) {
      renamed[prefix + run.id] = planted_.predictions.at(run.id);
      run.id = prefix + run.id;
    }
    planted_.predictions = std::move(renamed);
    planted_.population.variants.clear();
    return *this;
  }

  void analyze() {
    convergence_ = convergence_of(planted_.population, settings_);
    outcomes_ = image_outcomes_of(planted_.population, planted_.source(), settings_);
    input_.emplace(HeadlineInput{.population = planted_.population,
                                 .convergence = convergence_,
                                 .outcomes = outcomes_,
                                 .findings = findings_,
                                 .store = "store"});
    headline_ = headline_of(*input_);
  }
  [[nodiscard]] ComparedStudy compared() const { return {*input_, headline_, planted_.source()}; }

 private:
  PlantedPredictions planted_;
  study::AnalysisSettings settings_;
  Convergence convergence_;
  ImageOutcomes outcomes_;
  Findings findings_;
  std::optional<HeadlineInput> input_;
  Headline headline_;
};

Comparison compare(Study& first, Study& second) {
  first.analyze();
  second.analyze();
  return comparison_of(first.compared(), second.compared());
}

/// Lets the runs of the study misclassify the last `errors` images instead.
void set_errors(Study& study, int errors) {
  for (auto& run : study.planted().population.runs) {
    run.result.test_accuracy = 1.0 - errors / 100.0;
    auto& predicted = study.planted().predictions.at(run.id).test;
    predicted = study.planted().labels;
    std::fill(predicted.end() - errors, predicted.end(), std::uint16_t{0});
  }
}

const SettingDifference* find(const Comparison& comparison, const std::string& setting) {
  for (const SettingDifference& each : comparison.settings) {
    if (each.setting == setting) return &each;
  }
  return nullptr;
}

TEST(Comparison, OfTheSameRunsHasNothingToCompare) {
  Study first, second;
  const Comparison comparison = compare(first, second);
  EXPECT_TRUE(comparison.settings.empty());
  ASSERT_EQ(comparison.datasets.size(), 1U);
  EXPECT_EQ(comparison.datasets[0].same_runs, 2);
  EXPECT_TRUE(comparison.datasets[0].pairs.empty());
  EXPECT_FALSE(comparison.datasets[0].mean);
}

TEST(Comparison, PairsArchitecturesOverTheSameImages) {
  Study first, second;
  second.with_ids("other ");
  set_errors(second, 2);
  const DatasetComparison dataset = compare(first, second).datasets.at(0);
  EXPECT_EQ(dataset.match, DataMatch::same);
  EXPECT_TRUE(dataset.per_image);
  ASSERT_EQ(dataset.pairs.size(), 2U);
  // 10 and 12 errors against 2; 0 and 1 errors against 2.
  EXPECT_EQ(dataset.pairs[0].architecture, "dnn 1");
  EXPECT_NEAR(dataset.pairs[0].difference.mean, 0.09, 1e-12);
  EXPECT_NEAR(dataset.pairs[1].difference.mean, -0.015, 1e-12);
  EXPECT_NEAR(dataset.mean->mean, (0.09 - 0.015) / 2, 1e-12);
}

TEST(Comparison, WithoutPredictionsHasWiderIntervals) {
  Study first, second;
  second.with_ids("other ");
  set_errors(second, 2);
  const AccuracyDifference paired = *compare(first, second).datasets.at(0).mean;
  second.planted().predictions.clear();
  const DatasetComparison dataset = compare(first, second).datasets.at(0);
  EXPECT_FALSE(dataset.per_image);
  EXPECT_NEAR(dataset.mean->mean, paired.mean, 1e-12);
  EXPECT_GT(dataset.mean->high - dataset.mean->low, paired.high - paired.low);
}

TEST(Comparison, CountsADivergedRunAsGuessing) {
  Study first, second;
  second.with_ids("other ");
  auto& run = second.planted().population.runs[0];
  run.result.status = record::RunStatus::diverged;
  run.result.test_accuracy = std::numeric_limits<double>::quiet_NaN();
  second.planted().predictions.erase(run.id);
  const DatasetComparison dataset = compare(first, second).datasets.at(0);
  EXPECT_TRUE(dataset.per_image);
  // One of the two runs has the 40 % of the largest class instead of 90 %.
  EXPECT_NEAR(dataset.pairs[0].difference.mean, (0.4 - 0.9) / 2, 1e-12);
}

TEST(Comparison, OfSingleRunsIsNeverClear) {
  Study first, second;
  second.with_ids("other ");
  set_errors(second, 60);  // a difference that the images alone make certain
  for (Study* study : {&first, &second}) {
    auto& runs = study->planted().population.runs;
    std::erase_if(runs, [](const record::RunRow& run) { return run.replicate > 0; });
    study->planted().population.variants.clear();
  }
  const DatasetComparison dataset = compare(first, second).datasets.at(0);
  ASSERT_EQ(dataset.pairs.size(), 2U);
  EXPECT_LT(dataset.mean->high, 0.0);
  EXPECT_TRUE(std::isnan(dataset.mean->se_seeds));
  EXPECT_EQ(dataset.better + dataset.worse, 0);
}

TEST(Comparison, DoesNotCompareAccuraciesOnOtherImages) {
  Study first, second;
  second.with_ids("other ");
  second.planted().population.datasets[0].checksum = "1234";
  const DatasetComparison dataset = compare(first, second).datasets.at(0);
  EXPECT_EQ(dataset.match, DataMatch::other_data);
  EXPECT_TRUE(dataset.pairs.empty());
  EXPECT_TRUE(dataset.first && dataset.second);
}

TEST(Comparison, FindsTheSameDataUnderAnotherName) {
  Study first, second;
  second.with_ids("other ");
  second.planted().population.datasets[0].name = "numbers";
  for (auto& run : second.planted().population.runs) run.dataset = "numbers";
  const Comparison comparison = compare(first, second);
  ASSERT_EQ(comparison.datasets.size(), 1U);
  EXPECT_EQ(comparison.datasets[0].match, DataMatch::same);
  EXPECT_EQ(comparison.datasets[0].pairs.size(), 2U);
  EXPECT_TRUE(comparison.datasets[0].second);
}

TEST(Comparison, ListsDatasetsOfOneStudy) {
  Study first, second;
  second.planted().population.datasets[0].name = "numbers";
  second.planted().population.datasets[0].checksum = "1234";
  for (auto& run : second.planted().population.runs) run.dataset = "numbers";
  const Comparison comparison = compare(first, second);
  ASSERT_EQ(comparison.datasets.size(), 2U);
  EXPECT_EQ(comparison.datasets[0].match, DataMatch::one_study);
  EXPECT_FALSE(comparison.datasets[0].second);
  EXPECT_FALSE(comparison.datasets[1].first);
}

TEST(Comparison, AnswersBothStudiesWithTheLowerTarget) {
  Study first, second;
  second.with_ids("other ");
  first.settings().success_accuracy = 0.85;
  second.settings().success_accuracy = 0.97;
  const DatasetComparison dataset = compare(first, second).datasets.at(0);
  ASSERT_TRUE(dataset.common);
  EXPECT_DOUBLE_EQ(dataset.common->target, 0.85);
  EXPECT_EQ(dataset.second->smallest->architecture, "dnn 2");
  EXPECT_EQ(dataset.common->second.smallest->architecture, "dnn 1");
  first.settings().success_accuracy = 0.97;
  EXPECT_FALSE(compare(first, second).datasets.at(0).common);
}

TEST(SettingsThatDiffer, AreThoseOfTheRunsAndNotOfTheFile) {
  Study first, second;
  first.planted().population.study.text = "[train]\nepochs = 9";
  first.planted().population.study.train = "seed=1 epochs=15";
  second.planted().population.study.train = "seed=2";
  second.planted().add_run("dnn 3", 30, 0, 1);
  second.settings().success_accuracy = 0.9;
  const Comparison comparison = compare(first, second);
  ASSERT_NE(find(comparison, "train.epochs"), nullptr);
  EXPECT_EQ(find(comparison, "train.epochs")->first, "15");
  // The default, which the text leaves out.
  EXPECT_EQ(find(comparison, "train.epochs")->second,
            std::to_string(study::TrainSettings{}.epochs));
  EXPECT_EQ(find(comparison, "study.seed")->second, "2");
  EXPECT_EQ(find(comparison, "architectures only here")->first, "-");
  EXPECT_EQ(find(comparison, "architectures only here")->second, "dnn 3");
  EXPECT_EQ(find(comparison, "runs of an architecture")->second, "1 to 2");
  EXPECT_EQ(find(comparison, "analysis.success_accuracy")->first, "auto");
  EXPECT_EQ(find(comparison, "train.batch"), nullptr);
}

}  // namespace
}  // namespace minima::analysis
