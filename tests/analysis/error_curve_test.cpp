#include "analysis/sizes/error_curve.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/numbers/random.h"
#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

/// error = a (P / 100)^-b + c at `sizes` sizes, each twice the previous one.
struct PlantedCurve {
  double scale = 0.2;
  double exponent = 0.8;
  double floor = 0.03;
  int sizes = 7;

  [[nodiscard]] double error(double parameters) const {
    return scale * std::pow(parameters / 100, -exponent) + floor;
  }
  [[nodiscard]] double size_at(double error) const {
    return 100 * std::pow(scale / (error - floor), 1 / exponent);
  }
  [[nodiscard]] double largest() const { return 100.0 * (1 << (sizes - 1)); }
};

/// Means of five replicates, with a test-image error shared by all sizes.
std::vector<CurvePoint> points_of(const PlantedCurve& planted, double sd, double images,
                                  RandomStream& stream) {
  std::vector<CurvePoint> points;
  const double shared = stream.normal();
  for (int i = 0; i < planted.sizes; ++i) {
    CurvePoint point{.parameters = 100.0 * (1 << i), .degrees = 4};
    const double error = planted.error(point.parameters);
    point.image_variance = images > 0 ? error * (1 - error) / images : 0.0;
    point.variance = sd * sd / 5;
    point.error = error + sd / std::sqrt(5.0) * stream.normal() +
                  std::sqrt(point.image_variance / 2) * (shared + stream.normal());
    points.push_back(point);
  }
  return points;
}

ErrorCurve fitted_curve(const std::vector<CurvePoint>& points, std::optional<double> target = {}) {
  return error_curve_of(points, {.target_error = target});
}

RandomStream stream_of(int seed) {
  return {9, static_cast<std::uint64_t>(seed), Purpose::random_design};
}

TEST(ErrorCurve, WithoutNoiseIsThePlantedOne) {
  const PlantedCurve planted;
  RandomStream stream = stream_of(1);
  auto points = points_of(planted, 0.0, 0, stream);
  for (CurvePoint& point : points) point.variance = 1e-8;
  const ErrorCurve curve = fitted_curve(points, 0.035);
  ASSERT_EQ(curve.missing, "");
  EXPECT_NEAR(curve.exponent.value, 0.8, 0.01);
  EXPECT_NEAR(curve.floor.value, 0.03, 5e-4);
  EXPECT_NEAR(curve.scale, 0.2, 1e-3);
  EXPECT_EQ(curve.reference, 100.0);
  // 100 (0.2 / 0.005)^(1 / 0.8) = 10,058; 100 (0.2 / 0.01)^(1 / 0.8) = 4229.
  EXPECT_NEAR(curve.target.parameters.value(), planted.size_at(0.035), 500);
  EXPECT_TRUE(curve.target.extrapolated);
  EXPECT_NEAR(curve.near_floor.parameters.value(), planted.size_at(0.04), 100);
  EXPECT_FALSE(curve.near_floor.extrapolated) << "6,400 parameters are trained";
}

TEST(ErrorCurve, NeedsFourSizesWithSkill) {
  RandomStream stream = stream_of(2);
  PlantedCurve planted;
  planted.sizes = 3;
  EXPECT_EQ(fitted_curve(points_of(planted, 0.001, 10'000, stream)).missing,
            "fewer than four sizes have half of the possible skill");
  planted = {.scale = 0.9, .exponent = 0.4, .floor = 0.0, .sizes = 5};
  EXPECT_FALSE(fitted_curve(points_of(planted, 0.001, 10'000, stream)).missing.empty())
      << "errors of 0.9, 0.68 and 0.52 are left out";
}

TEST(ErrorCurve, IsWithheldIfNoPowerLawFits) {
  std::vector<CurvePoint> points;
  for (const double error : {0.3, 0.1, 0.25, 0.1, 0.2}) {
    points.push_back({100.0 * static_cast<double>(points.size() + 1), error, 1e-6, 4, 1e-6});
  }
  EXPECT_EQ(fitted_curve(points).missing, "no power law fits the sizes");
}

TEST(ErrorCurve, LeavesOutTheSmallestSizesWhereOnlyTheOthersFit) {
  RandomStream stream = stream_of(3);
  auto points = points_of({}, 0.001, 100'000, stream);
  points.front().error += 0.1;
  const ErrorCurve curve = fitted_curve(points);
  EXPECT_EQ(curve.missing, "");
  EXPECT_EQ(curve.reference, 200.0);
}

TEST(ErrorCurve, ReportsThatATargetBelowTheFloorIsNotReached) {
  RandomStream stream = stream_of(4);
  const ErrorCurve curve = fitted_curve(points_of({}, 0.0005, 1e7, stream), 0.01);
  ASSERT_EQ(curve.missing, "");
  EXPECT_FALSE(curve.target.parameters);
  EXPECT_FALSE(curve.target.high);
  EXPECT_GT(curve.target.low, 6400.0);
}

TEST(ErrorCurve, HasAnOpenEndIfTheFloorIsUnknown) {
  RandomStream stream = stream_of(5);
  const PlantedCurve straight{.scale = 0.3, .exponent = 0.3, .floor = 0.0, .sizes = 5};
  const ErrorCurve curve = fitted_curve(points_of(straight, 0.01, 2000, stream), 0.02);
  ASSERT_EQ(curve.missing, "");
  EXPECT_EQ(curve.floor.low, 0.0);
  EXPECT_FALSE(curve.target.high);
}

/// Counts how often 95 % intervals miss a planted value.
TEST(ErrorCurve, IntervalsHoldThePlantedValues) {
  constexpr int kPopulations = 120;
  const PlantedCurve planted;
  int exponent = 0;
  int floor = 0;
  int target = 0;
  int near = 0;
  int fitted = 0;
  for (int seed = 0; seed < kPopulations; ++seed) {
    RandomStream stream = stream_of(100 + seed);
    const ErrorCurve curve = fitted_curve(points_of(planted, 0.005, 10'000, stream), 0.035);
    if (!curve.missing.empty()) continue;
    ++fitted;
    const auto misses = [](double truth, std::optional<double> low, std::optional<double> high) {
      return (low && truth < *low) || (high && truth > *high);
    };
    exponent += misses(planted.exponent, curve.exponent.low, curve.exponent.high);
    floor += misses(planted.floor, curve.floor.low, curve.floor.high);
    target += misses(planted.size_at(0.035), curve.target.low, curve.target.high);
    near += misses(planted.size_at(0.04), curve.near_floor.low, curve.near_floor.high);
  }
  EXPECT_GE(fitted, kPopulations - 6);
  for (const int missed : {exponent, floor, target, near}) {
    EXPECT_GE(binomial_upper_tail(missed, fitted, 0.05), 0.001) << missed << " of " << fitted;
  }
}

}  // namespace
}  // namespace minima::analysis
