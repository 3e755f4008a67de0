// Pruning and quantization of a small trained population, with the real engine and store.
#include "run/compress/compress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "record/variant.h"
#include "small_study.h"
#include "study/settings/kept.h"
#include "support/not_empty.h"
#include "support/temporary_folder.h"

namespace minima::run {
namespace {

namespace fs = std::filesystem;
using record::VariantRow;
using testing::Each;
using testing::SizeIs;

study::Study small_study(const std::string& sections,
                         const std::string& architectures = "\"dnn 16\", \"cnn 2 max2\"",
                         int replicates = 2) {
  return study::parse_study(
      "[study]\nname = \"small\"\nreplicates = " + std::to_string(replicates) +
          "\nweights = \"all\"\n[data]\ndatasets = [\"glyphs train=500 test=200\"]\n"
          "[train]\nepochs = 4\nbatch = 20\nlearning_rate = 0.005\n[[design]]\narchitectures = [" +
          architectures + "]\n" + sections,
      "small.toml");
}

Prepared prepared(const study::Study& study) {
  return prepare(study, load_generated);
}

std::vector<VariantRow> variants_of(const std::string& sections,
                                    const std::string& architectures = "\"dnn 16\"",
                                    int replicates = 1) {
  const TemporaryFolder folder;
  static_cast<void>(carry_out(small_study(sections, architectures, replicates), folder / "store"));
  return store::open_reader(folder / "store")->variants();
}

double accuracy_of(const std::vector<VariantRow>& rows, const std::string& format,
                   const std::string& protocol = "") {
  for (const VariantRow& row : rows) {
    if (row.variant.format.name() == format && row.variant.quantization.starts_with(protocol)) {
      return row.variant.test_accuracy;
    }
  }
  ADD_FAILURE() << "no variant in " << format;
  return 0.0;
}

std::vector<std::string> lines_of(const fs::path& store) {
  std::vector<std::string> lines;
  for (const VariantRow& row : store::open_reader(store)->variants()) {
    const record::Variant& v = row.variant;
    lines.push_back(row.run_id + "|" + v.pruning + "|" + std::to_string(v.sparsity_asked) + "|" +
                    v.quantization + "|" + v.format.text() + "|" + v.tensor + "|" +
                    word_text(v.arithmetic) + "|" + std::to_string(v.kept) + "|" +
                    std::to_string(v.test_loss) + "|" + std::to_string(v.bytes.packed) + "|" +
                    v.note);
  }
  return lines;
}

constexpr const char* kEverything =
    "[[pruning.protocol]]\nsparsity = [0.3, 0.8]\n"
    "[[pruning.protocol]]\nschedule = \"geometric\"\nsparsity = 0.9\nrounds = 2\nepochs = 1\n"
    "[[pruning.protocol]]\nsparsity = 0.5\nrewind = 1\n"
    "[[pruning.protocol]]\nscope = \"one-layer\"\nsparsity = 0.5\n"
    "[[pruning.protocol]]\ntarget = \"units\"\nsparsity = 0.5\n"
    "[[quantization.protocol]]\nformats = [\"fp16\", \"int8\", \"int4\"]\nactivations = \"same\"\n"
    "pruned = true\n"
    "[[quantization.protocol]]\nmethod = \"qat\"\nformats = \"int2\"\nepochs = 1\n";

TEST(Compress, LeavesAnUnprunedNetworkAsItWas) {
  const TemporaryFolder folder;
  static_cast<void>(
      carry_out(small_study("[[pruning.protocol]]\nsparsity = 0\n"), folder / "store"));
  const auto reader = store::open_reader(folder / "store");
  const auto runs = reader->runs();
  const auto variants = reader->variants();
  ASSERT_THAT(variants, SizeIs(runs.size()));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    EXPECT_EQ(variants[i].run_id, runs[i].id);
    EXPECT_EQ(variants[i].variant.test_accuracy, runs[i].result.test_accuracy);
    EXPECT_NEAR(variants[i].variant.test_loss, runs[i].result.test_loss, 1e-6);
    EXPECT_EQ(variants[i].variant.bytes.dense, 4 * runs[i].parameters);
  }
}

TEST(Compress, ReportsTheSparsityAchieved) {
  for (const VariantRow& row :
       not_empty(variants_of("[[pruning.protocol]]\nsparsity = [0.25, 0.9]\n"))) {
    EXPECT_NEAR(row.variant.sparsity(), row.variant.sparsity_asked, 0.01);
    std::int64_t kept = 0;
    for (const record::VariantTensor& tensor : not_empty(row.variant.tensors)) kept += tensor.kept;
    EXPECT_EQ(kept, row.variant.kept);
  }
}

TEST(Compress, OfOneTensorDoesNotChangeTheOthers) {
  const auto rows = variants_of("[[pruning.protocol]]\nscope = \"one-layer\"\nsparsity = 0.5\n");
  ASSERT_THAT(rows, SizeIs(2));
  for (const VariantRow& row : rows) {
    for (const record::VariantTensor& tensor : row.variant.tensors) {
      EXPECT_EQ(tensor.kept,
                tensor.name == row.variant.tensor ? tensor.weights / 2 : tensor.weights);
    }
  }
}

TEST(Compress, FineTuningRecoversWhatPruningLost) {
  const auto rows = variants_of(
      "[[pruning.protocol]]\nsparsity = 0.9\n[[pruning.protocol]]\nsparsity = 0.9\nepochs = 3\n");
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[1].variant.epochs, 3);
  EXPECT_EQ(rows[0].variant.kept, rows[1].variant.kept);
  EXPECT_GT(rows[1].variant.test_accuracy, rows[0].variant.test_accuracy + 0.02);
}

