// Labels, predictions and outcomes per image: how they are stored, and how damaged or malicious
// stores are handled.
#include "record/predictions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "core/codes/deflate.h"
#include "example_store.h"
#include "record/run_result.h"
#include "record/study.h"
#include "record/variant.h"
#include "store/database/sqlite_database.h"
#include "store/files/prediction_codec.h"
#include "study/settings/kept.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// ---- the codec -------------------------------------------------------------------------------

std::vector<std::uint16_t> random_classes(std::size_t count, int classes, unsigned seed) {
  std::mt19937 engine(seed);
  std::uniform_int_distribution<int> one(0, classes - 1);
  std::vector<std::uint16_t> values(count);
  for (auto& value : values) value = static_cast<std::uint16_t>(one(engine));
  return values;
}

class Codec : public testing::TestWithParam<int> {};

TEST_P(Codec, GivesBackEveryClass) {
  const int classes = GetParam();
  for (const std::size_t count : {0U, 1U, 7U, 8U, 1000U}) {
    const auto labels = random_classes(count, classes, 1);
    const auto predicted = random_classes(count, classes, 2);
    const auto label_bytes = encode_labels(labels, classes);
    const auto bytes = encode_predictions(predicted, labels, classes);
    EXPECT_EQ(decode_labels(label_bytes, count, classes), labels);
    EXPECT_EQ(decode_predictions(bytes, labels, classes), predicted);
    const auto right = decode_right(bytes, count, classes);
    ASSERT_TRUE(right);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ((*right)[i], predicted[i] == labels[i] ? 1 : 0);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Classes, Codec, testing::Values(1, 2, 10, 255, 256, 257, 65'536));

TEST(Codec, NeedsLittleForAGoodNetwork) {
  const auto labels = random_classes(10'000, 10, 1);
  auto predicted = labels;
  for (std::size_t i = 0; i < predicted.size(); i += 50) {
    predicted[i] = static_cast<std::uint16_t>((predicted[i] + 1) % 10);
  }
  EXPECT_LT(encode_predictions(predicted, labels, 10).size(), 500U);
}

TEST(Codec, WritesOutcomesRelativeToTheirRun) {
  const std::vector<std::uint8_t> base{1, 0, 1, 1, 0, 0, 1, 0, 1};
  const std::vector<std::uint8_t> right{1, 1, 1, 0, 0, 0, 1, 0, 0};
  for (const Bytes against : {Bytes(base), Bytes()}) {
    const auto bytes = encode_outcomes(right, against);
    EXPECT_EQ(decode_outcomes(bytes, right.size(), against), right);
    EXPECT_EQ(decode_outcomes(bytes, 17, against.empty() ? against : Bytes(base)), std::nullopt);
  }
  // 1 where they differ, the first image in the lowest bit.
  EXPECT_EQ(inflated(encode_outcomes(right, base), 2), (std::vector<std::uint8_t>{0b1010, 1}));
}

TEST(Codec, RefusesBytesThatDoNotFit) {
  const auto labels = random_classes(100, 10, 1);
  const auto bytes = encode_predictions(labels, labels, 10);
  const auto fewer = std::span(labels).first(99);
  EXPECT_EQ(decode_predictions(bytes, fewer, 10), std::nullopt);
  EXPECT_EQ(decode_labels(encode_labels(labels, 10), 101, 10), std::nullopt);
  EXPECT_EQ(decode_labels(encode_labels(labels, 10), 100, 5), std::nullopt) << "a class too high";
  EXPECT_EQ(decode_labels({}, 100, 10), std::nullopt);
  EXPECT_EQ(decode_labels(bytes, 0, 10), std::nullopt);
  auto longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(decode_predictions(longer, labels, 10), std::nullopt);
  auto damaged = bytes;
  damaged[damaged.size() / 2] ^= 0xff;
  EXPECT_EQ(decode_predictions(damaged, labels, 10), std::nullopt);
}

// ---- the store -------------------------------------------------------------------------------

std::vector<record::DatasetRecord> labelled_datasets() {
  auto datasets = example_datasets();
  for (record::DatasetRecord& dataset : datasets) {
    dataset.labels.test = random_classes(10, 3, 5);
    dataset.labels.validation =
        random_classes(static_cast<std::size_t>(dataset.validation_count), 3, 6);
  }
  return datasets;
}

record::RunPredictions predictions_of(const study::Run& run) {
  const auto seed = static_cast<unsigned>(std::stoull(run.id.substr(0, 8), nullptr, 16));
  return {.test = random_classes(10, 3, seed),
          .validation = random_classes(run.dataset == "mnist" ? 0 : 6, 3, seed + 1)};
}

double fraction_right(const std::vector<std::uint8_t>& right) {
  if (right.empty()) return std::nan("");
  return static_cast<double>(std::ranges::count(right, 1)) / static_cast<double>(right.size());
}

double accuracy_of(const std::vector<std::uint16_t>& predicted,
                   const std::vector<std::uint16_t>& labels) {
  std::vector<std::uint8_t> right;
  for (std::size_t i = 0; i < predicted.size(); ++i) right.push_back(predicted[i] == labels[i]);
  return fraction_right(right);
}

/// The example result with predictions and the matching accuracies.
record::RunResult result_of(const study::Run& run) {
  record::RunResult result = example_result(run);
  result.predictions = predictions_of(run);
  const record::DatasetLabels labels = labelled_datasets()[run.dataset == "mnist" ? 0 : 1].labels;
  result.test_accuracy = accuracy_of(result.predictions.test, labels.test);
  result.validation_accuracy = accuracy_of(result.predictions.validation, labels.validation);
  return result;
}

record::Variant variant_of(const study::Run& run, const std::string& format, std::uint8_t first) {
  record::Variant variant{.quantization = "ptq",
                          .format = study::parse_value_format(format).value()};
  variant.outcomes.test = {first, 1, 0, 1, 1, 0, 1, 1, 1, 0};
  if (run.dataset != "mnist") variant.outcomes.validation = {1, first, 0, 1, 1, 0};
  variant.test_accuracy = fraction_right(variant.outcomes.test);
  variant.validation_accuracy = fraction_right(variant.outcomes.validation);
  return variant;
}

void record_all(const fs::path& store, const std::vector<study::Run>& plan, int part = 0,
                int parts = 1) {
  const auto writer = open_writer(store);
  writer->begin(example_study(study::KeepWeights::none), labelled_datasets(), plan);
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (static_cast<int>(i) % parts != part) continue;
    writer->record(plan[i], result_of(plan[i]), {});
    const std::vector variants{variant_of(plan[i], "int8", 1), variant_of(plan[i], "int4", 0)};
    writer->record({plan[i].id, "quantize"}, variants, 0.5);
  }
}

void expect_all(const Reader& reader, const std::vector<study::Run>& plan) {
  for (const record::DatasetRecord& dataset : labelled_datasets()) {
    const auto labels = reader.labels(dataset.name);
    ASSERT_TRUE(labels);
    EXPECT_EQ(labels->test, dataset.labels.test);
    EXPECT_EQ(labels->validation, dataset.labels.validation);
  }
  std::size_t next = 0;
  reader.predictions([&](const std::string& run, record::RunPredictions&& predictions) {
    ASSERT_LT(next, plan.size());
    EXPECT_EQ(run, plan[next].id) << "in the order of the plan";
    const record::RunPredictions expected = predictions_of(plan[next++]);
    EXPECT_EQ(predictions.test, expected.test);
    EXPECT_EQ(predictions.validation, expected.validation);
  });
  EXPECT_EQ(next, plan.size());
  const auto variants = reader.variants();
  next = 0;
  reader.outcomes([&](const std::string& run, const record::Variant& which,
                      record::VariantOutcomes&& outcomes) {
    ASSERT_LT(next, variants.size());
    EXPECT_EQ(run, variants[next].run_id) << "in the order of variants";
    EXPECT_EQ(which.format, variants[next].variant.format);
    EXPECT_EQ(which.quantization, "ptq");
    const study::Run& origin = plan[next / 2];
    const record::Variant expected =
        variant_of(origin, which.format.text(), which.format == study::NumberFormat::int8 ? 1 : 0);
    EXPECT_EQ(outcomes.test, expected.outcomes.test);
    EXPECT_EQ(outcomes.validation, expected.outcomes.validation);
    ++next;
  });
  EXPECT_EQ(next, 2 * plan.size());
  EXPECT_THAT(reader.lacks(), IsEmpty());
}

TEST(StorePredictions, AreReadBackAsTheyWereRecorded) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  record_all(folder / "store", plan);
  expect_all(*open_reader(folder / "store"), plan);
}

TEST(StorePredictions, AreMerged) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  record_all(folder / "0", plan, 0, 2);
  record_all(folder / "1", plan, 1, 2);
  const std::vector<fs::path> parts{folder / "0", folder / "1"};
  merge(folder / "merged", parts);
  expect_all(*open_reader(folder / "merged"), plan);
}

TEST(StorePredictions, OfSomeRunsOnlyAreMissed) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  {
    const auto writer = open_writer(folder / "store");
    writer->begin(example_study(study::KeepWeights::none), example_datasets(), plan);
    record(*writer, plan[0]);
    record::Variant without = variant_of(plan[0], "int8", 1);
    without.test_accuracy = 0.5;
    without.outcomes = {};
    writer->record({plan[0].id, "quantize"}, {&without, 1}, 0.5);
  }
  // Labels come with the next session.
  const auto writer = open_writer(folder / "store");
  writer->begin(example_study(study::KeepWeights::none), labelled_datasets(), plan);
  writer->record(plan[1], result_of(plan[1]), {});
  // The outcomes of a variant whose run has no predictions are stored independently.
  const record::Variant late = variant_of(plan[0], "int4", 0);
  writer->record({plan[0].id, "quantize more"}, {&late, 1}, 0.5);
  const auto reader = open_reader(folder / "store");
  int outcomes = 0;
  reader->outcomes(
      [&](const std::string&, const record::Variant&, record::VariantOutcomes&& found) {
        EXPECT_EQ(found.test, late.outcomes.test);
        ++outcomes;
      });
  EXPECT_EQ(outcomes, 1);
  const auto lacks = reader->lacks();
  ASSERT_THAT(lacks, SizeIs(2));
  EXPECT_THAT(lacks[0], HasSubstr("1 of 2 finished runs have no predictions per image"));
  EXPECT_THAT(lacks[1], HasSubstr("1 of 2 pruned and quantized networks have no outcomes"));
}

