#include "analysis/convergence/phases.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/numbers/random.h"
#include "planted_runs.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "statistics/fits/piecewise.h"

namespace minima::analysis {
namespace {

std::vector<double> curve(int epochs, const std::function<double(int)>& value_of) {
  std::vector<double> values;
  for (int epoch = 1; epoch <= epochs; ++epoch) values.push_back(value_of(epoch));
  return values;
}

std::vector<double> with_noise(std::vector<double> values, double sd, RandomStream& random) {
  for (double& value : values) value *= std::exp(sd * random.normal());
  return values;
}

std::vector<CurvePiece> pieces_of(const std::vector<double>& values) {
  std::vector<int> epochs;
  for (std::size_t i = 0; i < values.size(); ++i) epochs.push_back(static_cast<int>(i) + 1);
  return curve_pieces(epochs, values, {});
}

// Falls as epoch^-1 for 6 epochs and as epoch^-0.2 for 8 more, then stays constant.
double three_training_phases(int epoch) {
  const double fast = std::pow(std::min(epoch, 6), -1.0);
  const double slow = std::pow(std::clamp(epoch, 6, 14) / 6.0, -0.2);
  return 2.0 * fast * slow;
}

TEST(Phases, FindsPlantedOnes) {
  const std::vector<CurvePiece> pieces = pieces_of(curve(30, three_training_phases));
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[0].phase, Phase::fast_descent);
  EXPECT_EQ(pieces[1].phase, Phase::refinement);
  EXPECT_EQ(pieces[2].phase, Phase::plateau);
  EXPECT_NEAR(pieces[0].slope, -1.0, 1e-9);
  EXPECT_NEAR(pieces[1].slope, -0.2, 1e-2);
  EXPECT_NEAR(pieces[2].slope, 0.0, 1e-9);
  EXPECT_EQ(pieces[0].first_epoch, 1);
  EXPECT_EQ(pieces[2].last_epoch, 30);
}

// 88 % in a longer simulation; most of the others have one piece too many.
TEST(Phases, FindsMostPlantedOnesUnderNoiseWithinAnEpochOrTwo) {
  int good = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    RandomStream random(1, i, Purpose::bootstrap);
    const auto pieces = pieces_of(with_noise(curve(30, three_training_phases), 0.005, random));
    good += pieces.size() == 3 && std::abs(pieces[0].last_epoch - 6) <= 1 &&
            std::abs(pieces[1].last_epoch - 14) <= 2;
  }
  EXPECT_GE(good, 160);
}

// The rate guaranteed by piece_penalty; three standard errors of 1000 curves are 2 %.
TEST(Phases, BreakFewPowerLawsWhateverTheNoise) {
  for (const int epochs : {6, 10, 20, 50}) {
    int broken = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
      RandomStream random(2, i, Purpose::bootstrap, static_cast<std::uint32_t>(epochs));
      const auto law = curve(epochs, [](int epoch) { return 1.5 * std::pow(epoch, -0.4); });
      broken += pieces_of(with_noise(law, i % 2 == 0 ? 0.1 : 0.001, random)).size() > 1;
    }
    EXPECT_LE(broken, 70) << epochs;
  }
}

TEST(Phases, AnExactPowerLawIsOnePiece) {
  const auto pieces = pieces_of(curve(40, [](int epoch) { return 3.0 * std::pow(epoch, -0.5); }));
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_NEAR(pieces[0].slope, -0.5, 1e-9);
  EXPECT_NEAR(pieces[0].fall_per_doubling, 1.0 / std::log2(40.0), 1e-9);
}

TEST(Phases, AStepOfTheLearningRateMakesAJump) {
  const auto pieces = pieces_of(curve(20, [](int epoch) { return epoch <= 10 ? 1.0 : 0.4; }));
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].last_epoch, 10);
  EXPECT_EQ(pieces[0].phase, Phase::plateau);
}

TEST(Phases, ACurveThatHardlyMovesIsAPlateauAndARisingOneARise) {
  EXPECT_EQ(pieces_of(curve(8, [](int epoch) { return 2.303 - 0.001 * epoch; }))[0].phase,
            Phase::plateau);
  EXPECT_EQ(pieces_of(curve(8, [](int epoch) { return 1.0 + 0.1 * epoch; }))[0].phase, Phase::rise);
}

TEST(Phases, OfAFewEpochsAreOnePieceAndOfOneNone) {
  EXPECT_EQ(pieces_of({2.0, 1.0}).size(), 1U);
  EXPECT_EQ(pieces_of({3.0, 1.0, 0.9, 0.8, 0.7}).size(), 1U);
  EXPECT_TRUE(pieces_of({2.0}).empty());
  EXPECT_TRUE(piecewise_linear({}, {}, 3).empty());
}

TEST(Phases, HaveAtLeastTheRequestedEpochs) {
  study::AnalysisSettings settings;
  settings.phase_epochs = 5;
  std::vector<int> epochs;
  for (int epoch = 1; epoch <= 30; ++epoch) epochs.push_back(epoch);
  const auto pieces = curve_pieces(epochs, curve(30, three_training_phases), settings);
  ASSERT_GE(pieces.size(), 2U);
  for (const CurvePiece& piece : pieces) {
    EXPECT_GE(piece.last_epoch - piece.first_epoch, 4);
  }
}

ArchitecturePhases only_row(const Population& population) {
  const auto rows = phases_of(population, selection_of(population), {});
  EXPECT_EQ(rows.size(), 1U);
  return rows.at(0);
}

