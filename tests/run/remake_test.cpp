// Variants remade from a store with the real engine must equal the recorded ones.
#include "run/variants/remake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "core/error.h"
#include "record/run_row.h"
#include "record/variant.h"
#include "small_study.h"
#include "support/temporary_folder.h"

namespace minima::run {
namespace {

constexpr const char* kRemadeStudy = R"(
[study]
name = "small"
replicates = 2
weights = "all"
[data]
datasets = ["glyphs train=300 test=100 validation_share=0.2"]
[train]
epochs = 2
batch = 20
learning_rate = 0.005
[[design]]
architectures = ["dnn 8", "cnn 2 max2", "vit d8 h2 l1 p7"]
[[pruning.protocol]]
sparsity = [0.3, 0.8]
[[pruning.protocol]]
schedule = "geometric"
sparsity = 0.9
rounds = 2
epochs = 1
[[pruning.protocol]]
sparsity = 0.5
rewind = 1
[[pruning.protocol]]
target = "units"
sparsity = 0.5
[[pruning.protocol]]
criterion = "random"
sparsity = 0.5
[[quantization.protocol]]
formats = ["fp16", "int8", "ternary"]
activations = "int8"
pruned = true
[[quantization.protocol]]
method = "qat"
formats = ["int4", "int2"]
epochs = 1
[[quantization.protocol]]
method = "scratch"
formats = "int2"
)";

/// A store of the study, written once for all tests of a suite.
class Remake : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<TemporaryFolder>();
    static_cast<void>(carry_out(kRemadeStudy, *folder));
  }
  static void TearDownTestSuite() { folder.reset(); }

  [[nodiscard]] RemadeVariant made(const std::string& run_id, const VariantKey& key) const {
    for (const record::RunRow& row : store->runs()) {
      if (row.id == run_id) {
        return remake(stored_run(*store, study, row), study, key, *dataset, *backend);
      }
    }
    throw std::runtime_error("no such run");
  }

  static inline std::unique_ptr<TemporaryFolder> folder;
  study::Study study = study::parse_study(kRemadeStudy, "small");
  std::unique_ptr<store::Reader> store = store::open_reader(*folder / "store");
  std::unique_ptr<engine::Backend> backend = engine::make_cpu_backend();
  std::shared_ptr<const engine::PreparedDataset> dataset =
      backend->prepare(std::make_shared<const data::Dataset>(
          load_generated(data::parse_source("glyphs train=300 test=100 validation_share=0.2"))));
};

TEST_F(Remake, ReproducesEveryRecordedVariant) {
  int integers = 0;
  const auto rows = store->variants();
  ASSERT_GT(rows.size(), 100U);
  for (const record::VariantRow& row : rows) {
    const record::Variant& recorded = row.variant;
    const RemadeVariant again = made(row.run_id, {recorded.pruning, recorded.sparsity_asked,
                                                  recorded.quantization, recorded.format});
    const record::Variant& variant = again.evaluated.variant;
    const std::string what = recorded.architecture + " " + recorded.pruning + " " +
                             recorded.quantization + " " + recorded.format.text();
    EXPECT_EQ(variant.test_loss, recorded.test_loss) << what;
    EXPECT_EQ(variant.test_accuracy, recorded.test_accuracy) << what;
    EXPECT_EQ(variant.validation_accuracy, recorded.validation_accuracy) << what;
    EXPECT_EQ(variant.kept, recorded.kept) << what;
    EXPECT_EQ(variant.bytes.packed, recorded.bytes.packed) << what;
    EXPECT_EQ(variant.arithmetic, recorded.arithmetic) << what;
    EXPECT_EQ(variant.architecture, recorded.architecture) << what;
    EXPECT_EQ(again.evaluated.integer.has_value(),
              recorded.arithmetic == record::Arithmetic::integer)
        << what;
    integers += again.evaluated.integer ? 1 : 0;
  }
  EXPECT_GT(integers, 10);
}

TEST_F(Remake, WithoutProtocolsIsTheTrainedNetwork) {
  const record::RunRow row = store->runs().front();
  const RemadeVariant again = made(row.id, {});
  EXPECT_EQ(again.evaluated.values, again.origin->parameters);
  EXPECT_EQ(again.evaluated.variant.test_accuracy, row.result.test_accuracy);
  EXPECT_EQ(again.evaluated.variant.validation_accuracy, row.result.validation_accuracy);
  EXPECT_EQ(again.evaluated.variant.bytes.packed, 4 * row.parameters);
}

TEST_F(Remake, GivesTheLogitsOfEveryTestImage) {
  const record::RunRow row = store->runs().front();
  const RemadeVariant again = made(row.id, {});
  const NetworkOutputs outputs = outputs_of(again, *dataset, engine::SplitName::test, *backend);
  ASSERT_EQ(outputs.real_logits.size(), 1000U);
  for (std::size_t i = 0; i < 100; ++i) {
    const auto logits = std::span(outputs.real_logits).subspan(10 * i, 10);
    EXPECT_EQ(std::ranges::max_element(logits) - logits.begin(), outputs.predictions[i]);
  }
}

TEST_F(Remake, RefusesVariantsThatAreNotInTheStudy) {
  const std::string id = store->runs().front().id;
  EXPECT_THROW((void)made(id, {.pruning = "no such protocol"}), Error);
  EXPECT_THROW(
      (void)made(id, {.pruning = study.pruning.protocols[1].text(), .sparsity_asked = 0.123}),
      Error);
  study.train.epochs += 1;
  EXPECT_THROW((void)made(id, {}), Error) << "its run ids are others";
}

TEST_F(Remake, StopsOnRequest) {
  std::stop_source stop;
  stop.request_stop();
  const record::RunRow row = store->runs().front();
  EXPECT_THROW((void)remake(stored_run(*store, study, row), study,
                            {.quantization = study.quantization.protocols[1].text(),
                             .format = study::NumberFormat::int4},
                            *dataset, *backend, stop.get_token()),
               Error);
}

}  // namespace
}  // namespace minima::run