TEST(StorePredictions, OfAReplacedVariantAreReplaced) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  record_all(folder / "store", plan);
  record::Variant again = variant_of(plan[0], "int4", 1);
  open_writer(folder / "store")->record({plan[0].id, "another task"}, {&again, 1}, 0.5);
  std::size_t count = 0;
  open_reader(folder / "store")
      ->outcomes([&](const std::string& run, const record::Variant& which,
                     record::VariantOutcomes&& found) {
        ++count;
        if (run == plan[0].id && which.format.name() == "int4") {
          EXPECT_EQ(found.test, again.outcomes.test);
        }
      });
  EXPECT_EQ(count, 2 * plan.size());
}

TEST(StorePredictions, OfOtherNumbersOfImagesAreAMistakeOfTheProgram) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const auto writer = open_writer(folder / "store");
  writer->begin(example_study(), labelled_datasets(), plan);
  record::RunResult result = example_result(plan[0]);
  result.predictions.test = random_classes(9, 3, 1);
  EXPECT_THROW(writer->record(plan[0], result, {}), std::logic_error);
  record::Variant variant = variant_of(plan[0], "int8", 1);
  variant.outcomes.test.pop_back();
  EXPECT_THROW(writer->record({plan[0].id, "task"}, {&variant, 1}, 0.5), std::logic_error);
  EXPECT_THAT(writer->recorded(), IsEmpty());
}

