// Weights that differ from the recorded ones are never read, copied, merged or kept.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/codes/crc32.h"
#include "damage.h"
#include "example_store.h"
#include "record/run_result.h"
#include "record/weight_summary.h"
#include "store/doctor.h"
#include "store/files/safetensors.h"
#include "support/not_empty.h"
#include "support/sanitizers.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class DamagedWeights : public testing::Test {
 protected:
  DamagedWeights() {
    const auto writer = open_writer(store_);
    writer->begin(example_study(), example_datasets(), plan_);
    for (std::size_t i = 0; i < 4; ++i) record(*writer, plan_[i]);
  }
  [[nodiscard]] std::string refusal(const study::Run& run) const {
    const Error error = error_of([&] { static_cast<void>(open_reader(store_)->weights(run.id)); });
    EXPECT_EQ(error.kind(), Error::Kind::input);
    return error.what();
  }
  /// Makes `store_` a store with one run whose weights are not sealed.
  void kill_a_writer() {
    const auto writer = open_writer(folder_ / "alive");
    writer->begin(example_study(), example_datasets(), plan_);
    record(*writer, plan_[0]);
    store_ = folder_ / "killed";
    fs::copy(folder_ / "alive", store_, fs::copy_options::recursive);
  }
  [[nodiscard]] std::string doctor() const { return "`minima doctor " + store_.string() + "`"; }

  TemporaryFolder folder_;
  fs::path store_ = folder_ / "store";
  fs::path sealed_ = store_ / "weights-0001.safetensors";
  std::vector<study::Run> plan_ = example_plan();
};

TEST_F(DamagedWeights, AnyFlippedBitOfAValueIsFoundAndNamed) {
  const std::uint64_t begin = read_safetensors_header(PosixFile(sealed_, O_RDONLY)).data_start;
  constexpr std::uint64_t kBytesOfRun = 25 * sizeof(float);
  for (std::uint64_t byte = 0; byte < kBytesOfRun; ++byte) {
    flip_bit(sealed_, begin + kBytesOfRun + byte, static_cast<int>(byte % 8));
    const std::string tensor = byte < 20 * sizeof(float) ? "fc1.weight" : "fc1.bias";
    EXPECT_THAT(
        refusal(plan_[1]),
        AllOf(HasSubstr("weights-0001.safetensors: run " + plan_[1].id + ", tensor " + tensor),
              HasSubstr("not those that were recorded"), HasSubstr(doctor())));
    EXPECT_TRUE(has_example_weights(*open_reader(store_), plan_[0])) << "others stay usable";
    flip_bit(sealed_, begin + kBytesOfRun + byte, static_cast<int>(byte % 8));
  }
}

TEST_F(DamagedWeights, AnyFlippedBitOfTheHeaderIsFoundUnlessItOnlyConcernsNotes) {
  const std::uint64_t end = read_safetensors_header(PosixFile(sealed_, O_RDONLY)).data_start;
  std::string header = bytes_of(sealed_).substr(0, end);
  const std::size_t notes = header.find("__metadata__");
  const std::size_t after_notes = header.find('}', notes);
  int missed = 0;
  for (std::uint64_t byte = 0; byte < end; ++byte) {
    if (byte >= notes - 1 && byte <= after_notes) continue;
    for (int bit = 0; bit < 8; ++bit) {
      if (kSanitized && static_cast<int>(byte % 8) != bit) continue;  // saves time
      flip_bit(sealed_, byte, bit);
      try {
        static_cast<void>(open_reader(store_)->weights(plan_[2].id));
        // A space may change into another white space character.
        if (header[byte] != ' ') ++missed;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::input);
      }
      flip_bit(sealed_, byte, bit);
    }
  }
  EXPECT_EQ(missed, 0);
}

TEST_F(DamagedWeights, AFileOfAnotherStoreIsNotTaken) {
  const fs::path other = folder_ / "other";
  {
    const auto writer = open_writer(other);
    writer->begin(example_study(), example_datasets(), plan_);
    for (std::size_t i = 4; i < 8; ++i) record(*writer, plan_[i]);
  }
  fs::copy_file(other / "weights-0001.safetensors", sealed_, fs::copy_options::overwrite_existing);
  EXPECT_THAT(refusal(plan_[0]), HasSubstr("the header does not name it"));
}

