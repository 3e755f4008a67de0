// The weight files of a store: which weights are kept, and that a kill between any two steps of
// sealing loses nothing.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

#include "example_store.h"
#include "record/run_result.h"
#include "record/study.h"
#include "store/files/safetensors.h"
#include "study/settings/kept.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using study::KeepWeights;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Size in bytes of the example weights of one run.
constexpr std::uint64_t kRunBytes = (5 * 4 + 5) * sizeof(float);

void copy_store(const fs::path& from, const fs::path& to) {
  fs::copy(from, to, fs::copy_options::recursive);
}

class WeightsFiles : public testing::Test {
 protected:
  std::unique_ptr<Writer> begun(KeepWeights keep = KeepWeights::all,
                                std::uint64_t file_bytes = 1'000'000) const {
    auto writer = open_writer(store_, {.weights_file_bytes = file_bytes});
    writer->begin(example_study(keep), example_datasets(), plan_);
    return writer;
  }
  std::vector<std::string> runs_with_weights(const fs::path& store) const {
    const auto reader = open_reader(store);
    std::vector<std::string> ids;
    for (const auto& run : plan_) {
      if (reader->weights(run.id).empty()) continue;
      EXPECT_TRUE(has_example_weights(*reader, run));
      ids.push_back(run.id);
    }
    return ids;
  }
  /// A copy of a store with six runs in a part, as left by a killed writer, and one sealed run.
  void make_stages(const fs::path& before, const fs::path& after) {
    auto writer = begun();
    for (std::size_t i = 0; i < 6; ++i) record(*writer, plan_[i]);
    copy_store(store_, before);
    writer.reset();
    copy_store(store_, after);
  }

  TemporaryFolder folder_;
  fs::path store_ = folder_ / "store";
  std::vector<study::Run> plan_ = example_plan();
};

TEST_F(WeightsFiles, AreAPartWhileWritingAndOneSafetensorsFileAfterwards) {
  auto writer = begun();
  for (const auto& run : plan_) record(*writer, run);
  EXPECT_THAT(weights_files(store_), ElementsAre("weights-0001.part"));
  writer.reset();
  EXPECT_THAT(weights_files(store_), ElementsAre("weights-0001.safetensors"));
  EXPECT_THAT(runs_with_weights(store_), SizeIs(plan_.size()));
}

TEST_F(WeightsFiles, TakeWeightsOfARecordedRunThatHasNone) {
  const auto writer = begun();
  EXPECT_THROW(writer->add_weights(plan_[0].id, ExampleWeights(plan_[0]).tensors()),
               std::logic_error)
      << "not recorded yet";
  writer->record(plan_[0], example_result(plan_[0]), {});
  EXPECT_THAT(runs_with_weights(store_), IsEmpty());
  writer->add_weights(plan_[0].id, ExampleWeights(plan_[0]).tensors());
  EXPECT_THAT(runs_with_weights(store_), ElementsAre(plan_[0].id));
  writer->add_weights(plan_[0].id, ExampleWeights(plan_[1]).tensors());
  EXPECT_THAT(runs_with_weights(store_), ElementsAre(plan_[0].id)) << "the first ones stay";
  EXPECT_EQ(open_reader(store_)->changed_values(), "");
}

TEST_F(WeightsFiles, NameTensorsByRunAndTellTheStudy) {
  record(*begun(), plan_[3]);
  const PosixFile file(store_ / "weights-0001.safetensors", O_RDONLY);
  const SafetensorsHeader header = read_safetensors_header(file);
  EXPECT_THAT(header.metadata,
              ElementsAre(std::pair<const std::string, std::string>("format", "pt"),
                          std::pair<const std::string, std::string>("study", "example")));
  ASSERT_THAT(header.tensors, SizeIs(2));
  EXPECT_EQ(header.tensors[0].name, plan_[3].id + "/fc1.weight");
  EXPECT_EQ(header.tensors[1].name, plan_[3].id + "/fc1.bias");
}