/// A store of all runs and variants, with only some of the per-image results.
fs::path full_store(const fs::path& store, bool predictions, bool outcomes,
                    const std::string& task = "quantize") {
  const auto plan = example_plan();
  const auto writer = open_writer(store);
  writer->begin(example_study(study::KeepWeights::none),
                predictions || outcomes ? labelled_datasets() : example_datasets(), plan);
  for (const study::Run& run : plan) {
    record::RunResult result = result_of(run);
    if (!predictions) result.predictions = {};
    writer->record(run, result, {});
    std::vector variants{variant_of(run, "int8", 1), variant_of(run, "int4", 0)};
    for (record::Variant& variant : variants) {
      if (!outcomes) variant.outcomes = {};
    }
    writer->record({run.id, task}, variants, 0.5);
  }
  return store;
}

TEST(StorePredictions, AreMergedInAnyOrder) {
  TemporaryFolder folder;
  const fs::path all = full_store(folder / "all", true, true);
  const fs::path none = full_store(folder / "none", false, false);
  const fs::path runs = full_store(folder / "runs", true, false);
  const fs::path variants = full_store(folder / "variants", false, true);
  const fs::path other_task = full_store(folder / "task", false, false, "quantize more");
  const std::vector<std::vector<fs::path>> orders{{all, none},
                                                  {none, all},
                                                  {runs, variants},
                                                  {variants, runs},
                                                  {none, runs, variants},
                                                  {variants, none, runs},
                                                  {all, other_task},
                                                  {other_task, all}};
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const fs::path merged = folder / std::to_string(i);
    merge(merged, orders[i]);
    expect_all(*open_reader(merged), example_plan());
    EXPECT_EQ(results_of(merged), results_of(all)) << i;
  }
}

