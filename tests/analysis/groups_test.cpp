#include "analysis/population/groups.h"

#include <gtest/gtest.h>

#include "hand_made.h"
#include "simulated_population.h"

namespace minima::analysis {
namespace {

using Group = AccuracyGroup;

Groups groups_of(const HandMade& made, study::Bands bands) {
  study::AnalysisSettings settings;
  settings.bands = bands;
  return groups_of(made.population(), made.selection(), settings);
}

std::vector<Group> paper(const std::string& dataset, network::Family family,
                         const std::vector<double>& accuracies) {
  const Groups groups =
      groups_of(HandMade(dataset, family).add(100, accuracies), study::Bands::paper);
  std::vector<Group> result;
  for (const auto& group : groups.groups) result.push_back(group.value());
  return result;
}

std::vector<Group> natural(const std::vector<double>& accuracies) {
  const Groups groups = groups_of(HandMade().add(100, accuracies), study::Bands::natural);
  std::vector<Group> result;
  for (const auto& group : groups.groups) result.push_back(group.value());
  return result;
}

TEST(PaperBands, SortTheMediansOfThePaperIntoTheirOwnGroups) {
  const std::vector<Group> four = {Group::non, Group::low, Group::mid, Group::high};
  const std::vector<Group> three = {Group::low, Group::mid, Group::high};
  EXPECT_EQ(paper("mnist", network::Family::dnn, {0.1135, 0.3933, 0.8091, 0.9855}), four);
  EXPECT_EQ(paper("fashion-mnist", network::Family::dnn, {0.10, 0.7290, 0.8367, 0.9588}), four);
  EXPECT_EQ(paper("cifar-10", network::Family::dnn, {0.1135, 0.3094, 0.5229, 0.7780}), four);
  EXPECT_EQ(paper("mnist", network::Family::cnn, {0.9377, 0.9768, 0.9987}), three);
  EXPECT_EQ(paper("fashion-mnist", network::Family::cnn, {0.8593, 0.9771, 0.9995}), three);
  EXPECT_EQ(paper("cifar-10", network::Family::cnn, {0.4039, 0.6336, 0.8891}), three);
  EXPECT_EQ(paper("mnist", network::Family::vit, {0.2211, 0.7458, 0.9071}), three);
  EXPECT_EQ(paper("fashion-mnist", network::Family::vit, {0.3040, 0.6959, 0.7459}), three);
  EXPECT_EQ(paper("cifar-10", network::Family::vit, {0.1750, 0.3818, 0.4456}), three);
}

TEST(PaperBands, AreClosedAndLeaveOutWhatLiesBetween) {
  EXPECT_EQ(
      paper("mnist", network::Family::dnn, {0.55, 0.56, 0.80, 0.82, 0.83, 0.95}),
      (std::vector{Group::low, Group::other, Group::mid, Group::mid, Group::other, Group::high}));
}

TEST(PaperBands, ARunOnTheEdgeOfTwoBandsBelongsToTheHigherOne) {
  EXPECT_EQ(paper("fashion-mnist", network::Family::dnn, {0.30}), std::vector{Group::low});
  EXPECT_EQ(paper("mnist", network::Family::vit, {0.85}), std::vector{Group::high});
  EXPECT_EQ(paper("cifar-10", network::Family::vit, {0.20, 0.21, 0.40}),
            (std::vector{Group::low, Group::mid, Group::high}))
      << "low and mid both begin at 0: the narrower one";
}

TEST(PaperBands, OfOtherDatasetsAreNotGuessed) {
  const Groups groups = groups_of(HandMade("glyphs").add(100, {0.5, 0.9}), study::Bands::paper);
  EXPECT_FALSE(groups.defined);
  EXPECT_EQ(groups.groups.size(), 2U);
  EXPECT_FALSE(groups.groups[0]);
  EXPECT_TRUE(groups.rows.empty());
}

TEST(PaperBands, ApplyToPartsOfADataset) {
  EXPECT_EQ(paper("mnist test=1000 train=5000", network::Family::dnn, {0.99}),
            std::vector{Group::high});
}

TEST(PaperBands, ADivergedRunIsNonIfThereIsSuchABand) {
  EXPECT_EQ(groups_of(HandMade("mnist").add_diverged(9), study::Bands::paper).groups[0],
            Group::non);
  EXPECT_EQ(groups_of(HandMade("mnist", network::Family::cnn).add_diverged(9), study::Bands::paper)
                .groups[0],
            Group::other);
}

TEST(NaturalBands, FindPlantedGroups) {
  Simulation simulation;
  simulation.replicates = 50;
  const double sd = 0.012;
  simulation.levels = {{.parameters = 10, .accuracy = 0.5, .sd = sd, .failure = 0.5},
                       {.parameters = 20, .accuracy = 0.62, .sd = sd},
                       {.parameters = 30, .accuracy = 0.74, .sd = sd},
                       {.parameters = 40, .accuracy = 0.86, .sd = sd},
                       {.parameters = 50, .accuracy = 0.97, .sd = sd, .divergence = 0.1}};
  const Group planted[] = {Group::low, Group::other, Group::mid, Group::other, Group::high};
  const Simulated simulated = simulate(simulation, 3);
  const Groups groups = groups_of(simulated.population, selections_of(simulated.population)[0], {});
  for (std::size_t i = 0; i < simulated.level.size(); ++i) {
    EXPECT_EQ(groups.groups[i], simulated.failed[i] ? Group::non : planted[simulated.level[i]])
        << i;
  }
}

TEST(NaturalBands, RunsAtChanceLevelAreNon) {
  // 1000 test images: scipy.stats.binom.isf(0.001, 1000, 0.1) + 1 = 131.
  EXPECT_EQ(natural({0.1, 0.130, 0.131, 0.9}),
            (std::vector{Group::non, Group::non, Group::low, Group::high}));
}

TEST(NaturalBands, ADivergedRunAndAConstantPredictionAreNon) {
  HandMade made;
  made.add(5, {0.9}).add_diverged(5).add(5, {0.3}).losses({1.0, 1.0});
  Population population = made.population();
  population.runs[2].result.history.back().predicted_classes = 1;
  const Groups groups = groups_of(population, made.selection(), {});
  EXPECT_EQ(groups.groups[0], Group::high);
  EXPECT_EQ(groups.groups[1], Group::non);
  EXPECT_EQ(groups.groups[2], Group::non);
}

TEST(NaturalBands, FewRunsAreNotDividedButBySkill) {
  EXPECT_EQ(natural({0.5}), std::vector{Group::high});
  EXPECT_EQ(natural({0.5, 0.9}), (std::vector{Group::high, Group::high})) << "half of the skill";
  EXPECT_EQ(natural({0.49, 0.9}), (std::vector{Group::low, Group::high}));
  EXPECT_EQ(natural({0.1, 0.1}), std::vector(2, Group::non));
}

TEST(NaturalBands, ReplicatesOfOneNetworkAreOneGroup) {
  EXPECT_EQ(natural({0.759, 0.772, 0.781, 0.790, 0.799}), std::vector(5, Group::high));
  Simulation simulation;
  simulation.replicates = 40;
  simulation.levels = {{.parameters = 10, .accuracy = 0.78, .sd = 0.015}};
  const Simulated simulated = simulate(simulation, 2);
  const Groups groups = groups_of(simulated.population, selections_of(simulated.population)[0], {});
  EXPECT_GT(groups.dip_p.value(), 0.05);
  for (const auto& group : groups.groups) EXPECT_EQ(group, Group::high);
}

TEST(NaturalBands, RunsCloseToTheBestAreHigh) {
  EXPECT_EQ(natural({0.960, 0.962, 0.965, 0.967, 0.969, 0.970}), std::vector(6, Group::high));
}

TEST(NaturalBands, GroupByTestAccuracyByDefault) {
  HandMade made;
  made.add(5, {0.4}, 0.5).add(5, {0.9}, -0.5);
  study::AnalysisSettings settings;
  EXPECT_EQ(groups_of(made.population(), made.selection(), settings).groups[0], Group::low);
  settings.group_by = study::AccuracyKind::train;
  EXPECT_EQ(groups_of(made.population(), made.selection(), settings).groups[0], Group::high);
}

TEST(PaperBands, GroupByTheTrainingAccuracy) {
  study::AnalysisSettings settings;
  settings.bands = study::Bands::paper;
  const HandMade made = HandMade("mnist").add(5, {0.9}, 0.08);
  EXPECT_EQ(groups_of(made.population(), made.selection(), settings).groups[0], Group::high);
}

TEST(Groups, TableHasTheLayoutOfThePaper) {
  const Groups groups =
      groups_of(HandMade("mnist").add(100, {0.99, 0.97, 0.96, 0.97, 0.4, 0.6}).add_diverged(100, 2),
                study::Bands::paper);
  ASSERT_EQ(groups.rows.size(), 5U);
  const GroupRow& non = groups.rows[0];
  EXPECT_EQ(non.count, 2);
  EXPECT_DOUBLE_EQ(non.share, 0.25);
  EXPECT_FALSE(non.median) << "a diverged run has no accuracy";
  const GroupRow& high = groups.rows[3];
  EXPECT_EQ(high.group, Group::high);
  EXPECT_EQ(high.count, 4);
  EXPECT_DOUBLE_EQ(high.min.value(), 0.96);
  EXPECT_DOUBLE_EQ(high.median.value(), 0.97);
  EXPECT_DOUBLE_EQ(high.max.value(), 0.99);
  EXPECT_EQ(groups.rows[2].count, 0);
  EXPECT_FALSE(groups.rows[2].min);
  EXPECT_EQ(groups.rows[4].count, 1);
}

}  // namespace
}  // namespace minima::analysis
