#include "statistics/estimates/accuracy_interval.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "statistics/distributions.h"

namespace minima {
namespace {

using Row = std::vector<std::uint8_t>;

TwoWaySums sums_of(const std::vector<Row>& rows) {
  TwoWaySums sums(rows.front().size());
  for (const Row& row : rows) sums.add(row);
  return sums;
}

TEST(WilsonInterval, MatchesThePublishedLimits) {
  // Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
  const auto expect = [](double successes, double trials, double low, double high) {
    const ProportionInterval limits = wilson_of_share(successes / trials, trials, 0.95);
    EXPECT_NEAR(limits.low, low, 5e-5);
    EXPECT_NEAR(limits.high, high, 5e-5);
  };
  expect(81, 263, 0.2553, 0.3662);
  expect(15, 148, 0.0624, 0.1605);
  expect(0, 20, 0.0, 0.1611);
  expect(1, 29, 0.0061, 0.1718);
}

TEST(TwoWay, MatchesAHandCalculation) {
  // Row means 3/4, 1/2; column means 1, 1/2, 1, 0; grand mean 5/8. Sums of squares: rows
  // 4 (1/64 + 1/64) = 1/8; columns 2 (9 + 1 + 9 + 25) / 64 = 11/8; total 5 - 8 * 25/64 = 15/8; rest
  // 3/8.
  const TwoWay table = sums_of({{1, 1, 1, 0}, {1, 0, 1, 0}}).result();
  EXPECT_DOUBLE_EQ(table.mean, 5.0 / 8);
  EXPECT_DOUBLE_EQ(table.replicate_mean_square, 1.0 / 8);
  EXPECT_DOUBLE_EQ(table.image_mean_square, 11.0 / 24);
  EXPECT_DOUBLE_EQ(table.rest_mean_square, 1.0 / 8);
  EXPECT_DOUBLE_EQ(table.seeds_variance(), 1.0 / 64);
  EXPECT_DOUBLE_EQ(table.images_variance(), 1.0 / 24);
  // The sample variance of 3/4 and 1/2; the four images explain all of it.
  EXPECT_DOUBLE_EQ(table.observed_spread_variance(), 1.0 / 32);
  EXPECT_NEAR(table.true_spread_variance(), 0.0, 1e-15);
}

TEST(TwoWay, TrueSpreadMatchesJordan) {
  // N / (N - 1) (s^2 - W / N), where s^2 is the variance of the replicates' accuracies and W the
  // mean over images of the variance of their outcomes.
  const std::vector<Row> rows = {{1, 1, 1, 1, 0}, {1, 1, 0, 1, 1}, {0, 0, 0, 1, 0}};
  const TwoWay table = sums_of(rows).result();
  const double s2 = 0.12;                                       // of 0.8, 0.8, 0.2
  const double within = (1.0 + 1.0 + 1.0 + 0.0 + 1.0) / 3 / 5;  // 1/3 if one of three differs
  EXPECT_NEAR(table.observed_spread_variance(), s2, 1e-12);
  EXPECT_NEAR(table.true_spread_variance(), 5.0 / 4 * (s2 - within / 5), 1e-12);
}

TEST(TwoWay, RejectsADifferentNumberOfImages) {
  TwoWaySums sums(3);
  EXPECT_THROW(sums.add(Row{1, 0}), std::invalid_argument);
}

TEST(AccuracyInterval, CoversBothParts) {
  const std::vector<double> accuracies = {0.94, 0.95, 0.96};
  const AccuracyInterval interval = accuracy_interval(accuracies, 1000, 0.95);
  EXPECT_NEAR(interval.mean, 0.95, 1e-12);
  EXPECT_NEAR(interval.se_seeds, 0.01 / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(interval.se_images, std::sqrt(0.95 * 0.05 / 1000), 1e-12);
  // The interval is wider than either part alone.
  const double seeds_only = student_t_quantile(0.95, 2) * interval.se_seeds;
  const ProportionInterval images_only = wilson_of_share(0.95, 1000.0, 0.95);
  EXPECT_GT(interval.high - interval.low, 2 * seeds_only);
  EXPECT_GT(interval.high - interval.low, images_only.high - images_only.low);
}

TEST(AccuracyInterval, OfOneReplicateCoversTheImagesOnly) {
  const double accuracy = 81.0 / 263;
  const AccuracyInterval interval = accuracy_interval(std::vector<double>{accuracy}, 263, 0.95);
  EXPECT_NEAR(interval.low, 0.2553, 5e-5);
  EXPECT_NEAR(interval.high, 0.3662, 5e-5);
  EXPECT_TRUE(std::isnan(interval.se_seeds));
}

TEST(AccuracyInterval, WithoutErrorsHasPositiveWidth) {
  const AccuracyInterval interval = accuracy_interval(std::vector<double>(5, 1.0), 1000, 0.95);
  EXPECT_DOUBLE_EQ(interval.high, 1.0);
  // Wilson's limit for 1000 of 1000: N / (N + z^2).
  EXPECT_NEAR(interval.low, 1000 / (1000 + 3.8414588), 1e-7);
  const TwoWay table = sums_of({Row(1000, 1), Row(1000, 1)}).result();
  EXPECT_NEAR(accuracy_interval(table, 0.95).low, interval.low, 1e-12);
}

TEST(AccuracyInterval, StaysBetweenZeroAndOne) {
  for (const double spread : {0.0, 0.1, 0.45}) {
    const std::vector<double> accuracies = {0.5 - spread, 0.5, 0.5 + spread, 1.0};
    const AccuracyInterval interval = accuracy_interval(accuracies, 50, 0.99);
    EXPECT_GE(interval.low, 0.0);
    EXPECT_LE(interval.low, interval.mean);
    EXPECT_GE(interval.high, interval.mean);
    EXPECT_LE(interval.high, 1.0);
  }
}

TEST(AccuracyInterval, UsesWhichImagesReplicatesFailOn) {
  Row first(1000, 1), second(1000, 1);
  for (std::size_t j = 0; j < 50; ++j) first[j] = second[500 + j] = 0;
  const AccuracyInterval apart = accuracy_interval(sums_of({first, second}).result(), 0.95);
  const AccuracyInterval same = accuracy_interval(sums_of({first, first}).result(), 0.95);
  const AccuracyInterval unknown = accuracy_interval(std::vector<double>{0.95, 0.95}, 1000, 0.95);
  EXPECT_NEAR(same.low, unknown.low, 1e-5);
  EXPECT_LT(apart.se_images, 0.5 * unknown.se_images);
}

TEST(AccuracyDifference, IsPairedOverImages) {
  Row better(1000, 1), worse(1000, 1);
  for (std::size_t j = 0; j < 100; ++j) better[j] = worse[j] = 0;
  for (std::size_t j = 100; j < 120; ++j) worse[j] = 0;
  const auto paired = accuracy_difference(sums_of({better, better}), sums_of({worse, worse}), 0.95);
  EXPECT_NEAR(paired.mean, 0.02, 1e-12);
  // 20 of the differences are 1 and 980 are 0; one more image gives 0.02 * 0.98 * 1000 + 1.
  EXPECT_NEAR(paired.se_images, std::sqrt(0.02 * 0.98 * 1000 + 1) / 1001, 1e-5);
  const auto unpaired = accuracy_difference(std::vector<double>{0.9, 0.9},
                                            std::vector<double>{0.88, 0.88}, 1000, 0.95);
  EXPECT_GT(unpaired.se_images, 3 * paired.se_images);
}

TEST(AccuracyDifference, WithoutDiscordantImagesHasPositiveWidth) {
  const auto none = accuracy_difference(sums_of({Row(1000, 0)}).result(), 0.95);
  EXPECT_DOUBLE_EQ(none.mean, 0.0);
  EXPECT_NEAR(none.high, 1.959964 / 1001, 1e-8);
  EXPECT_NEAR(none.low, -none.high, 1e-15);
}

TEST(AccuracyDifference, OfOneReplicateBorrowsTheSpreadOfTheOtherSide) {
  const std::vector<double> five = {0.93, 0.94, 0.95, 0.96, 0.97};
  const auto found = accuracy_difference(five, std::vector<double>{0.9}, 1000, 0.95);
  EXPECT_NEAR(found.se_seeds, std::sqrt(0.00025 * (1.0 / 5 + 1)), 1e-12);
  const auto unknown =
      accuracy_difference(std::vector<double>{0.95}, std::vector<double>{0.9}, 1000, 0.95);
  EXPECT_TRUE(std::isnan(unknown.se_seeds));
  EXPECT_LT(unknown.high - unknown.low, found.high - found.low);
}

TEST(MeanDifference, OfOnePairIsItsDifference) {
  const Row wrong_first(100, 1);
  Row a(100, 1), b(100, 1);
  for (std::size_t j = 0; j < 10; ++j) a[j] = 0;
  for (std::size_t j = 5; j < 25; ++j) b[j] = 0;
  const TwoWaySums first = sums_of({a, wrong_first});
  const TwoWaySums second = sums_of({b, b, a});
  const AccuracyDifference alone = accuracy_difference(first, second, 0.95);
  const AccuracyDifference mean =
      mean_difference(std::vector<OutcomePair>{{&first, &second}}, {}, 0.95);
  EXPECT_NEAR(mean.mean, alone.mean, 1e-12);
  EXPECT_NEAR(mean.low, alone.low, 1e-12);
  EXPECT_NEAR(mean.high, alone.high, 1e-12);

  const AccuracyPair accuracies{{0.9, 0.92}, {0.85, 0.86, 0.9}};
  const AccuracyDifference rough =
      accuracy_difference(accuracies.first, accuracies.second, 1000, 0.95);
  const AccuracyDifference rough_mean =
      mean_difference(std::vector<AccuracyPair>{accuracies}, {}, 1000, 0.95);
  EXPECT_NEAR(rough_mean.low, rough.low, 1e-12);
  EXPECT_NEAR(rough_mean.high, rough.high, 1e-12);
}

TEST(MeanDifference, DoesNotCountTheSameImagesTwice) {
  // Equal pairs on the same images know no more about images than one pair does.
  Row better(1000, 1), worse(1000, 1);
  for (std::size_t j = 0; j < 20; ++j) worse[j] = 0;
  const TwoWaySums first = sums_of({better, better});
  const TwoWaySums second = sums_of({worse, worse});
  const std::vector<OutcomePair> four(4, OutcomePair{&first, &second});
  EXPECT_NEAR(mean_difference(four, {}, 0.95).se_images,
              accuracy_difference(first, second, 0.95).se_images, 1e-12);
}

TEST(MeanDifference, AveragesTheChanceOfTraining) {
  // Four pairs with the variance v/2 + v/2 = v of a difference, v = 0.0002: v/4 of the mean, with
  // 4 * 2 degrees of freedom.
  const AccuracyPair pair{{0.89, 0.91}, {0.79, 0.81}};
  const AccuracyDifference mean =
      mean_difference(std::vector<AccuracyPair>(4, pair), {}, 1'000'000, 0.95);
  EXPECT_NEAR(mean.mean, 0.1, 1e-12);
  EXPECT_NEAR(mean.se_seeds, std::sqrt(0.0002 / 4), 1e-9);
  const double half = student_t_quantile(0.95, 8) * std::sqrt(0.0002 / 4);
  EXPECT_NEAR(mean.high - mean.mean, half, 1e-4);
}

TEST(MeanDifference, IsWiderIfReplicatesAreGoodOrBadTogether) {
  // In all four pairs the second replicate is the better one, by 2 points on both sides: the mean
  // of replicates varies like one pair does.
  const std::vector<AccuracyPair> four(4, AccuracyPair{{0.89, 0.91}, {0.79, 0.81}});
  const ReplicateMeans together{{-0.01, 0.01}, {-0.01, 0.01}};
  const AccuracyDifference mean = mean_difference(four, together, 1'000'000, 0.95);
  EXPECT_NEAR(mean.se_seeds, std::sqrt(0.0002), 1e-9);
  EXPECT_NEAR(mean.high - mean.mean, student_t_quantile(0.95, 2) * std::sqrt(0.0002), 1e-4);
}

TEST(MeanDifference, SaysThatOneRunOnBothSidesLeavesOutTraining) {
  const AccuracyPair known{{0.9, 0.92}, {0.8, 0.82}};
  const AccuracyPair unknown{{0.9}, {0.8}};
  EXPECT_TRUE(std::isnan(
      mean_difference(std::vector<AccuracyPair>{known, unknown}, {}, 1000, 0.95).se_seeds));
  EXPECT_THROW(static_cast<void>(mean_difference(std::vector<AccuracyPair>{}, {}, 1000, 0.95)),
               std::invalid_argument);
}

TEST(Resolution, IsHalfTheWidthOfAnInterval) {
  // Agresti and Coull: fraction (950 + 1.9207) / 1003.8415 = 0.948278, so that 1.959964
  // sqrt(0.948278 x 0.051722 / 1003.8415) = 0.013700.
  EXPECT_NEAR(resolution_of(1000, 0.95, 0.95), 0.013700, 1e-6);
  EXPECT_GT(resolution_of(1000, 1.0, 0.95), 0.001);  // not zero, although no error was seen
  // 1.96^2 x 0.0475 / 0.005^2 = 7,299, and a few more with Agresti and Coull.
  EXPECT_EQ(images_to_resolve(0.005, 0.95, 0.95), 7400);
  const auto tolerance = unresolved_tolerance(0.01, 1000, 0.95, 0.95);
  ASSERT_TRUE(tolerance);
  EXPECT_LE(resolution_of(tolerance->images_needed, 0.95, 0.95), 0.01);
  EXPECT_FALSE(unresolved_tolerance(0.01, tolerance->images_needed, 0.95, 0.95));
  EXPECT_FALSE(unresolved_tolerance(0.0, 1000, 0.95, 0.95));
}

}  // namespace
}  // namespace minima