TEST_F(WeightsFiles, AreTheSameBytesWhateverTheOrderOfTheRuns) {
  {
    const auto writer = begun();
    for (const auto& run : plan_) record(*writer, run);
  }
  fs::rename(store_, folder_ / "forward");
  {
    const auto writer = begun();
    for (auto run = plan_.rbegin(); run != plan_.rend(); ++run) record(*writer, *run);
  }
  const auto bytes = [](const fs::path& store) {
    std::ifstream in(store / "weights-0001.safetensors", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  EXPECT_EQ(bytes(store_), bytes(folder_ / "forward"));
}

TEST_F(WeightsFiles, AreSealedAndContinuedWhenTheyAreFull) {
  const auto writer = begun(KeepWeights::all, 4 * kRunBytes);
  for (std::size_t i = 0; i < 10; ++i) record(*writer, plan_[i]);
  EXPECT_THAT(weights_files(store_), ElementsAre("weights-0001.safetensors",
                                                 "weights-0002.safetensors", "weights-0003.part"));
  EXPECT_THAT(runs_with_weights(store_), SizeIs(10));
}

TEST_F(WeightsFiles, OfShortSessionsArePutTogether) {
  for (std::size_t i = 0; i < 5; ++i) record(*begun(), plan_[i]);
  EXPECT_THAT(weights_files(store_), SizeIs(1));
  EXPECT_THAT(runs_with_weights(store_), SizeIs(5));
}

TEST_F(WeightsFiles, HoldOneRepresentativePerCompleteArchitecture) {
  {
    const auto writer = begun(KeepWeights::representative);
    for (std::size_t i = 0; i < 5; ++i) record(*writer, plan_[i]);  // 3 of dnn 2, 2 of dnn 4
  }
  auto ids = runs_with_weights(store_);
  EXPECT_THAT(ids, SizeIs(1 + 2));
  {
    const auto writer = begun(KeepWeights::representative);
    for (const auto& run : plan_) record(*writer, run);
  }
  ids = runs_with_weights(store_);
  ASSERT_THAT(ids, SizeIs(6));
  for (std::size_t group = 0; group < 6; ++group) {
    std::vector<std::pair<double, std::string>> ranked;
    for (std::size_t r = 0; r < 3; ++r) {
      const auto& run = plan_[3 * group + r];
      ranked.emplace_back(example_result(run).test_accuracy, run.id);
    }
    std::sort(ranked.begin(), ranked.end());
    EXPECT_EQ(ids[group], ranked[1].second);
  }
  std::uint64_t size = 0;
  for (const auto& name : weights_files(store_)) size += fs::file_size(store_ / name);
  EXPECT_LT(size, 6 * (kRunBytes + 250));  // dropped weights take no space
}

TEST_F(WeightsFiles, OfAShardKeepAllReplicatesUntilTheMerge) {
  const auto writer = open_writer(store_);
  record::StudyRecord study = example_study(KeepWeights::representative);
  study.shard = "1/2";
  writer->begin(study, example_datasets(), plan_);
  for (const auto& run : plan_) record(*writer, run);
  writer->seal();
  EXPECT_THAT(runs_with_weights(store_), SizeIs(plan_.size()));
}

TEST_F(WeightsFiles, AreNotWrittenWhenNothingIsKept) {
  {
    const auto writer = begun(KeepWeights::none);
    for (const auto& run : plan_) record(*writer, run);
  }
  EXPECT_THAT(weights_files(store_), IsEmpty());
}

TEST_F(WeightsFiles, GoWhenASettingChangedToNone) {
  record(*begun(), plan_[0]);
  begun(KeepWeights::none);
  EXPECT_THAT(weights_files(store_), IsEmpty());
  EXPECT_THAT(runs_with_weights(store_), IsEmpty());
  EXPECT_EQ(open_reader(store_)->runs()[0].result.status, record::RunStatus::finished);
}

TEST_F(WeightsFiles, AreRewrittenOnceMoreThanHalfOfAFileIsDropped) {
  {
    const auto writer = begun(KeepWeights::representative, 5 * kRunBytes);
    // Two of three replicates per group: incomplete, so all weights are kept and sealed.
    for (std::size_t i = 0; i < plan_.size(); ++i) {
      if (i % 3 != 2) record(*writer, plan_[i]);
    }
  }
  EXPECT_THAT(runs_with_weights(store_), SizeIs(12));
  {
    const auto writer = begun(KeepWeights::representative, 5 * kRunBytes);
    for (const auto& run : plan_) record(*writer, run);
  }
  EXPECT_THAT(runs_with_weights(store_), SizeIs(6));
  std::uint64_t values = 0;
  for (const auto& name : weights_files(store_)) {
    const PosixFile file(store_ / name, O_RDONLY);
    values += file.size() - read_safetensors_header(file).data_start;
  }
  EXPECT_LE(values, 2 * 6 * kRunBytes);
}

// ---- leftovers of a killed writer ------------------------------------------------------------

TEST_F(WeightsFiles, SurviveAKillBeforeSealing) {
  make_stages(folder_ / "before", folder_ / "after");
  EXPECT_THAT(runs_with_weights(folder_ / "before"), SizeIs(6));
  open_and_close(folder_ / "before");
  EXPECT_THAT(weights_files(folder_ / "before"), ElementsAre("weights-0001.safetensors"));
  EXPECT_THAT(runs_with_weights(folder_ / "before"), SizeIs(6));
}

TEST_F(WeightsFiles, SurviveAKillWhileTheNewFileIsWritten) {
  make_stages(folder_ / "before", folder_ / "after");
  std::ofstream(folder_ / "before" / "weights-0001.safetensors.tmp") << "half a header";
  EXPECT_THAT(runs_with_weights(folder_ / "before"), SizeIs(6));
  open_and_close(folder_ / "before");
  EXPECT_THAT(weights_files(folder_ / "before"), ElementsAre("weights-0001.safetensors"));
  EXPECT_THAT(runs_with_weights(folder_ / "before"), SizeIs(6));
}

TEST_F(WeightsFiles, SurviveAKillBetweenRenameAndIndex) {
  make_stages(folder_ / "before", folder_ / "after");
  fs::copy_file(folder_ / "after" / "weights-0001.safetensors",
                folder_ / "before" / "weights-0001.safetensors");
  EXPECT_THAT(runs_with_weights(folder_ / "before"), SizeIs(6));
  const auto writer = open_writer(folder_ / "before");
  EXPECT_THAT(weights_files(folder_ / "before"), ElementsAre("weights-0001.part"));
  writer->seal();
  EXPECT_THAT(weights_files(folder_ / "before"), ElementsAre("weights-0001.safetensors"));
  EXPECT_THAT(runs_with_weights(folder_ / "before"), SizeIs(6));
}

TEST_F(WeightsFiles, SurviveAKillBetweenIndexAndRemoval) {
  make_stages(folder_ / "before", folder_ / "after");
  fs::copy_file(folder_ / "before" / "weights-0001.part", folder_ / "after" / "weights-0001.part");
  EXPECT_THAT(runs_with_weights(folder_ / "after"), SizeIs(6));
  open_and_close(folder_ / "after");
  EXPECT_THAT(weights_files(folder_ / "after"), ElementsAre("weights-0001.safetensors"));
  EXPECT_THAT(runs_with_weights(folder_ / "after"), SizeIs(6));
}

TEST_F(WeightsFiles, IgnoreATornTail) {
  make_stages(folder_ / "before", folder_ / "after");
  std::ofstream(folder_ / "before" / "weights-0001.part", std::ios::app) << "torn";
  const auto writer = open_writer(folder_ / "before");
  writer->begin(example_study(), example_datasets(), plan_);
  record(*writer, plan_[6]);
  writer->seal();
  EXPECT_THAT(runs_with_weights(folder_ / "before"), SizeIs(7));
}

TEST_F(WeightsFiles, ThatLostTheirEndInAPowerCutMakeTheirRunsPlannedAgain) {
  make_stages(folder_ / "before", folder_ / "after");
  fs::resize_file(folder_ / "before" / "weights-0001.part", 4 * kRunBytes + 8);
  const auto writer = open_writer(folder_ / "before");
  EXPECT_THAT(writer->recorded(), SizeIs(4));
  const auto reader = open_reader(folder_ / "before");
  EXPECT_THAT(reader->history(plan_[4].id), IsEmpty());
  EXPECT_THAT(runs_with_weights(folder_ / "before"), SizeIs(4));
  writer->begin(example_study(), example_datasets(), plan_);
  record(*writer, plan_[4]);
  writer->seal();
  EXPECT_THAT(runs_with_weights(folder_ / "before"), SizeIs(5)) << "they can be recorded again";
}

TEST_F(WeightsFiles, ThatAreMissingAreNamed) {
  record(*begun(), plan_[0]);
  fs::remove(store_ / "weights-0001.safetensors");
  const auto reader = open_reader(store_);
  const Error error = error_of([&] { static_cast<void>(reader->weights(plan_[0].id)); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), testing::HasSubstr("weights-0001.safetensors"));
}

}  // namespace
}  // namespace minima::store
