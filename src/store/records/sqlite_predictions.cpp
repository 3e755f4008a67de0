#include "store/records/sqlite_predictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/error.h"
#include "store/database/checked_row.h"
#include "store/files/prediction_codec.h"
#include "store/records/sqlite_reader.h"

namespace minima::store {
namespace {

constexpr std::int64_t kMostImages = std::int64_t{1} << 28;

Error damaged_dataset(const Database& database, const std::string& name) {
  return input_error({database.path().string(), "table dataset_label"},
                     fmt::format("the labels of {} do not match its images", printable(name, 80)),
                     "restore it from a copy or use another --store");
}

void check_sizes(const LabelledImages& images, std::size_t test, std::size_t validation) {
  if (test == images.test && validation == images.validation) return;
  throw std::logic_error(fmt::format("{} has {} test and {} validation images, not {} and {}",
                                     images.name, images.test, images.validation, test,
                                     validation));
}

record::DatasetLabels decoded_labels(const Database& database, const Statement& row,
                                     const LabelledImages& images) {
  auto test = decode_labels(row.bytes(0), images.test, images.classes);
  auto validation = decode_labels(row.bytes(1), images.validation, images.classes);
  if (!test || !validation) throw damaged_dataset(database, images.name);
  return {.test = std::move(*test), .validation = std::move(*validation)};
}

// Whether outcomes agree with a recorded accuracy, which is the fraction of correct images. A split
// without images has no accuracy.
bool counts_to(Bytes right, double accuracy) {
  if (right.empty()) return true;
  const auto count = static_cast<double>(std::ranges::count(right, std::uint8_t{1}));
  return std::abs(count - accuracy * static_cast<double>(right.size())) < 0.5;  // false for NaN
}

std::vector<std::uint8_t> right_images(Classes predicted, Classes labels) {
  std::vector<std::uint8_t> right(predicted.size());
  std::ranges::transform(predicted, labels, right.begin(), [](auto answer, auto label) {
    return static_cast<std::uint8_t>(answer == label ? 1 : 0);
  });
  return right;
}

record::VariantOutcomes outcomes_of(const record::RunPredictions& predictions,
                                    const record::DatasetLabels& labels) {
  return {.test = right_images(predictions.test, labels.test),
          .validation = right_images(predictions.validation, labels.validation)};
}

std::optional<record::VariantOutcomes> decoded_outcomes(const Statement& row, int column,
                                                        const OutcomeBase& base) {
  auto test = decode_outcomes(row.bytes(column), base.images->test, base.outcomes.test);
  auto validation =
      decode_outcomes(row.bytes(column + 1), base.images->validation, base.outcomes.validation);
  if (!test || !validation) return std::nullopt;
  return record::VariantOutcomes{.test = std::move(*test), .validation = std::move(*validation)};
}

constexpr const char* kSelectPredictions =
    "SELECT run_prediction.test, run_prediction.validation, result.test_accuracy, "
    "result.validation_accuracy, run.id, run.run_id, run.dataset "
    "FROM run CROSS JOIN run_prediction ON run_prediction.run = run.id "
    "LEFT JOIN result ON result.run = run.id ";

LabelledImages read_images(const Database& database, std::int64_t dataset) {
  Statement row(database,
                "SELECT name, classes, test_count, validation_count FROM dataset WHERE id = ?");
  row.bind(dataset);
  if (!row.step()) throw damaged_dataset(database, fmt::format("dataset {}", dataset));
  const std::int64_t classes = row.integer(1);
  LabelledImages images{.name = row.text(0),
                        .classes = static_cast<int>(classes),
                        .test = row.size(2),
                        .validation = row.size(3),
                        .labels = std::nullopt};
  const auto is_count = [&](int column) {
    return row.integer(column) >= 0 && row.integer(column) <= kMostImages;
  };
  if (classes < 1 || classes > kMostClasses || !is_count(2) || !is_count(3)) {
    throw damaged_dataset(database, images.name);
  }
  Statement label(database, "SELECT test, validation FROM dataset_label WHERE dataset = ?");
  label.bind(dataset);
  if (label.step()) images.labels = decoded_labels(database, label, images);
  return images;
}

}  // namespace

// ---- recording -------------------------------------------------------------------------------

void PredictionTables::insert_labels(std::int64_t dataset, const record::DatasetLabels& labels) {
  const LabelledImages& known = images(dataset);
  if (known.labels || labels.empty()) return;
  check_sizes(known, labels.test.size(), labels.validation.size());
  Statement(database_, "INSERT INTO dataset_label (dataset, test, validation) VALUES (?, ?, ?)")
      .run(dataset, encode_labels(labels.test, known.classes),
           encode_labels(labels.validation, known.classes));
  images_.erase(dataset);
}

void PredictionTables::insert(std::int64_t run, const record::RunPredictions& predictions) {
  if (predictions.empty()) return;
  const LabelledImages& known = images_of_run(run);
  if (!known.labels) throw std::logic_error("predictions of a dataset without labels");
  check_sizes(known, predictions.test.size(), predictions.validation.size());
  const record::DatasetLabels& labels = *known.labels;
  const auto earlier = outcomes_without_base(run);
  Statement(database_, "INSERT INTO run_prediction (run, test, validation) VALUES (?, ?, ?)")
      .run(run, encode_predictions(predictions.test, labels.test, known.classes),
           encode_predictions(predictions.validation, labels.validation, known.classes));
  if (earlier.empty()) return;
  const OutcomeBase base{
      .run = run, .images = &known, .outcomes = outcomes_of(predictions, labels)};
  Statement forget(database_, "DELETE FROM variant_outcome WHERE variant = ?");
  for (const auto& [variant, outcomes] : earlier) {
    forget.run(variant);
    insert(variant, outcomes, base);
  }
}

// Omits outcomes that disagree with their accuracies. They are relative to predictions that were
// lost, possibly the ones about to be inserted.
std::vector<std::pair<std::int64_t, record::VariantOutcomes>>
PredictionTables::outcomes_without_base(std::int64_t run) const {
  std::vector<std::pair<std::int64_t, record::VariantOutcomes>> all;
  const OutcomeBase none{.run = run, .images = &images_of_run(run)};
  Statement row(database_,
                "SELECT variant_outcome.test, variant_outcome.validation, variant.test_accuracy, "
                "variant.validation_accuracy, variant.id FROM variant "
                "JOIN variant_outcome ON variant_outcome.variant = variant.id "
                "WHERE variant.run = ?");
  row.bind(run);
  while (row.step()) {
    auto outcomes = decoded_outcomes(row, 0, none);
    if (!outcomes || !counts_to(outcomes->test, row.real(2)) ||
        !counts_to(outcomes->validation, row.real(3))) {
      continue;
    }
    all.emplace_back(row.integer(4), std::move(*outcomes));
  }
  return all;
}

void PredictionTables::insert(std::int64_t variant, const record::VariantOutcomes& outcomes,
                              const OutcomeBase& base) {
  if (outcomes.empty()) return;
  if (!base.images->labels) throw std::logic_error("outcomes of a dataset without labels");
  check_sizes(*base.images, outcomes.test.size(), outcomes.validation.size());
  Statement(database_, "INSERT INTO variant_outcome (variant, test, validation) VALUES (?, ?, ?)")
      .run(variant, encode_outcomes(outcomes.test, base.outcomes.test),
           encode_outcomes(outcomes.validation, base.outcomes.validation));
}

// ---- reading ---------------------------------------------------------------------------------

Error PredictionTables::damaged(const std::string& table, std::int64_t run,
                                const std::string& misfit) const {
  Statement row(database_, "SELECT run_id FROM run WHERE id = ?");
  row.bind(run);
  const std::string id = row.step() ? printable(row.text(0), 40) : fmt::format("in row {}", run);
  return input_error({database_.path().string(), "table " + table},
                     fmt::format("the predictions of run {} do not match {}", id, misfit),
                     "restore it from a copy or use another --store");
}

void PredictionTables::check(const record::VariantOutcomes& outcomes,
                             const RecordedAccuracies& accuracies, const std::string& table,
                             std::int64_t run) const {
  if (counts_to(outcomes.test, accuracies.test) &&
      counts_to(outcomes.validation, accuracies.validation)) {
    return;
  }
  throw damaged(table, run, "its recorded accuracy");
}

const LabelledImages& PredictionTables::images(std::int64_t dataset) const {
  const auto known = images_.find(dataset);
  if (known != images_.end()) return known->second;
  return images_.emplace(dataset, read_images(database_, dataset)).first->second;
}

const LabelledImages& PredictionTables::images_of_run(std::int64_t run) const {
  return images(Statement(database_, "SELECT dataset FROM run WHERE id = ?").find(run).value_or(0));
}

std::optional<record::DatasetLabels> PredictionTables::labels(const std::string& dataset) const {
  const auto row = Statement(database_, "SELECT id FROM dataset WHERE name = ?").find(dataset);
  return row ? images(*row).labels : std::nullopt;
}

record::RunPredictions PredictionTables::decoded_run(const Statement& row, int column,
                                                     std::int64_t run,
                                                     const LabelledImages& known) const {
  if (!known.labels) throw damaged_dataset(database_, known.name);
  auto test = decode_predictions(row.bytes(column), known.labels->test, known.classes);
  auto validation =
      decode_predictions(row.bytes(column + 1), known.labels->validation, known.classes);
  if (!test || !validation) throw damaged("run_prediction", run);
  record::RunPredictions decoded{.test = std::move(*test), .validation = std::move(*validation)};
  check(outcomes_of(decoded, *known.labels), {row.real(column + 2), row.real(column + 3)},
        "run_prediction", run);
  return decoded;
}

record::RunPredictions PredictionTables::predictions(std::int64_t run) const {
  Statement row(database_, std::string(kSelectPredictions) + "WHERE run.id = ?");
  row.bind(run);
  return row.step() ? decoded_run(row, 0, run, images(row.integer(6))) : record::RunPredictions{};
}

void PredictionTables::for_each_run(
    const std::function<void(const std::string&, record::RunPredictions&&)>& on_run) const {
  Statement row(database_, std::string(kSelectPredictions) + "ORDER BY run.position");
  while (row.step()) {
    on_run(row.text(5), decoded_run(row, 0, row.integer(4), images(row.integer(6))));
  }
}

OutcomeBase PredictionTables::base_of(std::int64_t run) const {
  OutcomeBase base{.run = run, .images = &images_of_run(run)};
  Statement row(database_, std::string(kSelectPredictions) + "WHERE run.id = ?");
  row.bind(run);
  if (!row.step()) return base;
  const LabelledImages& known = *base.images;
  // Decoding trusts the number of images, which only the labels confirm.
  if (!known.labels) throw damaged_dataset(database_, known.name);
  auto test = decode_right(row.bytes(0), known.test, known.classes);
  auto validation = decode_right(row.bytes(1), known.validation, known.classes);
  if (!test || !validation) throw damaged("run_prediction", run);
  base.outcomes = {.test = std::move(*test), .validation = std::move(*validation)};
  check(base.outcomes, {row.real(2), row.real(3)}, "run_prediction", run);
  return base;
}

record::VariantOutcomes PredictionTables::decoded(const Statement& row, int column,
                                                  const OutcomeBase& base,
                                                  const RecordedAccuracies& accuracies) const {
  if (!base.images->labels) throw damaged_dataset(database_, base.images->name);
  auto outcomes = decoded_outcomes(row, column, base);
  if (!outcomes) throw damaged("variant_outcome", base.run);
  check(*outcomes, accuracies, "variant_outcome", base.run);
  return std::move(*outcomes);
}

// ---- the reader ------------------------------------------------------------------------------

std::optional<record::DatasetLabels> SqliteReader::labels(const std::string& dataset) const {
  return images_.labels(dataset);
}

void SqliteReader::predictions(
    const std::function<void(const std::string&, record::RunPredictions&&)>& on_run) const {
  images_.for_each_run(on_run);
}

record::RunPredictions SqliteReader::predictions(const std::string& run_id) const {
  const auto row = Statement(database_, "SELECT id FROM run WHERE run_id = ?").find(run_id);
  return row ? images_.predictions(*row) : record::RunPredictions{};
}

}  // namespace minima::store