TEST(Phases, AreThoseOfTheGeometricMeanOfTheReplicates) {
  Population population = one_dataset();
  set_losses(add_run(population, "dnn 4", 0.9), {4.0, 1.0});
  set_losses(add_run(population, "dnn 4", 0.9), {1.0, 0.25});
  const ArchitecturePhases row = only_row(population);
  EXPECT_EQ(row.runs, 2);
  EXPECT_EQ(row.loss.epochs, (std::vector<int>{1, 2}));
  EXPECT_NEAR(row.loss.values[0], 2.0, 1e-12);
  EXPECT_NEAR(row.loss.values[1], 0.5, 1e-12);
}

TEST(Phases, LeaveOutRunsThatDivergedOrLackAnEpochOrHaveNoLoss) {
  Population population = one_dataset();
  set_losses(add_run(population, "dnn 4", 0.9), {2.0, 1.0, 0.5});
  set_losses(add_run(population, "dnn 4", 0.9), {9.0, kNaN, 9.0});
  record::RunRow& gap = add_run(population, "dnn 4", 0.9);
  set_losses(gap, {9.0, 9.0, 9.0});
  gap.result.history.erase(gap.result.history.begin() + 1);
  record::RunRow& diverged = add_run(population, "dnn 4", kNaN);
  set_losses(diverged, {9.0});
  diverged.result.status = record::RunStatus::diverged;
  const ArchitecturePhases row = only_row(population);
  EXPECT_EQ(row.runs, 1);
  EXPECT_NEAR(row.loss.values[0], 2.0, 1e-12);
}

TEST(Phases, CountNoErrorAsHalfAnImage) {
  Population population = one_dataset();
  record::RunRow& run = add_run(population, "dnn 4", 0.9);
  set_losses(run, {0.5, 0.0});
  run.result.history[0].train_accuracy = 0.75;
  run.result.history[1].train_accuracy = 1.0;
  const ArchitecturePhases row = only_row(population);
  EXPECT_NEAR(row.error.values[0], 0.25, 1e-12);
  EXPECT_NEAR(row.error.values[1], 0.5 / 6000, 1e-12);
  EXPECT_GT(row.loss.values[1], 0.0);
}

TEST(Phases, ReportWhyThereAreNone) {
  Population population = one_dataset();
  add_run(population, "dnn 4", kNaN).result.status = record::RunStatus::diverged;
  EXPECT_EQ(only_row(population).missing, "no run finished");
  set_losses(add_run(population, "dnn 4", 0.9), {1.0});
  EXPECT_EQ(only_row(population).missing, "a curve needs two epochs");
  set_losses(add_run(population, "dnn 4", 0.9), {kNaN, 1.0});
  EXPECT_EQ(only_row(population).missing, "no run has a finite loss in every epoch");
}

record::RunRow& add_accuracies(Population& population, const std::vector<double>& accuracies,
                               double test_accuracy = 0.9) {
  record::RunRow& run = add_run(population, "dnn 4", test_accuracy);
  set_losses(run, std::vector<double>(accuracies.size(), 1.0));
  for (std::size_t i = 0; i < accuracies.size(); ++i) {
    run.result.history[i].train_accuracy = accuracies[i];
  }
  return run;
}

TEST(ConvergenceEpoch, IsTheFirstWithNearlyTheFinalTrainingAccuracy) {
  Population population = one_dataset();
  const auto epoch = [&](const std::vector<double>& accuracies) {
    return convergence_epoch(add_accuracies(population, accuracies).result.history, 0.99);
  };
  EXPECT_EQ(epoch({0.5, 0.98, 0.9899, 0.9901, 1.0}), 4);
  EXPECT_EQ(epoch({0.5, 0.6, 0.7}), 3);
  EXPECT_EQ(epoch({0.9, 0.5, 0.7}), 1) << "the accuracy fell again";
  EXPECT_EQ(epoch({0.0, 0.0}), std::nullopt);
  EXPECT_EQ(epoch({0.5, kNaN}), std::nullopt);
  EXPECT_EQ(epoch({kNaN, 0.5}), 2);
  EXPECT_EQ(epoch({}), std::nullopt);
}

TEST(ConvergenceEpoch, OfAnArchitectureIsThatOfItsRunsThatConverged) {
  Population population = one_dataset();
  add_accuracies(population, {0.5, 1.0, 1.0, 1.0});
  add_accuracies(population, {0.5, 0.5, 1.0, 1.0});
  add_accuracies(population, {0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0});
  add_accuracies(population, {0.1, 0.1, 0.1, 0.1}, 0.1);
  add_accuracies(population, {0.5}).result.status = record::RunStatus::diverged;
  const ConvergenceEpochs convergence = only_row(population).convergence;
  EXPECT_EQ(convergence.runs, 3);
  EXPECT_DOUBLE_EQ(convergence.mean, 3.0);
  EXPECT_DOUBLE_EQ(convergence.median, 3.0);
}

TEST(ConvergenceEpoch, IsAbsentIfNoRunConverged) {
  Population population = one_dataset();
  add_accuracies(population, {0.1, 0.1}, 0.1);
  EXPECT_EQ(only_row(population).convergence.runs, 0);
}

TEST(Phases, ComeByParametersThenByText) {
  Population population = one_dataset();
  add_run(population, "dnn 9", 0.9, 300);
  add_run(population, "dnn 7-2", 0.9, 200);
  add_run(population, "dnn 2-7", 0.9, 200);
  const auto rows = phases_of(population, selection_of(population), {});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].architecture, "dnn 2-7");
  EXPECT_EQ(rows[2].architecture, "dnn 9");
}

}  // namespace
}  // namespace minima::analysis
