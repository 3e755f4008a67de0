#include "analysis/population/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "hand_made.h"

namespace minima::analysis {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(Target, IsTwoStandardErrorsBelowTheBestForFewImages) {
  const HandMade made = HandMade().add(1, {0.5, 0.6}).add(2, {0.95, 0.96, 0.97});
  const Target target = target_of(made.population(), 0, {});
  EXPECT_EQ(target.best_architecture, "dnn 2");
  // sqrt(0.01^2 / 3 + 0.96 * 0.04 / 1000) = 0.0084696
  EXPECT_NEAR(target.best_error, 0.0084696, 1e-6);
  EXPECT_NEAR(target.accuracy, 0.943, 1e-12) << "0.96 - 0.01694, rounded down to 0.1 point";
  EXPECT_FALSE(target.given);
  EXPECT_NEAR(target.skilled_accuracy, 0.1 + 0.5 * 0.86, 1e-12);
}

TEST(Target, IsOnePointBelowTheBestForManyImages) {
  Population population = HandMade().add(2, {0.97, 0.97}).population();
  population.datasets[0].test_count = 10'000;
  EXPECT_NEAR(target_of(population, 0, {}).accuracy, 0.96, 1e-12);
}

TEST(Target, IsThatOfTheStudyIfGiven) {
  study::AnalysisSettings settings;
  settings.success_accuracy = 0.9;
  const Target target = target_of(HandMade().add(2, {0.97}).population(), 0, settings);
  EXPECT_TRUE(target.given);
  EXPECT_EQ(target.accuracy, 0.9);
  EXPECT_THAT(target.missing, IsEmpty());
}

TEST(Target, IsRefusedIfTheLargestClassReachesIt) {
  Population population = HandMade().add(2, {0.951, 0.952}).population();
  population.datasets[0].majority_share = 0.95;
  EXPECT_THAT(target_of(population, 0, {}).missing, HasSubstr("no architecture is clearly better"));
  study::AnalysisSettings settings;
  settings.success_accuracy = 0.9;
  EXPECT_THAT(target_of(population, 0, settings).missing, HasSubstr("can reach 90.0 %"));
}

TEST(Target, SaysThatTheTestImagesAreTooFewIfTheBestIsBetterThanTheLargestClass) {
  Population population = HandMade::with_images(20).add(2, {0.9, 0.9, 0.9}).population();
  population.datasets[0].majority_share = 0.5;
  EXPECT_THAT(target_of(population, 0, {}).missing,
              testing::StartsWith("with 20 test images the target would be "));
}

TEST(Target, CountsWholeImages) {
  Population population = HandMade::with_images(12).add(2, {1.0, 1.0, 1.0, 1.0}).population();
  population.datasets[0].majority_share = 0.5;
  const Target target = target_of(population, 0, {});
  EXPECT_NEAR(target.accuracy, 0.99, 1e-12);
  EXPECT_THAT(target.missing, IsEmpty()) << "12 of 12 images, which guessing rarely reaches";
}

TEST(Target, IsOfTheBestOnValidationImages) {
  Population population = HandMade().add(1, {0.95}).add(2, {0.96}).population();
  population.datasets[0].validation_count = 500;
  population.runs[0].result.validation_accuracy = 0.97;
  population.runs[1].result.validation_accuracy = 0.94;
  const Target target = target_of(population, 0, {});
  EXPECT_EQ(target.best_architecture, "dnn 1");
  EXPECT_EQ(target.best_accuracy, 0.95);
  EXPECT_TRUE(target.by_validation);
  EXPECT_NEAR(target.choosing_accuracy, 0.954, 1e-9) << "two standard errors of 500 images below";
}

TEST(Target, OnFewValidationImagesIsFurtherBelowTheBestOnThem) {
  Population population = HandMade().add(1, {0.95, 0.95, 0.95}).population();
  population.datasets[0].test_count = 100'000;
  population.datasets[0].validation_count = 200;
  for (auto& run : population.runs) run.result.validation_accuracy = 0.97;
  const Target target = target_of(population, 0, {});
  EXPECT_NEAR(target.accuracy, 0.94, 1e-9);
  const double two_errors = 2.0 * std::sqrt(0.97 * 0.03 / 200.0);
  EXPECT_NEAR(target.choosing_accuracy, 0.97 - two_errors, 1.1e-3) << "rounded down";
}

TEST(Target, CountsADivergedRunAsTheLargestClass) {
  const HandMade made = HandMade().add(1, {0.9, 0.9}).add(2, {0.97}).add_diverged(2);
  EXPECT_EQ(target_of(made.population(), 0, {}).best_architecture, "dnn 1");
}

TEST(Target, OfNoRunsIsMissing) {
  EXPECT_EQ(target_of(HandMade().population(), 0, {}).missing, "no run has been recorded");
}

}  // namespace
}  // namespace minima::analysis
