// Recorded results of single images must agree with the accuracies, including ties.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "record/predictions.h"
#include "record/run_row.h"
#include "record/variant.h"
#include "small_study.h"
#include "support/temporary_folder.h"

namespace minima::run {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Two-level weights and two-bit activations cause many ties between logits.
std::string study_text(const std::string& options = "") {
  return R"(
[study]
name = "small"
replicates = 2
)" + options +
         R"([data]
datasets = ["glyphs train=300 test=101 validation_share=0.2", "textures train=200 test=50"]
[train]
epochs = 2
batch = 20
learning_rate = 0.005
[[design]]
architectures = ["dnn linear", "dnn 8", "cnn 2 max2", "vit d8 h2 l1 p4"]
[[pruning.protocol]]
sparsity = [0.5, 0.99]
[[pruning.protocol]]
target = "units"
sparsity = 0.5
[[quantization.protocol]]
formats = ["int8", "int2", "binary"]
activations = "int2"
pruned = true
[[quantization.protocol]]
method = "qat"
formats = ["int4", "ternary"]
epochs = 1
)";
}

double share(const std::vector<std::uint8_t>& right) {
  const auto sum = std::accumulate(right.begin(), right.end(), std::int64_t{0});
  return static_cast<double>(sum) / static_cast<double>(right.size());
}

double share(const std::vector<std::uint16_t>& predicted,
             const std::vector<std::uint16_t>& labels) {
  std::vector<std::uint8_t> right(predicted.size());
  for (std::size_t i = 0; i < right.size(); ++i) right[i] = predicted[i] == labels.at(i) ? 1 : 0;
  return share(right);
}

using OutcomeKey =
    std::tuple<std::string, std::string, double, std::string, std::string, std::string>;
OutcomeKey outcome_key(const std::string& run, const record::Variant& v) {
  return {run, v.pruning, v.sparsity_asked, v.quantization, v.format.text(), v.tensor};
}

/// One store for all tests.
class ImageResults : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<TemporaryFolder>();
    static_cast<void>(carry_out(study_text(), *folder));
  }
  static void TearDownTestSuite() { folder.reset(); }

  static inline std::unique_ptr<TemporaryFolder> folder;
  std::unique_ptr<store::Reader> reader = store::open_reader(*folder / "store");
};

TEST_F(ImageResults, OfRunsGiveTheirAccuraciesExactly) {
  std::map<std::string, record::RunRow> rows;
  for (const record::RunRow& row : reader->runs()) rows.emplace(row.id, row);
  std::size_t count = 0;
  reader->predictions([&](const std::string& id, record::RunPredictions&& predictions) {
    const record::RunRow& row = rows.at(id);
    const auto labels = reader->labels(row.dataset);
    ASSERT_TRUE(labels);
    ASSERT_EQ(predictions.test.size(), labels->test.size());
    EXPECT_EQ(share(predictions.test, labels->test), row.result.test_accuracy) << id;
    ASSERT_EQ(predictions.validation.size(), labels->validation.size());
    if (!labels->validation.empty()) {
      EXPECT_EQ(share(predictions.validation, labels->validation), row.result.validation_accuracy);
    }
    ++count;
  });
  EXPECT_EQ(count, 2U * 2U * 4U);
}

TEST_F(ImageResults, OfVariantsGiveTheirAccuraciesExactly) {
  std::map<OutcomeKey, record::Variant> variants;
  for (const record::VariantRow& row : reader->variants()) {
    variants.emplace(outcome_key(row.run_id, row.variant), row.variant);
  }
  std::map<std::string, int> kinds;
  std::size_t count = 0;
  reader->outcomes([&](const std::string& run, const record::Variant& which,
                       record::VariantOutcomes&& outcomes) {
    const record::Variant& recorded = variants.at(outcome_key(run, which));
    const std::string what = recorded.architecture + " " + which.pruning + " " +
                             which.quantization + " " + which.format.text();
    EXPECT_EQ(share(outcomes.test), recorded.test_accuracy) << what;
    if (!outcomes.validation.empty()) {
      EXPECT_EQ(share(outcomes.validation), recorded.validation_accuracy) << what;
    }
    EXPECT_EQ(outcomes.validation.empty(), std::isnan(recorded.validation_accuracy)) << what;
    ++kinds[word_text(recorded.arithmetic)];
    ++kinds[which.quantization.starts_with("qat") ? "qat" : "other"];
    ++count;
  });
  const auto evaluated = std::ranges::count_if(variants, [](const auto& each) {
    return !std::isnan(each.second.test_accuracy);  // others have no units left to prune
  });
  EXPECT_EQ(count, static_cast<std::size_t>(evaluated));
  EXPECT_GT(kinds["integer"], 20);
  EXPECT_GT(kinds["simulated"], 20);
  EXPECT_GT(kinds["float"], 20);
  EXPECT_GT(kinds["qat"], 20);
}

TEST_F(ImageResults, AreComplete) {
  EXPECT_THAT(reader->lacks(), IsEmpty());
}

int predictions_in(const store::Reader& reader) {
  int count = 0;
  reader.predictions([&](const std::string&, record::RunPredictions&&) { ++count; });
  return count;
}

int outcomes_in(const store::Reader& reader) {
  int count = 0;
  reader.outcomes(
      [&](const std::string&, const record::Variant&, record::VariantOutcomes&&) { ++count; });
  return count;
}

std::vector<std::string> ids_of(const store::Reader& reader) {
  std::vector<std::string> ids;
  for (const record::RunRow& row : reader.runs()) ids.push_back(row.id);
  return ids;
}

TEST_F(ImageResults, CanBeThoseOfRunsOnly) {
  const TemporaryFolder other;
  static_cast<void>(carry_out(study_text("predictions = \"runs\"\n"), other));
  const auto runs_only = store::open_reader(other / "store");
  EXPECT_EQ(predictions_in(*runs_only), 16);
  EXPECT_EQ(outcomes_in(*runs_only), 0);
  EXPECT_EQ(ids_of(*runs_only), ids_of(*reader)) << "the setting enters no run id";
  EXPECT_THAT(runs_only->lacks(), SizeIs(1));
}

TEST_F(ImageResults, CanBeLeftOut) {
  const TemporaryFolder other;
  static_cast<void>(carry_out(study_text("predictions = \"none\"\n"), other));
  const auto nothing = store::open_reader(other / "store");
  EXPECT_EQ(predictions_in(*nothing), 0);
  EXPECT_EQ(outcomes_in(*nothing), 0);
  EXPECT_EQ(nothing->labels("textures train=200 test=50"), std::nullopt);
  EXPECT_EQ(ids_of(*nothing), ids_of(*reader));
  EXPECT_THAT(nothing->lacks(), SizeIs(2));
}

}  // namespace
}  // namespace minima::run