TEST_F(DamagedWeights, InAPartAreNotReadAndTheirRunIsPlannedAgain) {
  kill_a_writer();
  flip_bit(store_ / "weights-0001.part", 17, 3);
  EXPECT_THAT(refusal(plan_[0]), HasSubstr("weights-0001.part: run " + plan_[0].id));
  EXPECT_THAT(open_writer(store_)->recorded(), testing::IsEmpty());
}

TEST_F(DamagedWeights, InAPartAreNotSealed) {
  kill_a_writer();
  {
    const auto writer = open_writer(store_);
    flip_bit(store_ / "weights-0001.part", 17, 3);
    const Error error = error_of([&] { writer->seal(); });
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("not those that were recorded"), HasSubstr(doctor())));
  }
  EXPECT_THAT(weights_files(store_), testing::ElementsAre("weights-0001.part"));
}

TEST_F(DamagedWeights, AreNotMergedAndLeaveNothingBehind) {
  flip_bit(sealed_, fs::file_size(sealed_) - 1, 0);
  const std::vector<fs::path> stores{store_};
  const Error error = error_of([&] { merge(folder_ / "new" / "out", stores); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), HasSubstr(sealed_.string()));
  EXPECT_FALSE(fs::exists(folder_ / "new"));
}

TEST_F(DamagedWeights, ThatAreSmallerThanTheIndexSaysTakeNoMemory) {
  kill_a_writer();
  execute(store_, "UPDATE weight SET count = 2000000000000, shape = '[2000000000000]'");
  EXPECT_THAT(refusal(plan_[0]), HasSubstr("the file ends too early"));
  execute(store_, "UPDATE weight SET count = -1, shape = '[-1]'");
  EXPECT_THAT(refusal(plan_[0]), HasSubstr("weight"));
}

TEST_F(DamagedWeights, AreNotReadInPart) {
  for (const int tensor : {0, 1}) {
    fs::copy(store_, folder_ / "whole", fs::copy_options::recursive);
    execute(store_, fmt::format("DELETE FROM weight WHERE tensor = {}", tensor));
    EXPECT_THAT(refusal(plan_[0]), HasSubstr(doctor()));
    fs::remove_all(store_);
    fs::rename(folder_ / "whole", store_);
  }
}

TEST_F(DamagedWeights, ChecksumsAreThoseOfTheBytes) {
  const auto lines = lines_of(*open_reader(store_), "weights");
  const ExampleWeights weights(plan_[0]);
  const auto checksum = crc32(std::as_bytes(weights.tensors()[0].values));
  EXPECT_TRUE(lines[1].ends_with("|" + std::to_string(checksum))) << lines[1];
}

TEST_F(DamagedWeights, ChecksumsComeAlongWhenFilesAreRewrittenAndMerged) {
  const auto checksums = [](const fs::path& store) {
    std::vector<std::string> all;
    for (const std::string& line : lines_of(*open_reader(store), "weights")) {
      all.push_back(line.substr(line.rfind('|')));
    }
    return all;
  };
  const auto before = checksums(store_);
  {
    const auto writer = open_writer(store_);
    writer->begin(example_study(), example_datasets(), plan_);
    record(*writer, plan_[4]);
  }
  auto after = checksums(store_);
  ASSERT_THAT(after, SizeIs(1 + 2 * 5));
  merge(folder_ / "out", std::vector<fs::path>{store_});
  EXPECT_EQ(checksums(folder_ / "out"), after);
  after.resize(before.size());
  EXPECT_EQ(after, before);
}

// ---- stores of older versions, which have no checksums --------------------------------------

/// The summary recorded for these values after training.
record::WeightSummary summary_of(const NamedTensor& tensor, int number) {
  record::WeightSummary summary = example_summary(record::WeightStage::end, 0.0);
  summary.tensor = number;
  summary.name = tensor.spec.name;
  summary.shape = tensor.spec.shape;
  record::TensorStatistics& s = summary.statistics;
  s = {.count = static_cast<std::int64_t>(tensor.values.size())};
  double squares = 0.0;
  for (const float value : tensor.values) {
    s.mean += value;
    s.l1 += std::fabs(value);
    squares += static_cast<double>(value) * value;
    s.max = std::max<double>(s.max, std::fabs(value));
  }
  s.mean /= static_cast<double>(tensor.values.size());
  s.l2 = std::sqrt(squares);
  return summary;
}

