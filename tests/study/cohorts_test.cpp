#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "network/derive/work.h"
#include "network/families/lower.h"
#include "studies.h"
#include "study/plan/plan.h"
#include "support/messages.h"
#include "support/not_empty.h"
#include "support/problems.h"

namespace minima::study {
namespace {

std::int64_t train_count_of(const std::string& dataset) {
  return dataset == "textures" ? 2'000 : 60'000;
}

std::vector<Run> runs_of(const std::string& designs, int replicates,
                         const std::vector<std::string>& datasets = {"mnist"}) {
  Study study = study_of("", designs);
  study.replicates = replicates;
  return expand(study, datasets);
}

std::vector<Run> mixed_runs() {
  return runs_of(
      "[[design]]\nfamily = \"dnn\"\ndepth = [1, 2, 3]\nwidth = [1, 4, 16, 64, 256]\n"
      "shape = \"all\"\n",
      3, {"mnist", "textures"});
}

std::vector<Cohort> cohorts_of(const std::vector<Run>& runs, const CohortLimits& limits) {
  return make_cohorts(runs, problem_of, train_count_of, limits);
}

std::int64_t parameters_of(const Run& run) {
  return network::graph_of(run.architecture, problem_of(run.dataset)).parameters();
}

TEST(Cohorts, HoldEveryRunOnce) {
  const auto runs = mixed_runs();
  for (const std::size_t jobs : {1, 2, 7, 1000}) {
    std::vector<std::size_t> seen;
    for (const Cohort& cohort : cohorts_of(runs, {.jobs = jobs})) {
      seen.insert(seen.end(), cohort.runs.begin(), cohort.runs.end());
    }
    std::ranges::sort(seen);
    std::vector<std::size_t> all(runs.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    EXPECT_EQ(seen, all) << jobs << " jobs";
  }
}

TEST(Cohorts, MixFamiliesAndLeaveLargeNetworksAlone) {
  const auto runs = runs_of(
      "[[design]]\narchitectures = [\"dnn 5-5\", \"cnn 2\", \"cnn 4\", \"vit d8 h2 l1 p7\", "
      "\"vit paper h4\"]\n",
      1);
  const auto cohorts = cohorts_of(runs, {});
  ASSERT_EQ(cohorts.size(), 2u);
  EXPECT_EQ(cohorts[0].runs, std::vector<std::size_t>{4});
  EXPECT_EQ(cohorts[1].runs.size(), 4u);
  EXPECT_GT(cohorts[0].flop, 10 * cohorts[1].flop);
}

TEST(Cohorts, ShareOneStreamOfBatches) {
  auto runs = mixed_runs();
  runs[0].train.batch = 7;
  runs[1].train.scaling = Scaling::standardised;
  runs[2].seed = 9;
  for (const Cohort& cohort : not_empty(cohorts_of(runs, {}))) {
    const auto& first = runs[cohort.runs.front()];
    for (const std::size_t i : cohort.runs) {
      EXPECT_EQ(runs[i].dataset, first.dataset);
      EXPECT_EQ(runs[i].replicate, first.replicate);
      EXPECT_EQ(runs[i].train.batch, first.train.batch);
      EXPECT_EQ(runs[i].train.scaling, first.train.scaling);
      EXPECT_EQ(runs[i].seed, first.seed);
    }
  }
}

TEST(Cohorts, KeepTheirLimits) {
  const auto runs = mixed_runs();
  const CohortLimits limits{.max_runs = 5, .max_parameters = 30'000};
  for (const Cohort& cohort : not_empty(cohorts_of(runs, limits))) {
    EXPECT_LE(cohort.runs.size(), 5u);
    std::int64_t total = 0;
    for (const std::size_t i : cohort.runs) total += parameters_of(runs[i]);
    EXPECT_TRUE(total <= limits.max_parameters || cohort.runs.size() == 1);
  }
}

TEST(Cohorts, GiveARunTooLargeOneOfItsOwn) {
  const auto runs =
      runs_of("[[design]]\narchitectures = [\"dnn 5\", \"dnn 1000-1000\", \"dnn 6\"]\n", 1);
  const auto cohorts = cohorts_of(runs, {});
  ASSERT_EQ(cohorts.size(), 2u);
  EXPECT_THAT(cohorts[0].runs, ::testing::ElementsAre(1));
  EXPECT_THAT(cohorts[1].runs, ::testing::ElementsAre(2, 0));
}

TEST(Cohorts, AreFullWhereThereIsWorkForAll) {
  const auto runs = runs_of("[[design]]\nfamily = \"dnn\"\ndepth = 1\nwidth = [1, 2, 3, 4]\n", 64);
  for (const auto& cohort : cohorts_of(runs, {.jobs = 2})) EXPECT_EQ(cohort.runs.size(), 4u);
  const auto draws = runs_of(
      "[[design]]\nfamily = \"dnn\"\ndraws = 160\ndepth = 1\nwidth = { min = 1, max = 6 }\n", 1);
  std::size_t most = 0;
  for (const auto& cohort : cohorts_of(draws, {.jobs = 2}))
    most = std::max(most, cohort.runs.size());
  EXPECT_LE(most, 6u);  // there are six architectures, so no shuffle has more
}

TEST(Cohorts, AreSmallEnoughThatAllWorkersHaveWork) {
  const auto runs = runs_of(
      "[[design]]\nfamily = \"dnn\"\ndraws = 16\ndepth = 1\n"
      "width = { min = 10, max = 20 }\n",
      2);
  for (const std::size_t jobs : {2, 4, 8}) {
    const auto cohorts = cohorts_of(runs, {.jobs = jobs});
    EXPECT_GE(cohorts.size(), jobs);
  }
}

TEST(Cohorts, ComeLargestFirstWithTheirFlop) {
  const auto runs = mixed_runs();
  const auto cohorts = cohorts_of(runs, {.jobs = 2});
  EXPECT_TRUE(std::ranges::is_sorted(cohorts, std::greater{}, &Cohort::flop));
  const auto single =
      cohorts_of(runs_of("[[design]]\narchitectures = [\"dnn 5-5\"]\n", 1), {}).at(0);
  EXPECT_EQ(single.flop, 16'130.0 * 60'000 * 20);
}

TEST(Cohorts, PutSimilarCostsTogether) {
  const auto runs = runs_of(
      "[[design]]\nfamily = \"dnn\"\ndepth = 1\n"
      "width = [1, 9, 2, 8, 3, 7, 4, 6]\n",
      1);
  const auto cohorts = cohorts_of(runs, {.max_runs = 4});
  ASSERT_EQ(cohorts.size(), 2u);
  for (const std::size_t i : cohorts[0].runs) {
    for (const std::size_t j : cohorts[1].runs) {
      EXPECT_GT(parameters_of(runs[i]), parameters_of(runs[j]));
    }
  }
}

TEST(Cohorts, OfNoRunsAreNone) {
  EXPECT_TRUE(cohorts_of({}, {}).empty());
}

TEST(Shards, HoldEveryRunOnceInTheOrderOfThePlan) {
  const auto runs = mixed_runs();
  std::vector<std::string> order;
  for (const auto& run : runs) order.push_back(run.id);
  for (int count = 1; count <= 7; ++count) {
    std::set<std::string> seen;
    for (int index = 1; index <= count; ++index) {
      std::size_t last = 0;
      for (const auto& run : runs_of_shard(runs, {index, count}, problem_of)) {
        EXPECT_TRUE(seen.insert(run.id).second);
        const auto at = static_cast<std::size_t>(std::ranges::find(order, run.id) - order.begin());
        EXPECT_GE(at, last);
        last = at;
      }
    }
    EXPECT_EQ(seen.size(), runs.size()) << count << " shards";
  }
}

TEST(Shards, HaveEqualWorkOfEachDataset) {
  const auto runs = mixed_runs();
  for (const std::string dataset : {"mnist", "textures"}) {
    double total = 0.0;
    std::vector<double> work(4, 0.0);
    for (int index = 1; index <= 4; ++index) {
      for (const auto& run : runs_of_shard(runs, {index, 4}, problem_of)) {
        if (run.dataset != dataset) continue;
        const auto flop = static_cast<double>(
            network::training_flop(network::graph_of(run.architecture, problem_of(dataset))));
        work[static_cast<std::size_t>(index - 1)] += flop;
        total += flop;
      }
    }
    for (const double share : work) EXPECT_NEAR(share / total, 0.25, 0.03) << dataset;
  }
}

TEST(Shards, SpreadFewRunsOverAll) {
  const auto runs =
      runs_of("[[design]]\narchitectures = [\"dnn 5\", \"dnn 6\"]\n", 2, {"mnist", "textures"});
  for (int index = 1; index <= 7; ++index) {
    EXPECT_LE(runs_of_shard(runs, {index, 7}, problem_of).size(), 2u);
    EXPECT_GE(runs_of_shard(runs, {index, 7}, problem_of).size(), 1u);
  }
}

TEST(Shards, KeepRunsThatShareBatchesTogether) {
  const auto runs = runs_of("[[design]]\nfamily = \"dnn\"\ndepth = 1\nwidth = [1, 2, 3, 4]\n", 8);
  for (int index = 1; index <= 2; ++index) {
    std::map<int, int> sharing;
    for (const auto& run : runs_of_shard(runs, {index, 2}, problem_of)) ++sharing[run.replicate];
    for (const auto& [replicate, count] : sharing) EXPECT_EQ(count, 4) << replicate;
  }
}

TEST(Shards, AreWrittenAsIndexOfCount) {
  EXPECT_EQ(Shard::parse("2/8").index, 2);
  EXPECT_EQ(Shard::parse("2/8").count, 8);
  for (const std::string text :
       {"", "2", "0/4", "5/4", "1/0", "a/b", "1/2/3", "-1/3", "1/99999999"}) {
    EXPECT_EQ(
        message_of([&] { (void)Shard::parse(text); }),
        "--shard " + text + ": is not a valid shard; write I/N with 1 <= I <= N, such as 2/8");
  }
}

}  // namespace
}  // namespace minima::study
