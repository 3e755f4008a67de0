// Cases without an oracle; measures_parity_test.py compares the others with scikit-learn.
#include <gtest/gtest.h>

#include <cmath>

#include "measure/principal_components.h"
#include "measure/separation.h"
#include "measure/tsne.h"

namespace minima::measure {
namespace {

// Two clusters of points, ten apart.
Points two_heaps(std::size_t each) {
  RandomStream random(1, 0, Purpose::weight_statistics);
  Points points{2 * each, 3, {}};
  for (std::size_t i = 0; i < points.count; ++i) {
    for (int k = 0; k < 3; ++k) {
      points.values.push_back(static_cast<float>(random.normal() + (i < each ? 0.0 : 10.0)));
    }
  }
  return points;
}

std::vector<float> roots(std::vector<float> squares) {
  for (float& square : squares) square = std::sqrt(square);
  return squares;
}

TEST(PrincipalComponents, OfEqualPointsAreZero) {
  const Plane plane = principal_components({4, 2, {1, 2, 1, 2, 1, 2, 1, 2}});
  EXPECT_EQ(plane.explained[0], 0.0);
  for (const auto& score : plane.scores) EXPECT_EQ(score[0], 0.0);
}

TEST(PrincipalComponents, OfOnePointAreZero) {
  EXPECT_EQ(principal_components({1, 2, {1, 2}}).scores.size(), 1U);
}

TEST(PrincipalComponents, OfALineHaveNoSecondComponent) {
  const Plane plane = principal_components({3, 2, {0, 0, 3, 4, 6, 8}});
  EXPECT_NEAR(plane.explained[0], 1.0, 1e-12);
  EXPECT_NEAR(plane.explained[1], 0.0, 1e-12);
  EXPECT_NEAR(std::abs(plane.scores[0][0]), 5.0, 1e-9);
}

TEST(PrincipalCoordinates, AreTheComponentsOfPointsKnownByTheirDistances) {
  const Points points = two_heaps(20);
  const Plane expected = principal_components(points);
  const Plane plane = principal_coordinates(squared_distances(points), points.count);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(plane.explained[k], expected.explained[k], 1e-6);
    for (std::size_t i = 0; i < points.count; ++i) {
      EXPECT_NEAR(plane.scores[i][k], expected.scores[i][k], 1e-3);
    }
  }
}

TEST(Distances, EqualPlainSumsOfSquares) {
  RandomStream random(2, 0, Purpose::weight_statistics);
  Points a{35, 9001, {}};
  Points b{18, 9001, {}};
  for (std::size_t i = 0; i < a.count * a.dimensions; ++i) {
    a.values.push_back(static_cast<float>(random.normal()));
    if (i < b.count * b.dimensions) b.values.push_back(static_cast<float>(random.normal()));
  }
  constexpr std::size_t kStride = 20;
  std::vector<float> sums(a.count * kStride, 1.0F);
  add_squared_distances(a, b, sums.data(), kStride);
  for (std::size_t i = 0; i < a.count; ++i) {
    for (std::size_t j = 0; j < b.count; ++j) {
      double expected = 1.0;
      for (std::size_t d = 0; d < a.dimensions; ++d) {
        const double apart = static_cast<double>(a.row(i)[d]) - static_cast<double>(b.row(j)[d]);
        expected += apart * apart;
      }
      EXPECT_NEAR(sums[i * kStride + j], expected, 1e-5 * expected);
    }
    EXPECT_EQ(sums[i * kStride + b.count], 1.0F) << "beyond the last point";
  }
}

TEST(Tsne, GivesTheSameBitsEachTimeOnAnyNumberOfThreads) {
  const Points points = two_heaps(150);  // enough for several threads
  const auto squares = squared_distances(points);
  const auto start = principal_components(points).scores;
  const auto places_by = [&](std::size_t jobs) {
    return tsne(squares, start, {.perplexity = 30.0, .steps = 300, .jobs = jobs}).places;
  };
  const auto places = places_by(1);
  for (const std::size_t jobs : {1U, 2U, 3U, 8U}) EXPECT_EQ(places_by(jobs), places) << jobs;
}

TEST(Distances, AreTheSameBitsOnAnyNumberOfThreads) {
  const Points points = two_heaps(150);
  const auto squares = squared_distances(points);
  for (const std::size_t jobs : {2U, 3U, 8U}) {
    EXPECT_EQ(squared_distances(points, jobs), squares) << jobs;
  }
}

TEST(Tsne, KeepsClustersApart) {
  const Points points = two_heaps(30);
  const auto squares = squared_distances(points);
  const Layout layout = tsne(squares, principal_components(points).scores,
                             {.perplexity = perplexity_for(points.count, 30.0)});
  std::vector<int> labels(60, 0);
  std::fill(labels.begin() + 30, labels.end(), 1);
  Points places{60, 2, {}};
  for (const auto& place : layout.places) {
    places.values.insert(places.values.end(), place.begin(), place.end());
  }
  EXPECT_EQ(label_agreement(nearest_neighbours(roots(squared_distances(places)), 60), labels), 1.0);
  EXPECT_GT(trustworthiness(squares, layout.places), 0.9);
}

TEST(Tsne, GivesTheSamePlacesAgain) {
  const Points points = two_heaps(10);
  const auto squares = squared_distances(points);
  const auto start = principal_components(points).scores;
  EXPECT_EQ(tsne(squares, start, {.perplexity = 5.0}).places,
            tsne(squares, start, {.perplexity = 5.0}).places);
}

TEST(Tsne, OfEqualPointsIsFinite) {
  const Points points{5, 2, std::vector<float>(10, 1.0F)};
  const Layout layout = tsne(squared_distances(points), principal_components(points).scores,
                             {.perplexity = perplexity_for(5, 30.0)});
  for (const auto& place : layout.places) EXPECT_TRUE(std::isfinite(place[0]));
  EXPECT_NEAR(layout.divergence, 0.0, 1e-5);
}

TEST(Tsne, LeavesFewerThanThreePointsWhereTheyAre) {
  EXPECT_TRUE(tsne({}, {}).places.empty());
  EXPECT_EQ(tsne({0.0F}, {{1.0, 2.0}}).places.at(0)[1], 2.0F);
}

TEST(Tsne, AdaptsItsPerplexityToFewPoints) {
  EXPECT_EQ(perplexity_for(1000, 30.0), 30.0);
  EXPECT_EQ(perplexity_for(31, 30.0), 10.0);
  EXPECT_EQ(perplexity_for(2, 30.0), 1.0);
}

TEST(Silhouette, NeedsTwoLabelsAndFewerLabelsThanPoints) {
  const auto distances = roots(squared_distances(two_heaps(2)));
  EXPECT_FALSE(silhouette(distances, std::vector<int>{1, 1, 1, 1}));
  EXPECT_FALSE(silhouette(distances, std::vector<int>{1, 2, 3, 4}));
  EXPECT_GT(silhouette(distances, std::vector<int>{1, 1, 2, 2}).value(), 0.5);
}

TEST(LabelAgreement, SplitsTies) {
  // Three equal points: each has the other two as nearest neighbours, of which at most one has its
  // label.
  const Neighbours neighbours = nearest_neighbours(std::vector<float>(9, 0.0F), 3);
  EXPECT_DOUBLE_EQ(label_agreement(neighbours, std::vector<int>{1, 1, 2}), 1.0 / 3.0);
}

TEST(LabelAgreement, IsAboveChanceForClustersOnly) {
  const auto neighbours = nearest_neighbours(roots(squared_distances(two_heaps(30))), 60);
  std::vector<int> heaps(60, 0);
  std::vector<int> turns(60, 0);
  for (std::size_t i = 0; i < 60; ++i) {
    heaps[i] = i < 30 ? 0 : 1;
    turns[i] = static_cast<int>(i % 2);
  }
  const std::vector<int> one_stratum(60, 0);
  const RandomStream random(1, 1, Purpose::weight_statistics);
  const auto apart = agreement_of(neighbours, heaps, one_stratum, 999, random);
  ASSERT_TRUE(apart);
  EXPECT_EQ(apart->observed, 1.0);
  EXPECT_NEAR(apart->expected, 29.0 / 59.0, 0.02);
  EXPECT_LE(apart->p_above, 0.001);
  EXPECT_GT(agreement_of(neighbours, turns, one_stratum, 999, random)->p_above, 0.01);
  EXPECT_FALSE(agreement_of(neighbours, heaps, heaps, 999, random)) << "nothing can change places";
}

}  // namespace
}  // namespace minima::measure
