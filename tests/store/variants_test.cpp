// Variants of runs in a store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_store.h"
#include "record/variant.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

record::Variant example_variant(double sparsity, const std::string& format = "fp32") {
  return {.pruning = "one-shot global magnitude",
          .sparsity_asked = sparsity,
          .quantization = format == "fp32" ? "" : "ptq tensor symmetric max",
          .format = study::parse_value_format(format).value(),
          .tensor = "",
          .note = "a note",
          .architecture = "dnn 2",
          .parameters = 25,
          .weights = 20,
          .kept = static_cast<std::int64_t>(20 * (1 - sparsity)),
          .bits = format == "fp32" ? 32 : 4,
          .epochs = 3,
          .dead_units = 1,
          .test_loss = 0.5,
          .test_accuracy = 1 - sparsity / 2,
          .validation_accuracy = 1 - sparsity / 4,
          .bytes = {100, 60, 50, 40, 45},
          .tensors = {{"fc1.weight", 12, 6}, {"fc2.weight", 8, 4}}};
}

std::unique_ptr<Writer> begun(const fs::path& directory, const std::vector<study::Run>& plan) {
  auto writer = open_writer(directory);
  writer->begin(example_study(), example_datasets(), plan);
  return writer;
}

TEST(Variants, AreReadAsTheyWereRecorded) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const record::Variant expected = example_variant(0.5);
  begun(folder / "store", plan)->record({plan[2].id, "task"}, {&expected, 1}, 1.5);
  const auto rows = open_reader(folder / "store")->variants();
  ASSERT_THAT(rows, SizeIs(1));
  const record::Variant& variant = rows[0].variant;
  EXPECT_EQ(rows[0].run_id, plan[2].id);
  EXPECT_EQ(variant.pruning, expected.pruning);
  EXPECT_EQ(variant.sparsity_asked, 0.5);
  EXPECT_EQ(variant.sparsity(), 0.5);
  EXPECT_EQ(variant.format.name(), "fp32");
  EXPECT_EQ(variant.arithmetic, record::Arithmetic::floating);
  EXPECT_EQ(variant.note, "a note");
  EXPECT_EQ(variant.architecture, "dnn 2");
  EXPECT_EQ(variant.bits, 32);
  EXPECT_EQ(variant.epochs, 3);
  EXPECT_EQ(variant.dead_units, 1);
  EXPECT_EQ(variant.test_accuracy, 0.75);
  EXPECT_EQ(variant.validation_accuracy, 0.875);
  EXPECT_EQ(variant.bytes.index, 60);
  EXPECT_EQ(variant.bytes.packed, 45);
  ASSERT_THAT(variant.tensors, SizeIs(2));
  EXPECT_EQ(variant.tensors[1].name, "fc2.weight");
  EXPECT_EQ(variant.tensors[1].kept, 4);
}

TEST(Variants, StandInTheOrderOfThePlanWhicheverEndedFirst) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const std::vector<record::Variant> two{example_variant(0.9), example_variant(0.1)};
  const auto writer = begun(folder / "store", plan);
  writer->record({plan[5].id, "task"}, two, 0.0);
  writer->record({plan[1].id, "task"}, two, 0.0);
  std::vector<std::pair<std::string, double>> order;
  for (const record::VariantRow& row : open_reader(folder / "store")->variants()) {
    order.emplace_back(row.run_id, row.variant.sparsity_asked);
  }
  EXPECT_THAT(order, ElementsAre(std::pair(plan[1].id, 0.1), std::pair(plan[1].id, 0.9),
                                 std::pair(plan[5].id, 0.1), std::pair(plan[5].id, 0.9)));
}

TEST(Variants, OfATaskThatIsRecordedAgainStay) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const auto writer = begun(folder / "store", plan);
  record::Variant variant = example_variant(0.5);
  writer->record({plan[0].id, "task"}, {&variant, 1}, 0.0);
  variant.test_accuracy = 0.0;
  writer->record({plan[0].id, "task"}, {&variant, 1}, 0.0);
  EXPECT_EQ(open_reader(folder / "store")->variants()[0].variant.test_accuracy, 0.75);
  EXPECT_THAT(open_reader(folder / "store")->recorded_tasks(),
              ElementsAre(record::CompressionTask{plan[0].id, "task"}));
}

TEST(Variants, OfAnotherTaskReplaceThoseTheyEqual) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const auto writer = begun(folder / "store", plan);
  const std::vector<record::Variant> one{example_variant(0.5)};
  const std::vector<record::Variant> more{example_variant(0.5), example_variant(0.5, "int4")};
  writer->record({plan[0].id, "task"}, one, 0.0);
  writer->record({plan[0].id, "larger task"}, more, 0.0);
  const auto reader = open_reader(folder / "store");
  EXPECT_THAT(reader->variants(), SizeIs(2));
  EXPECT_THAT(lines_of(*reader, "variant_tensors"), SizeIs(1 + 4));
}

TEST(Variants, AreAllThereOrNone) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const auto writer = begun(folder / "store", plan);
  const record::Variant variant = example_variant(0.5);
  EXPECT_ANY_THROW(writer->record({"no such run", "task"}, {&variant, 1}, 0.0));
  EXPECT_THAT(open_reader(folder / "store")->variants(), IsEmpty());
}

TEST(Variants, OfSeveralStoresAreMerged) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const std::vector<record::Variant> variants{example_variant(0.5), example_variant(0.5, "int4")};
  for (const std::size_t run : {0U, 1U}) {
    const auto writer = begun(folder / std::to_string(run), plan);
    record(*writer, plan[run]);
    writer->record({plan[run].id, "task"}, variants, 0.25);
  }
  const std::vector<fs::path> parts{folder / "1", folder / "0"};
  merge(folder / "all", parts);
  const auto reader = open_reader(folder / "all");
  EXPECT_THAT(reader->variants(), SizeIs(4));
  EXPECT_EQ(reader->variants()[0].run_id, plan[0].id);
  EXPECT_THAT(reader->variants()[2].variant.tensors, SizeIs(2));
  EXPECT_THAT(lines_of(*reader, "compressions"), Contains(HasSubstr("|task|0.25")));
}

}  // namespace
}  // namespace minima::store
