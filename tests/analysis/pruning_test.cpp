#include "analysis/compression/pruning.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/numbers/random.h"
#include "planted_variants.h"
#include "quick_settings.h"
#include "record/run_result.h"
#include "record/variant.h"

namespace minima::analysis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<PruningCurve> curves_of(const Population& population) {
  std::vector<PruningCurve> curves;
  for (const CompressedFamily& family : compressed_runs_of(population, quick())) {
    for (PruningCurve& curve : pruning_curves(family, quick())) curves.push_back(std::move(curve));
  }
  return curves;
}

TEST(PruningCurves, HaveThePlantedRedundancyAndMeans) {
  Population population = one_dataset();
  for (const double redundancy : {0.5, 0.6, 0.7}) {
    add_pruned_run(population, "dnn 8", 0.97, default_sparsities(), line_through(redundancy, 0.97));
  }
  const auto curves = curves_of(population);
  ASSERT_THAT(curves, SizeIs(1));
  const PruningCurve& curve = curves[0];
  EXPECT_EQ(curve.architecture, "dnn 8");
  EXPECT_EQ(curve.protocol, kOneShot);
  EXPECT_EQ(curve.runs, 3);
  EXPECT_NEAR(curve.redundancy.estimate.mean, 0.6, 1e-9);
  EXPECT_NEAR(*curve.redundancy.estimate.sd, 0.1, 1e-9);
  EXPECT_EQ(curve.redundancy.beyond, 0);
  ASSERT_THAT(curve.points, SizeIs(12));
  const PruningPoint& point = curve.points[8];  // target 0.9
  EXPECT_EQ(point.asked, 0.9);
  EXPECT_NEAR(point.sparsity, 0.9, 1e-9);
  EXPECT_EQ(point.accuracy.runs, 3);
  EXPECT_NEAR(point.loss, 0.07, 1e-9);
  EXPECT_NEAR(point.accuracy.mean, 0.9, 1e-9);
  EXPECT_NEAR(point.accuracy.max - point.accuracy.min, 0.04, 1e-9);
  EXPECT_NEAR(point.packed_bytes, 40'000, 1e-6);
}

// Skill is 0.97 - 0.1 = 0.87, so 0.01 / 0.87 would be a negligible loss of skill. The noise of 1000
// test images is larger: 2 sqrt(0.03 / 1000) / 0.87.
TEST(PruningCurves, HaveTheRedundancyOfSkill) {
  Population population = one_dataset();
  add_pruned_run(population, "dnn 8", 0.97, default_sparsities(), line_through(0.6, 0.97));
  const PruningCurve curve = curves_of(population).at(0);
  EXPECT_EQ(curve.stable_runs, 1);
  EXPECT_NEAR(curve.skill_tolerance, 2.0 * std::sqrt(0.03 / 1000.0) / 0.87, 1e-9);
  EXPECT_NEAR(curve.points[8].skill_loss.value(), 0.07 / 0.87, 1e-9);
  const double lost = curve.skill_tolerance * 0.87;  // in accuracy
  EXPECT_NEAR(curve.skill_redundancy.estimate.mean, 0.6 + (lost - 0.01) / 0.2, 1e-9);
}

TEST(PruningCurves, AreStableWhereMostRunsAreNearlyAsGoodAsTheBest) {
  Population population = one_dataset();
  const auto none = [](double) { return 0.1; };
  add_pruned_run(population, "dnn 64", 0.9, {0.5}, none);
  for (const double accuracy : {0.83, 0.83, 0.3}) {
    add_pruned_run(population, "dnn 8", accuracy, {0.5}, none);  // 0.82 is 90 % of the best skill
  }
  for (const double accuracy : {0.83, 0.3}) {
    add_pruned_run(population, "dnn 4", accuracy, {0.5}, none);
  }
  const auto curves = curves_of(population);
  ASSERT_THAT(curves, SizeIs(3));
  EXPECT_EQ(curves[0].architecture, "dnn 4");
  EXPECT_EQ(curves[0].stable_runs, 0);
  EXPECT_EQ(curves[1].stable_runs, 1);
  EXPECT_EQ(curves[2].stable_runs, 2);
  EXPECT_EQ(curves[2].runs, 3);
}

TEST(PruningCurves, LoseSkillInStableRunsAlone) {
  Population population = one_dataset();
  for (const double dense : {0.95, 0.95, 0.3}) {
    add_pruned_run(population, "dnn 8", dense, {0.5}, [&](double) { return dense - 0.17; });
  }
  const PruningCurve curve = curves_of(population).at(0);
  EXPECT_EQ(curve.stable_runs, 2);
  EXPECT_NEAR(curve.points[0].skill_loss.value(), 0.17 / 0.85, 1e-9);
}

TEST(PruningCurves, GoByTheSparsityAchieved) {
  Population population = one_dataset();
  const std::string id = add_run(population, "dnn 8", 0.97).id;
  record::Variant less = pruned(0.9, 0.95);
  less.kept = kPlantedWeights / 2;
  add_variant(population, id, less);
  const PruningCurve curve = curves_of(population).at(0);
  EXPECT_EQ(curve.points[0].sparsity, 0.5);
  EXPECT_NEAR(curve.redundancy.estimate.mean, 0.25, 1e-9);
}

TEST(PruningCurves, CompareEachRunWithItself) {
  Population population = one_dataset();
  add_pruned_run(population, "dnn 8", 0.9, {0.5}, [](double) { return 0.9; });
  add_pruned_run(population, "dnn 8", 0.98, {0.5}, [](double) { return 0.98; });
  const PruningCurve curve = curves_of(population).at(0);
  EXPECT_NEAR(curve.points[0].loss, 0.0, 1e-12);
  EXPECT_EQ(curve.redundancy.beyond, 2);
}

TEST(PruningCurves, LeaveOutRunsThatDidNotLearnOrAreNotThere) {
  Population population = one_dataset();
  const auto keep = [](double) { return 0.1; };
  add_pruned_run(population, "dnn 8", 0.1, {0.5}, keep);   // guesses
  add_pruned_run(population, "dnn 8", kNan, {0.5}, keep);  // diverged
  population.runs.back().result.status = record::RunStatus::diverged;
  add_variant(population, "of another store", pruned(0.5, 0.9));
  EXPECT_THAT(curves_of(population), IsEmpty());
}

TEST(PruningCurves, OfNetworksWithoutANumberCountWithTheLargestClass) {
  Population population = one_dataset();
  add_pruned_run(population, "dnn 8", 0.91, {0.5}, [](double) { return kNan; });
  const PruningCurve curve = curves_of(population).at(0);
  EXPECT_NEAR(curve.points[0].accuracy.mean, 0.1, 1e-12);
  EXPECT_NEAR(curve.redundancy.estimate.mean, 0.5 * 0.01 / 0.81, 1e-9);
}

TEST(PruningCurves, OfProtocolsAndTensorsStandApart) {
  Population population = one_dataset();
  const std::string id = add_run(population, "dnn 8", 0.97).id;
  add_variant(population, id, pruned(0.5, 0.96));
  add_variant(population, id, pruned(0.5, 0.95, "one-shot layer magnitude"));
  record::Variant sensitive = pruned(0.01, 0.5, "one-shot one-layer magnitude");
  sensitive.tensor = "fc1.weight";
  sensitive.tensors = {{"fc1.weight", 1000, 250}, {"fc2.weight", 99'000, 99'000}};
  add_variant(population, id, sensitive);
  record::Variant both = pruned(0.5, 0.9);
  both.quantization = kPtq;
  add_variant(population, id, both);
  const auto curves = curves_of(population);
  ASSERT_THAT(curves, SizeIs(3)) << "what is quantized too is no part of a pruning curve";
  EXPECT_EQ(curves[2].tensor, "fc1.weight");
  EXPECT_EQ(curves[2].points[0].sparsity, 0.75) << "of the tensor";
}

TEST(PruningCurves, OfOneRunAndOneSparsityAreAnswered) {
  Population population = one_dataset();
  add_pruned_run(population, "dnn 8", 0.97, {0.5}, [](double) { return 0.97; });
  const PruningCurve curve = curves_of(population).at(0);
  EXPECT_FALSE(curve.redundancy.estimate.low);
  EXPECT_FALSE(curve.points[0].accuracy.sd);
  EXPECT_EQ(curve.phases.flat_until, 0.5);
  EXPECT_EQ(curve.redundancy.beyond, 1);
}

/// Depths 1 to 4 with widths 8 and 32; redundancy is `of(depth, width)` with noise.
std::vector<DepthEffect> effects_of(const std::function<double(int, int)>& of, double noise,
                                    std::uint64_t seed) {
  RandomStream random(seed, 3, Purpose::random_design);
  Population population = one_dataset();
  for (int depth = 1; depth <= 4; ++depth) {
    for (const int width : {8, 16, 32}) {
      const double mean = of(depth, width) + noise * random.normal();
      const std::vector<int> widths(static_cast<std::size_t>(depth), width);
      for (int run = 0; run < 2; ++run) {
        add_pruned_run(population, fmt::format("dnn {}", fmt::join(widths, "-")), 0.97, {0.3, 0.9},
                       line_through(mean + 0.01 * random.normal(), 0.97), 100 * depth * width);
      }
    }
  }
  add_pruned_run(population, "dnn 8-4", 0.97, {0.3, 0.9}, line_through(0.1, 0.97));
  add_pruned_run(population, "dnn linear", 0.97, {0.3, 0.9}, line_through(0.1, 0.97));
  const auto families = compressed_runs_of(population, quick());
  return depth_effects(pruning_curves(families.at(0), quick()), families[0], quick());
}

TEST(DepthEffect, ThatWasPlantedIsFound) {
  const auto effects = effects_of([](int depth, int) { return 0.4 + 0.1 * depth; }, 0.01, 1);
  ASSERT_THAT(effects, SizeIs(1));
  ASSERT_THAT(effects[0].depths, SizeIs(4)) << "unequal widths and no hidden layer stay out";
  EXPECT_EQ(effects[0].depths[0].architectures, 3);
  EXPECT_EQ(effects[0].depths[0].runs, 6);
  EXPECT_NEAR(effects[0].depths[3].mean, 0.8, 0.02);
  EXPECT_GT(effects[0].all->rho, 0.9);
  EXPECT_EQ(effects[0].all->observations, 12U);
  EXPECT_LT(effects[0].all->p, 0.01);
}

TEST(DepthEffect, IsClearerWithinWidths) {
  // Width has four times the effect of depth.
  const auto effects =
      effects_of([](int depth, int width) { return 0.2 + 0.015 * width + 0.03 * depth; }, 0.0, 1);
  EXPECT_GT(effects.at(0).of_width->rho, effects[0].all->rho);
  EXPECT_LT(effects[0].of_width->p, 0.05);
  EXPECT_GT(effects[0].all->p, 0.05);
}

TEST(DepthEffect, IsSignificantAtTheNominalRateIfThereIsNone) {
  int all = 0;
  int of_width = 0;
  constexpr int kPopulations = 300;
  for (int i = 0; i < kPopulations; ++i) {
    const auto effects =
        effects_of([](int, int) { return 0.6; }, 0.05, static_cast<std::uint64_t>(i));
    if (effects.at(0).all->p <= 0.05) ++all;
    if (effects[0].of_width->p <= 0.05) ++of_width;
  }
  // 15 of 300 are expected, with a standard error of 3.8.
  EXPECT_NEAR(all, 15, 12);
  EXPECT_NEAR(of_width, 15, 12);
}

TEST(DepthEffect, IsOfStableArchitecturesAlone) {
  Population population = one_dataset();
  add_pruned_run(population, "dnn 8", 0.97, {0.3, 0.9}, line_through(0.3, 0.97));
  add_pruned_run(population, "dnn 9-9", 0.97, {0.3, 0.9}, line_through(0.5, 0.97));
  add_pruned_run(population, "dnn 1-1", 0.25, {0.3, 0.9}, [](double) { return 0.25; });
  add_pruned_run(population, "dnn 1-1-1", 0.25, {0.3, 0.9}, [](double) { return 0.25; });
  const auto families = compressed_runs_of(population, quick());
  const auto effects = depth_effects(pruning_curves(families.at(0), quick()), families[0], quick());
  ASSERT_THAT(effects, SizeIs(1));
  ASSERT_THAT(effects[0].depths, SizeIs(2));
  EXPECT_EQ(effects[0].depths[1].depth, 2);
  EXPECT_EQ(effects[0].depths[1].architectures, 1) << "without dnn 1-1";
  // Here a tolerance of 0.01 is an accuracy loss of 0.0087.
  EXPECT_NEAR(effects[0].depths[1].mean, 0.5 - 0.0013 / 0.2, 0.02);
}

TEST(DepthEffect, NeedsTwoDepths) {
  Population population = one_dataset();
  add_pruned_run(population, "dnn 8-8", 0.97, {0.5}, line_through(0.3, 0.97));
  add_pruned_run(population, "dnn 9-9", 0.97, {0.5}, line_through(0.4, 0.97));
  const auto families = compressed_runs_of(population, quick());
  EXPECT_THAT(depth_effects(pruning_curves(families.at(0), quick()), families[0], quick()),
              IsEmpty());
}

}  // namespace
}  // namespace minima::analysis
