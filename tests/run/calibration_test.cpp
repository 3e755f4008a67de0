// Each protocol is calibrated with its own number of images, independent of what is evaluated with
// it. Networks that an older version calibrated with another protocol's images are made again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "record/run_row.h"
#include "record/variant.h"
#include "run/variants/remake.h"
#include "small_study.h"
#include "store/database/sqlite_database.h"
#include "support/temporary_folder.h"

namespace minima::run {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// 3 images give narrower ranges of activations than 300.
constexpr const char* kCalibratedStudy = R"(
[study]
name = "small"
replicates = 2
[data]
datasets = ["glyphs train=300 test=100"]
[train]
epochs = 2
batch = 20
learning_rate = 0.005
[[design]]
architectures = ["dnn 8", "cnn 2 max2", "vit d8 h2 l1 p7"]
[[pruning.protocol]]
sparsity = [0.3, 0.8]
[[quantization.protocol]]
formats = ["int8", "int4"]
activations = "int4"
calibration_images = 3
pruned = true
[[quantization.protocol]]
formats = ["int8", "int4"]
activations = "int4"
calibration_images = 300
pruned = true
)";

using Losses = std::map<std::string, double>;

std::string variant_text(const record::VariantRow& row) {
  return row.run_id + " " + row.variant.pruning + " " + std::to_string(row.variant.sparsity_asked) +
         " " + row.variant.quantization + " " + row.variant.format.text();
}

Losses losses_of(const store::Reader& reader) {
  Losses losses;
  for (const record::VariantRow& row : reader.variants()) {
    losses[variant_text(row)] = row.variant.test_loss;
  }
  return losses;
}

void execute_sql(const std::filesystem::path& folder, const char* sql) {
  store::Database(folder / "runs.sqlite", store::Database::Access::write).execute(sql);
}

class Calibration : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<TemporaryFolder>();
    static_cast<void>(carry_out(kCalibratedStudy, *folder));
  }
  static void TearDownTestSuite() { folder.reset(); }
  static inline std::unique_ptr<TemporaryFolder> folder;
};

TEST_F(Calibration, IsThatOfTheProtocolAlone) {
  const auto study = study::parse_study(kCalibratedStudy, "small.toml");
  const auto backend = engine::make_cpu_backend();
  const auto dataset = backend->prepare(std::make_shared<const data::Dataset>(
      load_generated(data::parse_source("glyphs train=300 test=100"))));
  const auto reader = store::open_reader(*folder / "store");
  std::map<std::string, record::RunRow> rows;
  for (const record::RunRow& row : reader->runs()) rows.emplace(row.id, row);
  int quantized_pruned = 0;
  for (const record::VariantRow& row : reader->variants()) {
    const record::Variant& recorded = row.variant;
    const RemadeVariant alone =
        remake(stored_run(*reader, study, rows.at(row.run_id)), study,
               {recorded.pruning, recorded.sparsity_asked, recorded.quantization, recorded.format},
               *dataset, *backend);
    EXPECT_EQ(alone.evaluated.variant.test_loss, recorded.test_loss) << variant_text(row);
    EXPECT_EQ(alone.evaluated.variant.test_accuracy, recorded.test_accuracy) << variant_text(row);
    EXPECT_EQ(alone.evaluated.variant.outcomes.test.size(), 100U);
    quantized_pruned += !recorded.pruning.empty() && !recorded.quantization.empty() ? 1 : 0;
  }
  EXPECT_EQ(quantized_pruned, 6 * 2 * 2 * 2);
}

TEST_F(Calibration, OfOneManyImagesDiffersFromThatOfFew) {
  const auto study = study::parse_study(kCalibratedStudy, "small.toml");
  const std::string few = study.quantization.protocols[0].text() + " ";
  const std::string many = study.quantization.protocols[1].text() + " ";
  const Losses losses = losses_of(*store::open_reader(*folder / "store"));
  int different = 0;
  for (const auto& [key, loss] : losses) {
    const std::size_t at = key.find(few);
    if (at == std::string::npos) continue;
    std::string other = key;
    other.replace(at, few.size(), many);
    different += losses.at(other) != loss ? 1 : 0;
  }
  EXPECT_GT(different, 20);
}