TEST(Compress, RandomPruningIsTheWorseControl) {
  const auto rows = variants_of(
      "[[pruning.protocol]]\nsparsity = 0.7\n"
      "[[pruning.protocol]]\nsparsity = 0.7\ncriterion = \"random\"\n");
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_GT(rows[0].variant.test_accuracy, rows[1].variant.test_accuracy);
}

TEST(Compress, RemovesUnits) {
  const auto rows = variants_of("[[pruning.protocol]]\ntarget = \"units\"\nsparsity = 0.5\n",
                                "\"dnn 16\", \"cnn 4 max2\", \"vit d8 h2 l1 p7\"");
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0].variant.architecture, "dnn 8");
  EXPECT_EQ(rows[1].variant.architecture, "cnn 2 max2");
  EXPECT_EQ(rows[2].variant.architecture, "vit d8 h1 l1 p7 a4 m2");
  for (const VariantRow& row : rows) EXPECT_LT(row.variant.kept, row.variant.weights);
}

TEST(Compress, UsesIntegerArithmeticIfPossible) {
  const auto rows = variants_of(
      "[[quantization.protocol]]\nformats = [\"int8\", \"fp8-e4m3\"]\nactivations = \"same\"\n",
      "\"dnn 16\", \"cnn 2 max2\", \"vit d8 h2 l1 p7\"");
  ASSERT_THAT(rows, SizeIs(6));
  for (const VariantRow& row : rows) {
    const bool is_vit = row.variant.architecture.starts_with("vit");
    const bool is_integer = row.variant.format.name() == "int8" && !is_vit;
    EXPECT_EQ(row.variant.arithmetic,
              is_integer ? record::Arithmetic::integer : record::Arithmetic::simulated);
    EXPECT_EQ(row.variant.activations, row.variant.format);
    EXPECT_EQ(row.variant.note, "");
  }
}

TEST(Compress, LosesLittleAtEightBits) {
  const auto rows = variants_of(
      "[[pruning.protocol]]\nsparsity = 0\n"
      "[[quantization.protocol]]\nformats = [\"int8\", \"int16\", \"fp16\"]\n"
      "activations = \"same\"\ngranularity = \"channel\"\n",
      "\"dnn 16\", \"cnn 4 avg2\"");
  ASSERT_THAT(rows, SizeIs(8));
  for (std::size_t i = 0; i < rows.size(); i += 4) {
    // Rows with a pruning protocol come after those without.
    ASSERT_EQ(rows[i + 3].variant.format.name(), "fp32");
    const double dense = rows[i + 3].variant.test_accuracy;
    for (std::size_t j = i; j < i + 3; ++j) {
      EXPECT_NEAR(rows[j].variant.test_accuracy, dense, 0.016) << rows[j].variant.format.name();
    }
  }
}

