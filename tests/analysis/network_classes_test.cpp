#include "analysis/images/network_classes.h"

#include <gtest/gtest.h>

#include "record/predictions.h"
#include "record/run_row.h"
#include "record/variant.h"

namespace minima::analysis {
namespace {

// Six test images of two classes. The run misclassifies one image of the second class, the pruned
// network all of them.
Population two_classes() {
  Population population;
  population.datasets.push_back(
      {.name = "pets", .problem = {{1, 4, 4}, 2}, .test_count = 6, .class_names = {"cat", "dog"}});
  record::RunRow run;
  run.id = "a";
  run.dataset = "pets";
  population.runs = {run};
  return population;
}

OutcomeSource outcomes() {
  OutcomeSource source;
  source.labels = [](const std::string&) {
    return record::DatasetLabels{.test = {0, 0, 0, 0, 1, 1}, .validation = {}};
  };
  source.predictions = [](const OutcomeSource::OnRun& on_run) {
    on_run("a", {.test = {0, 0, 0, 0, 0, 1}, .validation = {}});
    on_run("b", {.test = {0, 0, 0, 0, 0, 0}, .validation = {}});
  };
  source.outcomes = [](const OutcomeSource::OnVariant& on_variant) {
    record::Variant pruned;
    pruned.pruning = "one-shot";
    pruned.sparsity_asked = 0.5;
    on_variant("a", pruned, {.test = {1, 1, 1, 1, 0, 0}, .validation = {}});
  };
  return source;
}

TEST(NetworkClasses, AreThoseOfTheRunAndOfItsCompressedNetwork) {
  const NetworkKey run{.run_id = "a"};
  const NetworkKey pruned{.run_id = "a", .pruning = "one-shot", .sparsity_asked = 0.5};
  const auto found = network_classes(two_classes(), outcomes(), {run, pruned}, 0.95);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at(run).worst_class, "dog");
  EXPECT_EQ(found.at(run).worst_images, 2);
  EXPECT_DOUBLE_EQ(found.at(run).worst, 0.5);
  EXPECT_DOUBLE_EQ(found.at(run).balanced, 0.75);
  EXPECT_LT(found.at(run).worst_low, 0.5);
  EXPECT_GT(found.at(run).worst_high, 0.5);
  EXPECT_DOUBLE_EQ(found.at(pruned).worst, 0.0);
  EXPECT_DOUBLE_EQ(found.at(pruned).balanced, 0.5);
}

TEST(NetworkClasses, OmitWhatAStoreDoesNotHave) {
  const NetworkKey quantized{
      .run_id = "a", .quantization = "ptq", .format = study::NumberFormat::int8};
  EXPECT_TRUE(network_classes(two_classes(), outcomes(), {quantized}, 0.95).empty());
  EXPECT_TRUE(network_classes(two_classes(), {}, {{.run_id = "a"}}, 0.95).empty());
}

}  // namespace
}  // namespace minima::analysis