TEST_F(Calibration, OfAnOlderVersionIsRepeatedOnce) {
  const TemporaryFolder old;
  static_cast<void>(carry_out(kCalibratedStudy, old));
  const Losses right = losses_of(*store::open_reader(old / "store"));
  // Recreates the state left by the older version: wrong figures for calibrated variants.
  execute_sql(old / "store",
              "DELETE FROM checksum; UPDATE compression_task SET schema = 5;"
              "UPDATE variant SET test_loss = 123.0 WHERE activations <> 'fp32'");
  EXPECT_THAT(store::open_reader(old / "store")->lacks(),
              testing::Contains(HasSubstr("48 pruned and quantized networks may have been")));
  const CompressionOutcome outcome = carry_out(kCalibratedStudy, old);
  EXPECT_EQ(outcome.again, 6) << "the pruning of each run";
  EXPECT_EQ(outcome.recorded, 6);
  EXPECT_EQ(outcome.missing(), 0);
  Losses now = losses_of(*store::open_reader(old / "store"));
  int left = 0;
  for (const auto& [key, loss] : right) {
    // Networks without pruning were evaluated with one protocol at a time, so they stay unchanged.
    const bool was_pruned = key.find("one-shot") != std::string::npos;
    EXPECT_EQ(now.at(key), was_pruned ? loss : 123.0) << key;
    left += was_pruned ? 0 : 1;
  }
  EXPECT_EQ(left, 6 * 2 * 2);
  EXPECT_THAT(store::open_reader(old / "store")->lacks(), IsEmpty());
  EXPECT_EQ(carry_out(kCalibratedStudy, old).again, 0);
}

TEST_F(Calibration, OfOneProtocolIsTrusted) {
  const std::string one =
      std::string(kCalibratedStudy).substr(0, std::string(kCalibratedStudy).rfind("[[quant"));
  const TemporaryFolder old;
  static_cast<void>(carry_out(one, old));
  execute_sql(old / "store", "DELETE FROM checksum; UPDATE compression_task SET schema = 5");
  const CompressionOutcome outcome = carry_out(one, old);
  EXPECT_EQ(outcome.again, 0);
  EXPECT_EQ(outcome.recorded, 0);
  EXPECT_THAT(store::open_reader(old / "store")->lacks(), IsEmpty());
}

constexpr const char* kStudyOfHeads = R"(
[study]
name = "heads"
weights = "all"
[data]
datasets = ["glyphs train=60 test=20"]
[train]
epochs = 1
batch = 20
[[design]]
architectures = ["vit d8 h2 l1 p7", "vit d8 h2 l1 p7 a3"]
[[pruning.protocol]]
target = "units"
sparsity = 0.5
[[quantization.protocol]]
formats = "int8"
activations = "same"
pruned = true
)";

TEST(HeadsOfOtherWidth, OfAnOlderVersionAreQuantizedAgainOnce) {
  const TemporaryFolder old;
  static_cast<void>(carry_out(kStudyOfHeads, old));
  const Losses right = losses_of(*store::open_reader(old / "store"));
  EXPECT_THAT(store::open_reader(old / "store")->lacks(), IsEmpty());
  execute_sql(old / "store",
              "DELETE FROM checksum; UPDATE compression_task SET schema = 8;"
              "UPDATE variant SET test_loss = 123.0 WHERE activations <> 'fp32' AND "
              "architecture <> 'vit d8 h2 l1 p7'");
  EXPECT_THAT(store::open_reader(old / "store")->lacks(),
              testing::Contains(HasSubstr("3 vision transformers with quantized activations")));
  const CompressionOutcome outcome = carry_out(kStudyOfHeads, old);
  EXPECT_EQ(outcome.again, 3) << "both prunings, and the quantization of the heads of width 3";
  EXPECT_EQ(losses_of(*store::open_reader(old / "store")), right);
  EXPECT_THAT(store::open_reader(old / "store")->lacks(), IsEmpty());
  EXPECT_EQ(carry_out(kStudyOfHeads, old).again, 0);
}

TEST(HeadsOfOtherWidth, ThatPruningDidNotChangeAreCheckedOnce) {
  std::string study = kStudyOfHeads;
  study.replace(study.find("sparsity = 0.5"), 14, "sparsity = 0.0");
  const TemporaryFolder old;
  static_cast<void>(carry_out(study, old));
  const Losses right = losses_of(*store::open_reader(old / "store"));
  execute_sql(old / "store", "DELETE FROM checksum; UPDATE compression_task SET schema = 8");
  EXPECT_EQ(carry_out(study, old).again, 3) << "both prunings, and the heads of width 3";
  EXPECT_EQ(carry_out(study, old).again, 0);
  EXPECT_EQ(losses_of(*store::open_reader(old / "store")), right);
}

TEST_F(Calibration, IsTheSameWithLittleMemory) {
  const TemporaryFolder small;
  static_cast<void>(carry_out(kCalibratedStudy, small, 1, 3));
  EXPECT_EQ(losses_of(*store::open_reader(small / "store")),
            losses_of(*store::open_reader(*folder / "store")));
}

}  // namespace
}  // namespace minima::run