class WithoutChecksums : public testing::Test {
 protected:
  WithoutChecksums() {
    const auto writer = open_writer(store_);
    writer->begin(example_study(), example_datasets(), example_plan());
    const ExampleWeights weights(run_);
    record::RunResult result = example_result(run_);
    result.weights = {summary_of(weights.tensors()[0], 0), summary_of(weights.tensors()[1], 1)};
    writer->record(run_, result, weights.tensors());
    writer->seal();
    execute(store_, "UPDATE weight SET checksum = NULL");
    begin_ = read_safetensors_header(PosixFile(sealed_, O_RDONLY)).data_start;
  }
  void expect_damage() const {
    const Error error = error_of([&] { static_cast<void>(open_reader(store_)->weights(run_.id)); });
    EXPECT_THAT(error.what(), HasSubstr("not those that were recorded"));
  }
  void flip_signs(std::uint64_t values) const {
    for (std::uint64_t i = 0; i < values; ++i) flip_bit(sealed_, begin_ + 4 * i + 3, 7);
  }

  study::Run run_ = example_plan()[0];
  TemporaryFolder folder_;
  fs::path store_ = folder_ / "store";
  fs::path sealed_ = store_ / "weights-0001.safetensors";
  std::uint64_t begin_ = 0;
};

TEST_F(WithoutChecksums, WholeWeightsAreRead) {
  EXPECT_TRUE(has_example_weights(*open_reader(store_), run_));
}

TEST_F(WithoutChecksums, AChangedWeightIsFoundByTheFiguresOfTheWeights) {
  flip_bit(sealed_, begin_ + 4 * 7 + 2, 5);
  expect_damage();
}

TEST_F(WithoutChecksums, FlippedSignsAreFoundByTheMean) {
  flip_signs(1);
  expect_damage();
  flip_signs(1);
  flip_signs(20);
  expect_damage();
}

TEST_F(WithoutChecksums, NothingIsSaidWhereNothingWasRecorded) {
  execute(store_, "DELETE FROM weight_summary");
  flip_bit(sealed_, begin_ + 4 * 7 + 2, 5);
  EXPECT_THAT(open_reader(store_)->weights(run_.id), SizeIs(2));
}

TEST_F(WithoutChecksums, TheyGetThemWhenTheFileIsWrittenAgain) {
  {
    const auto writer = open_writer(store_);
    writer->begin(example_study(), example_datasets(), example_plan());
    record(*writer, example_plan()[1]);
  }
  for (const std::string& line : not_empty(lines_of(*open_reader(store_), "weights"))) {
    EXPECT_FALSE(line.ends_with("NULL")) << line;
  }
}

TEST_F(WithoutChecksums, DamageIsNotSealedAway) {
  flip_signs(20);
  const auto writer = open_writer(store_);
  writer->begin(example_study(), example_datasets(), example_plan());
  record(*writer, example_plan()[1]);
  EXPECT_THAT(error_of([&] { writer->seal(); }).what(), HasSubstr("not those that were recorded"));
}

// ---- weights that are gone ------------------------------------------------------------------

TEST_F(DamagedWeights, ThatAreGoneAreMissed) {
  EXPECT_THAT(lost_weights(store_), IsEmpty());
  fs::resize_file(sealed_, fs::file_size(sealed_) - 1);
  auto lost = lost_weights(store_);
  ASSERT_THAT(lost, SizeIs(1));
  EXPECT_EQ(lost[0].problem, "is too short");
  EXPECT_EQ(lost[0].runs, 1);
  fs::remove(sealed_);
  lost = lost_weights(store_);
  ASSERT_THAT(lost, SizeIs(1));
  EXPECT_EQ(lost[0].file, "weights-0001.safetensors");
  EXPECT_EQ(lost[0].problem, "is missing");
  EXPECT_EQ(lost[0].runs, 4);
}

TEST_F(DamagedWeights, ThatAreGoneDoNotKeepOthersFromBeingSealed) {
  fs::remove(sealed_);
  {
    const auto writer = open_writer(store_);
    writer->begin(example_study(), example_datasets(), plan_);
    record(*writer, plan_[4]);
    writer->seal();
  }
  EXPECT_TRUE(has_example_weights(*open_reader(store_), plan_[4]));
  EXPECT_THAT(weights_files(store_), testing::ElementsAre("weights-0002.safetensors"));
}

}  // namespace
}  // namespace minima::store