TEST(StorePredictions, OfAnotherResultAreNotTaken) {
  TemporaryFolder folder;
  full_store(folder / "none", false, false);
  full_store(folder / "all", true, true);
  Database(folder / "none" / "runs.sqlite", Database::Access::write)
      .execute("UPDATE result SET test_accuracy = 0.95; UPDATE variant SET test_accuracy = 0.95");
  const std::vector<fs::path> stores{folder / "none", folder / "all"};
  EXPECT_THAT(error_of([&] { merge(folder / "out", stores); }).what(),
              HasSubstr("rounding does not explain that"));
  EXPECT_FALSE(fs::exists(folder / "out"));
}

// Outcomes are relative to the predictions of their run, which will be trained again.
TEST(StorePredictions, OfVariantsGoWithARunWhoseWeightsAreLost) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  {
    const auto writer = open_writer(folder / "store");
    writer->begin(example_study(), labelled_datasets(), plan);
    for (const std::size_t i : {0U, 1U}) {
      writer->record(plan[i], result_of(plan[i]), ExampleWeights(plan[i]).tensors());
      record::Variant variant = variant_of(plan[i], "int8", 1);
      variant.tensors = {{"fc1.weight", 20, 20}};
      writer->record({plan[i].id, "quantize"}, {&variant, 1}, 0.5);
    }
    fs::copy(folder / "store", folder / "killed", fs::copy_options::recursive);
  }
  fs::resize_file(folder / "killed" / "weights-0001.part", 108);
  const auto writer = open_writer(folder / "killed");
  EXPECT_EQ(writer->recorded(), std::vector{plan[0].id});
  EXPECT_EQ(open_reader(folder / "killed")->recorded_tasks(),
            (std::vector<record::CompressionTask>{{plan[0].id, "quantize"}}));
  std::vector<std::string> read;
  const auto reader = open_reader(folder / "killed");
  reader->outcomes(
      [&](const std::string& run, const record::Variant&, record::VariantOutcomes&& found) {
        EXPECT_EQ(found.test, variant_of(plan[0], "int8", 1).outcomes.test);
        read.push_back(run);
      });
  EXPECT_EQ(read, std::vector{plan[0].id});
  EXPECT_THAT(reader->variants(), SizeIs(1));
  EXPECT_THAT(lines_of(*reader, "variant_tensors"), SizeIs(1 + 1));
}

// ---- a store that may come from anywhere -----------------------------------------------------

void read_image_results(const fs::path& store) {
  const auto reader = open_reader(store);
  for (const record::DatasetRecord& dataset : reader->datasets())
    (void)reader->labels(dataset.name);
  reader->predictions([](const std::string&, record::RunPredictions&&) {});
  reader->outcomes([](const std::string&, const record::Variant&, record::VariantOutcomes&&) {});
}