TEST(Compress, TrainsForFewBits) {
  const auto rows = variants_of(
      "[[quantization.protocol]]\nformats = \"int2\"\n"
      "[[quantization.protocol]]\nmethod = \"qat\"\nformats = \"int2\"\nepochs = 3\n"
      "[[quantization.protocol]]\nmethod = \"scratch\"\nformats = \"int2\"\n");
  const double after = accuracy_of(rows, "int2", "ptq");
  EXPECT_GT(accuracy_of(rows, "int2", "qat"), after + 0.05);
  EXPECT_GT(accuracy_of(rows, "int2", "scratch"), after + 0.05);
}

TEST(Compress, TrainsActivationsToo) {
  const auto rows = variants_of(
      "[[quantization.protocol]]\nformats = \"int2\"\nactivations = \"int2\"\n"
      "[[quantization.protocol]]\nmethod = \"qat\"\nformats = \"int2\"\nactivations = \"int2\"\n"
      "epochs = 3\n");
  EXPECT_GT(accuracy_of(rows, "int2", "qat"), accuracy_of(rows, "int2", "ptq") + 0.05);
}

TEST(Compress, RecordsTheSameWithAnyNumberOfJobs) {
  const TemporaryFolder folder;
  const study::Study study = small_study(kEverything);
  const CompressionOutcome one = carry_out(study, folder / "one");
  static_cast<void>(carry_out(study, folder / "three", {.jobs = 3}));
  EXPECT_EQ(one.missing(), 0);
  EXPECT_EQ(one.recorded, 7 * 4);
  EXPECT_EQ(lines_of(folder / "one"), lines_of(folder / "three"));
}

/// Requests a stop after the given number of items.
class StopAfterPieces : public ProgressObserver {
 public:
  explicit StopAfterPieces(std::int64_t pieces) : pieces_(pieces) {}
  void on_compression(const CompressionProgress& progress) override {
    if (progress.done >= pieces_) source.request_stop();
  }
  std::stop_source source;

 private:
  std::int64_t pieces_;
};

TEST(Compress, ContinuesWhereItWasStopped) {
  const TemporaryFolder folder;
  const study::Study study = small_study(kEverything);
  static_cast<void>(carry_out(study, folder / "whole"));
  StopAfterPieces stop(5);
  const auto first = carry_out(study, folder / "resumed", {.stop = stop.source.get_token()}, &stop);
  EXPECT_TRUE(first.interrupted);
  EXPECT_GT(first.missing(), 0);
  const auto second = carry_out(study, folder / "resumed");
  EXPECT_EQ(second.recorded_before, first.recorded);
  EXPECT_EQ(second.missing(), 0);
  EXPECT_EQ(lines_of(folder / "resumed"), lines_of(folder / "whole"));
  EXPECT_EQ(carry_out(study, folder / "resumed").recorded, 0);
}

TEST(Compress, LeavesOutRunsWhoseWeightsWereNotKept) {
  const TemporaryFolder folder;
  study::Study before = small_study("", "\"dnn 4\"", 3);
  before.weights = study::KeepWeights::representative;
  static_cast<void>(carry_out(before, folder / "store"));
  const auto outcome = carry_out(small_study("[pruning]\n", "\"dnn 4\"", 3), folder / "store");
  EXPECT_EQ(outcome.planned, 3);
  EXPECT_EQ(outcome.recorded, 1);
  EXPECT_EQ(outcome.without_weights, 2);
  EXPECT_EQ(outcome.missing(), 0);
}

TEST(Compress, RefusesUnknownLayers) {
  EXPECT_THROW(static_cast<void>(prepared(small_study("[[pruning.protocol]]\nkeep = \"fc9\"\n"))),
               Error);
  EXPECT_NO_THROW(
      static_cast<void>(prepared(small_study("[[pruning.protocol]]\nkeep = \"conv1\"\n"))));
}

}  // namespace
}  // namespace minima::run
