#include "analysis/population/diagnosis.h"

#include <gtest/gtest.h>

#include <cmath>

#include "planted_runs.h"
#include "record/run_result.h"
#include "record/run_row.h"

namespace minima::analysis {
namespace {

const std::vector<double> kFallingLosses = {2.0, 1.0, 0.6, 0.5};

// A failed `dnn 5-5` with the signals of a healthy one: only the loss shows the failure.
record::RunRow& add_failed(Population& population, const std::vector<double>& losses,
                           const std::string& architecture = "dnn 5-5") {
  record::RunRow& run = add_run(population, architecture, 0.1);
  set_losses(run, losses);
  for (record::EpochRecord& epoch : run.result.history) {
    epoch.test_accuracy = 0.1;
    epoch.top_class_share = 0.4;
    epoch.layers = {{.gradient_norm = 0.5, .units = 5},
                    {.gradient_norm = 0.2, .units = 5},
                    {.gradient_norm = 0.1, .units = 10}};
  }
  return run;
}

void predict_one_class(record::RunRow& run, int label) {
  for (record::EpochRecord& epoch : run.result.history) {
    epoch.top_class = label;
    epoch.top_class_share = 1.0;
  }
}

RunDiagnosis diagnosis_of(const Population& population) {
  return diagnoses_of(population, {}, not_converged(population, {})).at(0);
}

std::string description_of(const Population& population) {
  return describe(diagnosis_of(population));
}

TEST(Diagnosis, IsForRunsThatDivergedOrAreNotBetterThanChance) {
  Population population = one_dataset();
  add_run(population, "dnn 5-5", 0.9);
  add_run(population, "dnn 5-5", 0.130);  // 0.131 would be significant (answer_test.cpp)
  add_run(population, "dnn 5-5", 0.131);
  add_run(population, "dnn 5-5", kNaN).result.status = record::RunStatus::diverged;
  add_run(population, "dnn 5-5", 0.0).result.status = record::RunStatus::planned;
  EXPECT_EQ(not_converged(population, {}), (std::vector<std::size_t>{1, 3}));
}

TEST(Diagnosis, OfADivergedRunNamesTheStepAndTheExplodedGradient) {
  Population population = one_dataset();
  record::RunRow& run = add_run(population, "dnn 5-5", kNaN);
  run.result.status = record::RunStatus::diverged;
  run.result.diverged_step = 17;
  EXPECT_EQ(description_of(population), "loss not finite at step 17");
  run.result.last_step = {.layer = 1, .gradient_norm = 3e8, .loss = 12.0};
  EXPECT_EQ(description_of(population),
            "loss not finite at step 17, gradient of layer 1 exploded (norm 3e+08)");
  run.result.last_step->gradient_norm = kNaN;  // as a store returns an infinite norm
  EXPECT_EQ(description_of(population),
            "loss not finite at step 17, gradient of layer 1 exploded (norm overflowed)");
  run.result.last_step->gradient_norm = 2.0;
  EXPECT_EQ(description_of(population), "loss not finite at step 17");
}

TEST(Diagnosis, OfADivergedRunWithoutItsLastStepLooksAtTheEpochsBefore) {
  Population population = one_dataset();
  record::RunRow& run = add_failed(population, {2.0, 40.0});
  run.result.status = record::RunStatus::diverged;
  run.result.diverged_step = 130;
  run.result.history[1].layers[1].gradient_norm = 900.0;
  EXPECT_EQ(description_of(population),
            "loss not finite at step 130, gradient of layer 2 exploded (norm 9e+02)");
}

TEST(Diagnosis, FindsTheDeadLayerNearestTheInputAndSinceWhen) {
  Population population = one_dataset();
  record::RunRow& run = add_failed(population, {2.31, 2.30, 2.30});
  predict_one_class(run, 3);
  run.result.history[1].layers[0].dead_units = 4;
  for (const std::size_t epoch : {1U, 2U}) run.result.history[epoch].layers[1].dead_units = 5;
  EXPECT_EQ(description_of(population), "dead layer 2 from epoch 2");
  for (const std::size_t epoch : {1U, 2U}) run.result.history[epoch].layers[0].dead_units = 5;
  EXPECT_EQ(description_of(population), "dead layer 1 from epoch 2");
  run.result.history[0].layers[1].dead_units = 5;
  EXPECT_EQ(description_of(population), "dead layer 2 from epoch 1") << "it died first";
}

TEST(Diagnosis, ALayerThatWokeUpAgainOrIsPartlyDeadIsNotDead) {
  Population population = one_dataset();
  record::RunRow& run = add_failed(population, {2.31, 2.30, 2.30});
  predict_one_class(run, 3);
  run.result.history[0].layers[1].dead_units = 5;
  run.result.history[1].layers[1].dead_units = 5;
  run.result.history[2].layers[1].dead_units = 4;
  EXPECT_EQ(description_of(population), "constant prediction of class 3");
}

// The four filters of a convolution have 2704 outputs.
TEST(Diagnosis, CountsTheFiltersOfAConvolutionAsItsUnits) {
  Population population = one_dataset();
  record::RunRow& run = add_failed(population, {2.30, 2.30}, "cnn 4");
  predict_one_class(run, 0);
  for (record::EpochRecord& epoch : run.result.history) {
    epoch.layers = {{.gradient_norm = 0.0, .units = 2704, .dead_units = 4},
                    {.gradient_norm = 0.1, .units = 10}};
  }
  EXPECT_EQ(description_of(population), "dead layer 1 from epoch 1");
}

TEST(Diagnosis, ADeadMlpBesideAResidualConnectionIsNoCauseWhilePredictionsDiffer) {
  Population population = one_dataset();
  record::RunRow& run = add_failed(population, {2.30, 2.30}, "vit d16 h2 l1 p14 relu m2");
  for (record::EpochRecord& epoch : run.result.history) {
    epoch.layers = {{.gradient_norm = 0.3, .units = 64},
                    {.gradient_norm = 0.2, .units = 64, .dead_units = 2},
                    {.gradient_norm = 0.1, .units = 16},
                    {.gradient_norm = 0.1, .units = 10}};
  }
  EXPECT_EQ(diagnosis_of(population).diagnosis, Diagnosis::no_progress);
}

TEST(Diagnosis, FindsWhereTheGradientVanished) {
  Population population = one_dataset();
  record::RunRow& run = add_failed(population, {2.31, 2.30, 2.30});
  predict_one_class(run, 3);
  for (const std::size_t epoch : {1U, 2U}) {
    run.result.history[epoch].layers[0].gradient_norm = 0.0005;
  }
  EXPECT_EQ(description_of(population), "vanishing gradient in layer 1 from epoch 2");
  run.result.history[2].layers[0].gradient_norm = 0.0002;
  EXPECT_EQ(diagnosis_of(population).epoch, 2);
  EXPECT_EQ(diagnosis_of(population).gradient_norm, 0.0005) << "of the epoch that is reported";
  run.result.history[2].layers[1].gradient_norm = 0.001;
  EXPECT_EQ(description_of(population), "vanishing gradient in layer 2 from epoch 3");
  run.result.history[2].layers[0].gradient_norm = 0.0011;
  run.result.history[2].layers[1].gradient_norm = 0.0011;
  EXPECT_EQ(description_of(population), "constant prediction of class 3");
}

// Pooling has no parameters and therefore no gradient.
TEST(Diagnosis, ALayerWithoutParametersHasNoVanishingGradient) {
  Population population = one_dataset();
  record::RunRow& run = add_failed(population, {2.30, 2.30}, "cnn 4 max2");
  for (record::EpochRecord& epoch : run.result.history) {
    epoch.layers = {{.gradient_norm = 0.3}, {.gradient_norm = 0.0}, {.gradient_norm = 0.1}};
  }
  EXPECT_EQ(diagnosis_of(population).diagnosis, Diagnosis::no_progress);
}

TEST(Diagnosis, AnExplosionComesBeforeTheLayerThatItKilled) {
  Population population = one_dataset();
  record::RunRow& run = add_failed(population, {6e10, 2.35, 2.35});
  predict_one_class(run, 3);
  for (record::EpochRecord& epoch : run.result.history) epoch.layers[1].dead_units = 5;
  run.result.history[0].layers[0].gradient_norm = 5e8;
  run.result.history[0].layers[1].gradient_norm = 1e7;
  const RunDiagnosis diagnosis = diagnosis_of(population);
  EXPECT_EQ(diagnosis.layer, 1);
  EXPECT_EQ(describe(diagnosis), "gradient of layer 1 exploded (norm 5e+08) in epoch 1");
  run.result.history[0].layers[1].gradient_norm = kNaN;
  EXPECT_EQ(description_of(population),
            "gradient of layer 2 exploded (norm overflowed) in epoch 1");
}

TEST(Diagnosis, ReportsTheLastEpochBetterThanChance) {
  Population population = one_dataset();
  record::RunRow& run = add_failed(population, {2.0, 1.0, 2.3, 2.3});
  run.result.history[0].test_accuracy = 0.4;
  run.result.history[1].test_accuracy = 0.6;
  predict_one_class(run, 3);
  EXPECT_EQ(description_of(population), "fell back to chance, better than chance until epoch 2");
  for (const std::size_t epoch : {2U, 3U}) run.result.history[epoch].layers[1].dead_units = 5;
  EXPECT_EQ(description_of(population),
            "dead layer 2 from epoch 3, better than chance until epoch 2");
}

TEST(Diagnosis, DistinguishesTooSlowFromNoProgress) {
  Population slow = one_dataset();
  add_failed(slow, {2.40, 2.36, 2.33});
  EXPECT_EQ(description_of(slow), "too slow: loss still falling, 2.4 to 2.33");
  Population slower = one_dataset();  // falls steadily, but by less than 1 % in the last epoch
  add_failed(slower, {2.400, 2.383, 2.367});
  EXPECT_EQ(diagnosis_of(slower).diagnosis, Diagnosis::too_slow);
  Population idle = one_dataset();
  add_failed(idle, {2.303, 2.302, 2.302});
  EXPECT_EQ(description_of(idle), "no progress: loss 2.303 to 2.302");
  Population rising = one_dataset();
  add_failed(rising, {2.3, 2.4, 2.5});
  EXPECT_EQ(diagnosis_of(rising).diagnosis, Diagnosis::no_progress);
}

TEST(Diagnosis, ReportsThatNoCauseWasFound) {
  Population population = one_dataset();
  add_failed(population, {2.6, 2.3, 2.3, 2.3});
  EXPECT_EQ(description_of(population), "no cause found");
}

TEST(Diagnosis, WorksWithoutAHistory) {
  Population population = one_dataset();
  add_run(population, "dnn 5-5", 0.1);
  EXPECT_EQ(diagnosis_of(population).diagnosis, Diagnosis::undetermined);
}

TEST(Diagnosis, IsMadeForTheRequestedRuns) {
  Population population = one_dataset();
  add_failed(population, kFallingLosses);
  add_failed(population, {2.303, 2.303});
  const std::vector<RunDiagnosis> found = diagnoses_of(population, {}, {1});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].run, 1U);
  EXPECT_TRUE(diagnoses_of(population, {}, {}).empty());
}

}  // namespace
}  // namespace minima::analysis