struct Damage {
  const char* sql;
  const char* table;
  bool names_run;
};

class DamagedPredictions : public testing::TestWithParam<Damage> {};

TEST_P(DamagedPredictions, AreRefusedByFileTableAndRun) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  record_all(folder / "store", plan);
  read_image_results(folder / "store");
  Database(folder / "store" / "runs.sqlite", Database::Access::write).execute(GetParam().sql);
  const Error error = error_of([&] { read_image_results(folder / "store"); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), HasSubstr("runs.sqlite: table " + std::string(GetParam().table)));
  EXPECT_THAT(error.what(), HasSubstr(GetParam().names_run ? plan[0].id : ""));
}

INSTANTIATE_TEST_SUITE_P(
    By, DamagedPredictions,
    testing::Values(
        Damage{"UPDATE run_prediction SET test = zeroblob(20) WHERE run = 1", "run_prediction",
               true},
        Damage{"UPDATE run_prediction SET test = X'' WHERE run = 1", "run_prediction", true},
        Damage{"UPDATE run_prediction SET test = 'text' WHERE run = 1", "run_prediction", true},
        Damage{"UPDATE result SET test_accuracy = 0.95 WHERE run = 1", "run_prediction", true},
        Damage{"UPDATE result SET test_accuracy = NULL WHERE run = 1", "run_prediction", true},
        Damage{"UPDATE variant SET test_accuracy = 0.95 WHERE id = 1", "variant_outcome", true},
        // Outcomes of variants are relative to those of their run.
        Damage{"DELETE FROM run_prediction WHERE run = 1", "variant_outcome", true},
        // A run on the other dataset has a validation split, which mnist lacks.
        Damage{"UPDATE run_prediction SET validation = (SELECT validation FROM run_prediction "
               "WHERE run = 10) WHERE run = 1",
               "run_prediction", true},
        Damage{"UPDATE variant_outcome SET test = zeroblob(3) WHERE variant = 1", "variant_outcome",
               true},
        Damage{"UPDATE dataset_label SET test = zeroblob(3)", "dataset_label", false},
        Damage{"DELETE FROM dataset_label", "dataset_label", false},
        Damage{"UPDATE dataset SET test_count = 11", "dataset_label", false},
        Damage{"UPDATE dataset SET test_count = 1000000000000", "dataset_label", false},
        Damage{"UPDATE dataset SET test_count = 9223372036854775807", "dataset, row mnist", false},
        Damage{"UPDATE dataset SET validation_count = -1", "dataset, row mnist", false},
        Damage{"UPDATE dataset SET classes = 0", "dataset, row mnist", false},
        Damage{"UPDATE dataset SET classes = 2", "dataset, row mnist", false},
        Damage{"UPDATE dataset SET classes = 10000000000", "dataset, row mnist", false}));

// Labels limit what is decoded; without them a count of four billion images would be accepted.
TEST(StorePredictions, OfVariantsNeedLabelsToBeRead) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  record_all(folder / "store", plan);
  Database(folder / "store" / "runs.sqlite", Database::Access::write)
      .execute("DELETE FROM dataset_label; DELETE FROM run_prediction");
  const auto reader = open_reader(folder / "store");
  const Error error = error_of([&] {
    reader->outcomes([](const std::string&, const record::Variant&, record::VariantOutcomes&&) {});
  });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), HasSubstr("runs.sqlite: table dataset_label: the labels of mnist"));
  const std::vector<fs::path> parts{folder / "store"};
  EXPECT_THAT(error_of([&] { merge(folder / "out", parts); }).what(), HasSubstr("dataset_label"));
}

TEST(StorePredictions, OfVariantsNeedLabelsToBeRecorded) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const auto writer = open_writer(folder / "store");
  writer->begin(example_study(), example_datasets(), plan);
  const record::Variant variant = variant_of(plan[0], "int8", 1);
  EXPECT_THROW(writer->record({plan[0].id, "task"}, {&variant, 1}, 0.5), std::logic_error);
}

}  // namespace
}  // namespace minima::store
