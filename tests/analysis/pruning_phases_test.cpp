#include "analysis/compression/pruning_phases.h"

#include <gtest/gtest.h>

#include "core/numbers/random.h"
#include "planted_variants.h"

namespace minima::analysis {
namespace {

constexpr AccuracyScale kScale{.chance = 0.1, .least_error = 0.00005};
constexpr double kTolerance = 0.01;

std::vector<AccuracyPoint> pruning_curve_of(const std::function<double(double)>& accuracy_at,
                                            double noise = 0.0, std::uint64_t seed = 0) {
  RandomStream random(seed, 7, Purpose::random_design);
  std::vector<AccuracyPoint> curve{{0.0, accuracy_at(0.0)}};
  for (const double s : default_sparsities()) {
    curve.push_back({s, accuracy_at(s) + noise * random.normal()});
  }
  return curve;
}

PruningPhases phases_of(const std::vector<AccuracyPoint>& curve) {
  return pruning_phases(curve, kScale, kTolerance);
}

/// 0.97 up to a sparsity of 0.5, falling to 0.85 at 0.8 and to 0.1 at 0.95.
double three_pruning_phases(double s) {
  if (s <= 0.5) return 0.97;
  if (s <= 0.8) return 0.97 - 0.4 * (s - 0.5);
  return std::max(0.1, 0.85 - 5.0 * (s - 0.8));
}

TEST(PruningPhases, OfAPlantedCurveAreFound) {
  const PruningPhases phases = phases_of(pruning_curve_of(three_pruning_phases));
  ASSERT_GE(phases.pieces.size(), 3U);
  EXPECT_EQ(phases.pieces[0].phase, PruningPhase::flat);
  EXPECT_EQ(phases.pieces[1].phase, PruningPhase::decline);
  EXPECT_EQ(phases.pieces.back().phase, PruningPhase::collapse);
  EXPECT_EQ(phases.flat_until, 0.5);
  EXPECT_EQ(phases.collapse_from, 0.9);
}

TEST(PruningPhases, OfNoisyCurvesAreFoundWithinOneSparsity) {
  int flat = 0;
  int collapse = 0;
  constexpr int kCurves = 200;
  for (int i = 0; i < kCurves; ++i) {
    const PruningPhases phases =
        phases_of(pruning_curve_of(three_pruning_phases, 0.002, static_cast<std::uint64_t>(i)));
    if (phases.flat_until && std::abs(*phases.flat_until - 0.5) < 0.11) ++flat;
    if (phases.collapse_from && std::abs(*phases.collapse_from - 0.85) < 0.06) ++collapse;
  }
  EXPECT_GE(flat, kCurves * 95 / 100);
  EXPECT_GE(collapse, kCurves * 95 / 100);
}

TEST(PruningPhases, OfACurveThatOnlyTremblesAreFlat) {
  int flat = 0;
  constexpr int kCurves = 200;
  for (int i = 0; i < kCurves; ++i) {
    const auto phases = phases_of(
        pruning_curve_of([](double) { return 0.97; }, 0.003, static_cast<std::uint64_t>(i)));
    if (phases.flat_until == 0.99 && !phases.collapse_from) ++flat;
  }
  EXPECT_GE(flat, kCurves * 95 / 100);
}

TEST(PruningPhases, OfAStraightFallAreADecline) {
  const PruningPhases phases =
      phases_of(pruning_curve_of([](double s) { return 0.97 - 0.87 * s; }));
  for (const PruningPiece& piece : phases.pieces) {
    EXPECT_EQ(piece.phase, PruningPhase::decline);
    EXPECT_NEAR(piece.fall, 1.0, 0.2);
  }
  EXPECT_FALSE(phases.flat_until || phases.collapse_from);
}

TEST(PruningPhases, BehindACliffAreACollapse) {
  const PruningPhases phases =
      phases_of(pruning_curve_of([](double s) { return s < 0.75 ? 0.97 : 0.1; }));
  EXPECT_EQ(phases.flat_until, 0.7);
  EXPECT_EQ(phases.collapse_from, 0.8);
}

TEST(PruningPhases, DoNotReturnToFlatAfterADecline) {
  const auto dip = [](double s) { return s > 0.35 && s < 0.65 ? 0.9 : 0.97; };
  const PruningPhases phases = phases_of(pruning_curve_of(dip));
  EXPECT_EQ(phases.flat_until, 0.3);
  EXPECT_EQ(phases.pieces.back().phase, PruningPhase::decline);
  EXPECT_FALSE(phases.collapse_from);
}

TEST(PruningPhases, OfAPieceThatLeavesTheToleranceBeginFlatWhereItsPointsDo) {
  // Five points cannot be split by slope.
  const std::vector<AccuracyPoint> curve{
      {0.0, 0.97}, {0.2, 0.97}, {0.4, 0.968}, {0.6, 0.9}, {0.8, 0.85}};
  const PruningPhases phases = phases_of(curve);
  ASSERT_EQ(phases.pieces.size(), 2U);
  EXPECT_EQ(phases.flat_until, 0.4);
  EXPECT_EQ(phases.pieces[1].phase, PruningPhase::decline);
  EXPECT_EQ(phases.pieces[1].first_sparsity, 0.4);
}

TEST(PruningPhases, OfFewPointsAreOnePieceOrNone) {
  EXPECT_TRUE(phases_of({}).pieces.empty());
  EXPECT_TRUE(phases_of({{0.0, 0.97}}).pieces.empty());
  const std::vector<AccuracyPoint> two{{0.0, 0.97}, {0.5, 0.97}};
  EXPECT_EQ(phases_of(two).flat_until, 0.5);
  const std::vector<AccuracyPoint> fallen{{0.0, 0.97}, {0.4, 0.1}};
  EXPECT_EQ(phases_of(fallen).collapse_from, 0.0);
}

TEST(PruningPhases, OfANetworkWithoutSkillAreStillAnswered) {
  const std::vector<AccuracyPoint> curve{{0.0, 0.1}, {0.5, 0.1}, {0.9, 0.1}};
  EXPECT_EQ(phases_of(curve).flat_until, 0.9);
}

}  // namespace
}  // namespace minima::analysis
