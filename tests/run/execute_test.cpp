#include "run/train/execute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "core/error.h"
#include "fakes.h"
#include "network/families/lower.h"
#include "record/run_result.h"
#include "record/weight_summary.h"
#include "run/train/weight_summaries.h"
#include "study/settings/kept.h"
#include "support/not_empty.h"

namespace minima::run {
namespace {

class KeptProgress : public ProgressObserver {
 public:
  void on_progress(const Progress& progress) override { all.push_back(progress); }
  std::vector<Progress> all;
};

Outcome execute_quietly(const Prepared& prepared, const engine::Backend& backend,
                        FakeWriter& writer, std::size_t jobs = 2, std::stop_token stop = {}) {
  ProgressObserver unseen;
  return execute(prepared, backend, writer,
                 {.jobs = jobs, .program_version = "test", .stop = std::move(stop)}, unseen);
}

TEST(Execute, RecordsEveryRunOnce) {
  const Prepared prepared = prepare(tiny_study(), tiny_loader());
  FakeWriter writer;
  const Outcome outcome = execute_quietly(prepared, FakeBackend(), writer, 3);
  ASSERT_EQ(prepared.runs.size(), 24U);
  EXPECT_EQ(writer.runs.size(), 24U);
  for (const auto& [id, recorded] : writer.runs) EXPECT_EQ(recorded.times, 1) << id;
  EXPECT_EQ(outcome.planned, 24);
  EXPECT_EQ(outcome.recorded, 24);
  EXPECT_EQ(outcome.missing(), 0);
  EXPECT_FALSE(outcome.interrupted);
  EXPECT_GE(writer.sealed, 1);
}

TEST(Execute, DoesOnlyWhatIsMissing) {
  const Prepared prepared = prepare(tiny_study(), tiny_loader());
  FakeWriter writer;
  for (std::size_t i = 0; i < 10; ++i) writer.runs[prepared.runs[i].id].times = 1;
  const Outcome outcome = execute_quietly(prepared, FakeBackend(), writer);
  EXPECT_EQ(outcome.recorded_before, 10);
  EXPECT_EQ(outcome.recorded, 14);
  EXPECT_EQ(writer.runs.size(), 24U);
  for (const auto& [id, recorded] : writer.runs) EXPECT_EQ(recorded.times, 1) << id;
}

TEST(Execute, TrainsNothingWhenEverythingIsRecorded) {
  const Prepared prepared = prepare(tiny_study(), tiny_loader());
  FakeWriter writer;
  static_cast<void>(execute_quietly(prepared, FakeBackend(), writer));
  FakeBackend untouched;
  untouched.before_run = [](const study::Run&) { FAIL() << "trained again"; };
  EXPECT_EQ(execute_quietly(prepared, untouched, writer).recorded, 0);
}

TEST(Execute, StoresTheWholePlanOfAShardAndTrainsItsPart) {
  const Prepared prepared = prepare(tiny_study(), tiny_loader(), study::Shard{1, 3});
  FakeWriter writer;
  const Outcome outcome = execute_quietly(prepared, FakeBackend(), writer);
  EXPECT_EQ(writer.planned.size(), 24U);
  EXPECT_EQ(writer.begun.shard, "1/3");
  EXPECT_LT(prepared.runs.size(), 24U);
  EXPECT_GT(prepared.runs.size(), 0U);
  EXPECT_EQ(writer.runs.size(), prepared.runs.size());
  EXPECT_EQ(outcome.planned, static_cast<std::int64_t>(prepared.runs.size()));
}

/// The weights at the end of a training.
class EndOfTraining : public engine::TrainObserver {
 public:
  explicit EndOfTraining(network::Graph network) : graph_(std::move(network)) {}
  void on_end(std::size_t, record::RunResult&&, const engine::ReadWeights& weights) override {
    summaries = weight_summaries(record::WeightStage::end, 0, graph_.tensors, weights());
  }
  std::vector<record::WeightSummary> summaries;

