// Runs that are trained again, because compression was added when their weights were already gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "core/error.h"
#include "fakes.h"
#include "run/train/retrained.h"
#include "small_study.h"
#include "store_contents.h"
#include "study/settings/kept.h"
#include "support/temporary_folder.h"

namespace minima::run {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

study::Study late_study(const std::string& sections) {
  return study::parse_study(
      "[study]\nname = \"late\"\nreplicates = 3\n"
      "[data]\ndatasets = [\"glyphs train=200 test=100 validation_share=0.1\"]\n"
      "[train]\nepochs = 2\nbatch = 20\n"
      "[[design]]\narchitectures = [\"dnn 4\", \"cnn 2 max2\"]\n" +
          sections,
      "late.toml");
}

constexpr const char* kCompression =
    "[pruning]\n[[quantization.protocol]]\nformats = \"int8\"\nactivations = \"same\"\n";

/// Executes the study, then trains runs without weights again.
RetrainOutcome retrained(const study::Study& study, const fs::path& folder,
                         const engine::Backend& trainer) {
  const Prepared prepared = prepare(study, load_generated);
  const auto writer = store::open_writer(folder);
  const auto backend = engine::make_cpu_backend();
  ProgressObserver silent;
  static_cast<void>(execute(prepared, *backend, *writer, {}, silent));
  const auto reader = store::open_reader(folder);
  return retrain(prepared, trainer, *writer, *reader, runs_without_weights(prepared, *reader),
                 "late.minima", {.jobs = 2}, silent);
}

TEST(Retrain, GivesTheStoreOfAStudyThatWasCompressedFromTheBeginning) {
  const TemporaryFolder folder;
  static_cast<void>(carry_out(late_study(kCompression), folder / "whole"));
  static_cast<void>(carry_out(late_study(""), folder / "late"));
  const auto skipped = carry_out(late_study(kCompression), folder / "late");
  EXPECT_EQ(skipped.planned, 12) << "two protocols, six runs";
  EXPECT_EQ(skipped.without_weights, 8);
  EXPECT_EQ(skipped.runs_without_weights, 4) << "one of three replicates was kept";
  EXPECT_NE(contents(folder / "late"), contents(folder / "whole"));

  const auto outcome =
      retrained(late_study(kCompression), folder / "late", *engine::make_cpu_backend());
  EXPECT_EQ(outcome.planned, 4);
  EXPECT_EQ(outcome.retrained, 4);
  EXPECT_EQ(outcome.missing(), 0);
  const auto compressed = carry_out(late_study(kCompression), folder / "late");
  EXPECT_EQ(compressed.without_weights, 0);
  EXPECT_EQ(compressed.recorded, 8);
  EXPECT_EQ(contents(folder / "late"), contents(folder / "whole")) << "bit for bit";
  EXPECT_EQ(store::open_reader(folder / "late")->changed_values(), "");
}

TEST(Retrain, TrainsNothingIfAllWeightsAreThere) {
  const TemporaryFolder folder;
  static_cast<void>(carry_out(late_study(kCompression), folder / "store"));
  const auto outcome =
      retrained(late_study(kCompression), folder / "store", *engine::make_cpu_backend());
  EXPECT_EQ(outcome.planned, 0);
}

TEST(Retrain, RefusesWeightsOfAnotherResult) {
  const TemporaryFolder folder;
  static_cast<void>(carry_out(late_study(""), folder / "store"));
  const auto before = store::open_reader(folder / "store")->runs_with_weights();
  try {
    static_cast<void>(retrained(late_study(kCompression), folder / "store", FakeBackend()));
    FAIL() << "the fake backend has other results";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::input);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("late.minima: run "),
                                    HasSubstr("trained again it has a training loss of 0 instead"),
                                    HasSubstr("another --store")));
  }
  EXPECT_EQ(store::open_reader(folder / "store")->runs_with_weights(), before);
}

TEST(Retrain, ComparesResultsAndEveryEpoch) {
  const record::RunResult recorded{
      .status = record::RunStatus::finished,
      .epochs = 2,
      .train_loss = 0.5,
      .history = {{.epoch = 1, .layers = {}}, {.epoch = 2, .test_loss = 0.25, .layers = {}}}};
  EXPECT_EQ(difference_of(recorded, recorded), "");
  record::RunResult again = recorded;
  again.history[1].test_loss = 0.75;
  EXPECT_EQ(difference_of(recorded, again), "a test loss of 0.75 instead of 0.25 in epoch 2");
  again.train_loss = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(difference_of(recorded, again), "a training loss of nan instead of 0.5");
  again.status = record::RunStatus::diverged;
  EXPECT_EQ(difference_of(recorded, again), "the status diverged instead of finished");
  again = recorded;
  again.history.pop_back();
  EXPECT_EQ(difference_of(recorded, again), "fewer epochs");
}

}  // namespace
}  // namespace minima::run
