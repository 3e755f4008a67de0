#include "run/variants/compression_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.h"
#include "record/run_result.h"
#include "record/run_row.h"

namespace minima::run {
namespace {

using study::Representatives;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Four replicates of "dnn 5" with these test accuracies; NaN: not recorded yet.
struct Replicates {
  explicit Replicates(const std::vector<double>& accuracies) {
    for (std::size_t i = 0; i < accuracies.size(); ++i) {
      plan.push_back(study::make_run("glyphs", network::Architecture::parse("dnn 5"),
                                     static_cast<int>(i), 1, {}));
      if (std::isnan(accuracies[i])) continue;
      record::RunRow& row = rows.emplace_back();
      row.id = plan.back().id;
      row.result.status = record::RunStatus::finished;
      row.result.test_accuracy = accuracies[i];
    }
  }

  [[nodiscard]] std::vector<int> chosen(Representatives choice) const {
    std::vector<int> replicates;
    for (const study::Run& run : representatives(plan, rows, choice)) {
      replicates.push_back(run.replicate);
    }
    return replicates;
  }

  std::vector<study::Run> plan;
  std::vector<record::RunRow> rows;
};

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

TEST(Representatives, AreTheLowerMedianTheBestOrAll) {
  const Replicates four({0.9, 0.7, 0.8, 0.6});
  EXPECT_THAT(four.chosen(Representatives::median), ElementsAre(1));
  EXPECT_THAT(four.chosen(Representatives::best), ElementsAre(0));
  EXPECT_THAT(four.chosen(Representatives::all), ElementsAre(0, 1, 2, 3));
}

TEST(Representatives, AreTheBestOnValidationImagesAndTheMedianOnTestImages) {
  Replicates three({0.9, 0.7, 0.8});
  three.rows[1].result.validation_accuracy = 0.95;
  three.rows[2].result.validation_accuracy = 0.6;
  three.rows[0].result.validation_accuracy = 0.5;
  EXPECT_THAT(three.chosen(Representatives::best), ElementsAre(1));
  EXPECT_THAT(three.chosen(Representatives::median), ElementsAre(2))
      << "the one whose weights are kept";
}

TEST(Representatives, OfEqualRunsAreTheFirst) {
  const Replicates three({0.8, 0.8, 0.8});
  EXPECT_THAT(three.chosen(Representatives::best), ElementsAre(0));
  EXPECT_THAT(three.chosen(Representatives::median), ElementsAre(1));
}

TEST(Representatives, LeaveDivergedRunsOut) {
  Replicates three({0.9, 0.7, 0.8});
  three.rows[0].result.status = record::RunStatus::diverged;
  EXPECT_THAT(three.chosen(Representatives::best), ElementsAre(2));
  EXPECT_THAT(three.chosen(Representatives::all), ElementsAre(1, 2));
}

TEST(Representatives, WaitForAllReplicatesUnlessAllAreTaken) {
  const Replicates three({0.9, kMissing, 0.8});
  EXPECT_THAT(three.chosen(Representatives::median), IsEmpty());
  EXPECT_THAT(three.chosen(Representatives::best), IsEmpty());
  EXPECT_THAT(three.chosen(Representatives::all), ElementsAre(0, 2));
}

study::Study one_network_study(const std::string& sections) {
  return study::parse_study(
      "[study]\nname = \"tiny\"\n[data]\ndatasets = [\"glyphs\"]\n[train]\nepochs = 3\n"
      "[[design]]\narchitectures = [\"dnn 5\"]\n" +
          sections,
      "tiny.toml");
}

std::vector<CompressionItem> items_of(const std::string& sections,
                                      const Replicates& replicates = Replicates({0.9, 0.8})) {
  std::set<std::string> own;
  for (const study::Run& run : replicates.plan) own.insert(run.id);
  std::vector<CompressionItem> items =
      compression_items(one_network_study(sections), replicates.plan, replicates.rows, own);
  for (CompressionItem& item : items) item.run.train.epochs = 3;
  return items;
}

TEST(CompressionItems, AreProtocolsTimesRuns) {
  EXPECT_THAT(items_of(""), IsEmpty());
  EXPECT_THAT(items_of("[pruning]\n[quantization]\n"), SizeIs(4));
  EXPECT_THAT(items_of("[pruning]\nrepresentatives = \"best\"\n[quantization]\n"), SizeIs(3));
}

TEST(CompressionItems, AreThoseOfAShardOnly) {
  const Replicates two({0.9, 0.8});
  const auto items =
      compression_items(one_network_study("[pruning]\n"), two.plan, two.rows, {two.plan[1].id});
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].run.id, two.plan[1].id);
}

TEST(CompressionItems, QuantizePrunedNetworksOnRequest) {
  const auto items = items_of(
      "[[pruning.protocol]]\nsparsity = [0.5, 0.9]\n[[pruning.protocol]]\nscope = \"one-layer\"\n"
      "[[quantization.protocol]]\nformats = [\"int8\", \"int4\"]\npruned = true\n");
  ASSERT_THAT(items, SizeIs(6));
  EXPECT_EQ(items[0].task().task,
            "prune one-shot global magnitude at 0.5,0.9; quantize ptq tensor symmetric auto to "
            "int8,int4");
  EXPECT_EQ(items[0].variants(), 2 * (1 + 2));
  EXPECT_THAT(items[2].quantizations, IsEmpty());  // one layer at a time
  EXPECT_EQ(items[4].task().task, "quantize ptq tensor symmetric auto to int8,int4");
}

TEST(CompressionItems, CountTheEpochsThatTheyTrain) {
  EXPECT_EQ(items_of("[pruning]\n")[0].epochs(), 0);
  EXPECT_EQ(items_of("[[pruning.protocol]]\nsparsity = [0.5, 0.9]\nepochs = 4\n")[0].epochs(), 8);
  EXPECT_EQ(items_of("[[pruning.protocol]]\nsparsity = [0.5, 0.9]\nrewind = 1\n")[0].epochs(),
            2 * 2 + 1);
  const std::string qat = "[[quantization.protocol]]\nformats = [\"int8\", \"int2\"]\n";
  EXPECT_EQ(items_of(qat + "method = \"qat\"\nepochs = 5\n")[0].epochs(), 10);
  EXPECT_EQ(items_of(qat + "method = \"scratch\"\n")[0].epochs(), 6);
}

TEST(CompressionCohorts, ShareReplicatesOnlyWhereNothingIsTrained) {
  const auto problem_of = [](const std::string&) { return Problem{{1, 8, 8}, 2}; };
  const auto evaluated = items_of("[pruning]\n");
  EXPECT_THAT(compression_cohorts(evaluated, problem_of, 1'000'000), SizeIs(1));
  const auto trained = items_of("[[pruning.protocol]]\nepochs = 1\n");
  EXPECT_THAT(compression_cohorts(trained, problem_of, 1'000'000), SizeIs(2));
}

TEST(CompressionCohorts, AreNoLargerThanTheirMemory) {
  const auto problem_of = [](const std::string&) { return Problem{{1, 8, 8}, 2}; };
  const auto items = items_of("[pruning]\n", Replicates(std::vector<double>(10, 0.9)));
  EXPECT_THAT(compression_cohorts(items, problem_of, 1), SizeIs(10));
}

}  // namespace
}  // namespace minima::run