 private:
  network::Graph graph_;
};

TEST(Execute, MeasuresWeightsAfterTheRequestedEpochsAsIfTrainingHadEndedThere) {
  const study::Study study = study::parse_study(
      "[study]\nname = \"tiny\"\nweight_epochs = [2, 3]\n[data]\ndatasets = \"glyphs\"\n"
      "[train]\nepochs = 3\nbatch = 10\n[[design]]\narchitectures = \"cnn 2\"\n",
      "tiny.toml");
  const Prepared prepared = prepare(study, tiny_loader());
  const auto backend = engine::make_cpu_backend();
  FakeWriter writer;
  static_cast<void>(execute_quietly(prepared, *backend, writer, 1));
  const auto& recorded = writer.runs.begin()->second.result.weights;
  const auto dataset =
      backend->prepare(std::make_shared<const data::Dataset>(tiny_dataset("glyphs")));
  EndOfTraining end(network::graph_of(prepared.runs[0].architecture, dataset->problem()));
  const auto steps = static_cast<std::int64_t>(2 * dataset->data().train.count() / 10);
  backend->train(*dataset, {prepared.runs.data(), 1}, {.max_steps = steps}, end, {});
  const std::size_t tensors = end.summaries.size();
  ASSERT_EQ(recorded.size(), 3 * tensors) << "start, second epoch, end";
  for (std::size_t i = 0; i < tensors; ++i) {
    const record::WeightSummary& on_the_way = recorded[tensors + i];
    EXPECT_EQ(on_the_way.stage, record::WeightStage::epoch);
    EXPECT_EQ(on_the_way.epoch, 2);
    EXPECT_EQ(on_the_way.quantiles, end.summaries[i].quantiles);
    EXPECT_EQ(on_the_way.statistics.sd, end.summaries[i].statistics.sd);
    EXPECT_EQ(recorded[2 * tensors + i].stage, record::WeightStage::end);
    EXPECT_EQ(recorded[2 * tensors + i].epoch, 3);
  }
}

TEST(Execute, GivesTheStudyToTheStore) {
  study::Study study = tiny_study(1);
  const Prepared prepared = prepare(study, tiny_loader());
  FakeWriter writer;
  static_cast<void>(execute_quietly(prepared, FakeBackend(), writer));
  EXPECT_EQ(writer.begun.name, "tiny");
  EXPECT_EQ(writer.begun.text, study.text);
  EXPECT_EQ(writer.begun.train, "seed=1 " + study.train.text());
  EXPECT_EQ(writer.begun.program_version, "test");
  EXPECT_EQ(writer.begun.shard, "");
  ASSERT_EQ(writer.described.size(), 2U);
  EXPECT_EQ(writer.described[0].name, "glyphs");
  EXPECT_EQ(writer.described[0].train_count, 40);
  EXPECT_DOUBLE_EQ(writer.described[0].majority_share, 0.5);
  EXPECT_EQ(writer.described[1].checksum, "checksum of textures");
}

TEST(Execute, AStopKeepsWhatIsFinished) {
  const Prepared prepared = prepare(tiny_study(), tiny_loader());
  std::stop_source stop;
  FakeWriter writer;
  writer.on_record = [&](std::size_t recorded) {
    if (recorded == 5) stop.request_stop();
  };
  const Outcome outcome = execute_quietly(prepared, FakeBackend(), writer, 1, stop.get_token());
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_EQ(outcome.recorded, 5);
  EXPECT_EQ(outcome.missing(), 19);
  EXPECT_EQ(writer.runs.size(), 5U);
  EXPECT_GE(writer.sealed, 1);
}

TEST(Execute, AStopAfterTheLastRunDoesNotCountAsInterruption) {
  const Prepared prepared = prepare(tiny_study(1), tiny_loader());
  std::stop_source stop;
  FakeWriter writer;
  writer.on_record = [&](std::size_t recorded) {
    if (recorded == 6) stop.request_stop();
  };
  EXPECT_FALSE(execute_quietly(prepared, FakeBackend(), writer, 1, stop.get_token()).interrupted);
}

TEST(Execute, AnExceptionOfAWorkerStopsTheOthersAndIsThrown) {
  const Prepared prepared = prepare(tiny_study(50), tiny_loader());
  FakeBackend backend;
  std::atomic<int> trained{0};
  backend.before_run = [&](const study::Run&) {
    if (++trained == 20) throw work_error({"disk", ""}, "full");
  };
  FakeWriter writer;
  try {
    static_cast<void>(execute_quietly(prepared, backend, writer, 2));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "disk: full");
  }
  EXPECT_GE(writer.runs.size(), 18U);
  EXPECT_LT(writer.runs.size(), prepared.runs.size());
  EXPECT_GE(writer.sealed, 1) << "what was finished is sealed";
}

TEST(Execute, AnExceptionOfTheStoreIsThrown) {
  const Prepared prepared = prepare(tiny_study(), tiny_loader());
  FakeWriter writer;
  writer.on_record = [](std::size_t) { throw work_error({"store", ""}, "no space"); };
  EXPECT_THROW(static_cast<void>(execute_quietly(prepared, FakeBackend(), writer)), Error);
}

TEST(Execute, RecordsDivergedRunsAndContinues) {
  const Prepared prepared = prepare(tiny_study(), tiny_loader());
  FakeBackend backend;
  backend.diverging = {"dnn 4"};
  FakeWriter writer;
  const Outcome outcome = execute_quietly(prepared, backend, writer);
  EXPECT_EQ(outcome.recorded, 24);
  EXPECT_EQ(outcome.diverged, 8);
  EXPECT_EQ(std::ranges::count_if(writer.runs,
                                  [](const auto& entry) {
                                    return entry.second.result.status ==
                                           record::RunStatus::diverged;
                                  }),
            8);
}

TEST(Execute, GivesTheWeightsToTheStoreUnlessTheStudyKeepsNone) {
  study::Study study = tiny_study(1);
  FakeWriter with;
  static_cast<void>(execute_quietly(prepare(study, tiny_loader()), FakeBackend(), with));
  for (const auto& [id, recorded] : not_empty(with.runs)) EXPECT_EQ(recorded.tensors, 4U);
  study.weights = study::KeepWeights::none;
  FakeWriter without;
  static_cast<void>(execute_quietly(prepare(study, tiny_loader()), FakeBackend(), without));
  for (const auto& [id, recorded] : not_empty(without.runs)) EXPECT_EQ(recorded.tensors, 0U);
}

TEST(Execute, ReportsProgress) {
  const Prepared prepared = prepare(tiny_study(), tiny_loader());
  FakeBackend backend;
  backend.diverging = {"dnn 8"};
  FakeWriter writer;
  for (std::size_t i = 0; i < 4; ++i) writer.runs[prepared.runs[i].id].times = 1;
  KeptProgress progress;
  static_cast<void>(execute(prepared, backend, writer,
                            {.jobs = 2, .program_version = "test", .stop = {}}, progress));
  ASSERT_FALSE(progress.all.empty());
  EXPECT_EQ(progress.all.front().done, 4);
  EXPECT_EQ(progress.all.front().total, 24);
  EXPECT_EQ(progress.all.back().done, 24);
  EXPECT_EQ(progress.all.back().diverged, 8);
  EXPECT_EQ(progress.all.back().best_architecture, "dnn 4");
  EXPECT_NEAR(progress.all.back().seconds_left, 0.0, 1e-6);
}

TEST(Execute, ReleasesADatasetAfterItsLastCohort) {
  Prepared prepared = prepare(tiny_study(), tiny_loader());
  FakeWriter writer;
  FakeBackend backend;
  static_cast<void>(execute_quietly(prepared, backend, writer, 1));
  int loads = 0;
  // The pool did not keep the dataset, so taking it again loads it again.
  prepared.datasets = std::make_unique<DatasetPool>([&](const data::Source& source) {
    ++loads;
    return tiny_dataset(source.text());
  });
  static_cast<void>(prepared.datasets->add(data::parse_source("glyphs")));
  static_cast<void>(prepared.datasets->add(data::parse_source("textures")));
  FakeWriter again;
  static_cast<void>(execute_quietly(prepared, backend, again, 1));
  EXPECT_EQ(loads, 2);
  static_cast<void>(prepared.datasets->take("glyphs", backend));
  EXPECT_EQ(loads, 3);
}

}  // namespace
}  // namespace minima::run
