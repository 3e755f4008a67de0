// Records and reads the results of pruning and quantization.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "core/error.h"
#include "network/notation/architecture.h"
#include "record/predictions.h"
#include "record/variant.h"
#include "store/database/checked_row.h"
#include "store/database/sqlite_schema.h"
#include "store/records/sqlite_checksums.h"
#include "store/records/sqlite_reader.h"
#include "store/records/sqlite_tables.h"
#include "store/records/sqlite_writer.h"

namespace minima::store {
namespace {

std::string select_variants() {
  return fmt::format(
      "SELECT run.run_id, variant.id, {} FROM run CROSS JOIN variant ON variant.run = run.id ",
      select_list<VariantTable>());
}

constexpr const char* kVariantOrder =
    "ORDER BY run.position, pruning, sparsity_asked, tensor, quantization, bits DESC, format";
std::string select_tensors() {
  return fmt::format("SELECT variant, {} FROM variant_tensor ", select_list<VariantTensorTable>());
}

constexpr const char* kSelectTasks =
    "SELECT run.run_id, compression_task.task FROM compression_task "
    "JOIN run ON run.id = compression_task.run WHERE compression_task.schema < ? "
    "ORDER BY run.position, compression_task.task";

std::string select_outcomes() {
  return fmt::format(
      "SELECT run.run_id, run.id, variant_outcome.test, variant_outcome.validation, "
      "variant.test_accuracy, variant.validation_accuracy, {} "
      "FROM run CROSS JOIN variant ON variant.run = run.id "
      "CROSS JOIN variant_outcome ON variant_outcome.variant = variant.id ",
      select_list<VariantKeyColumns>());
}

using Tensors = std::map<std::int64_t, std::vector<record::VariantTensor>>;

Tensors tensors_of(Statement& statement) {
  Tensors tensors;
  while (statement.step()) {
    const CheckedRow row(statement, "variant_tensor", 0);
    auto tensor = read_row<VariantTensorTable>(row, 1);
    if (tensor.kept > tensor.weights) row.refuse("kept", "at most the number of its weights");
    tensors[row.count(0)].push_back(std::move(tensor));
  }
  return tensors;
}

record::Variant variant_of(const Statement& statement, Tensors& tensors) {
  const CheckedRow row(statement, "variant", 0);
  auto variant = read_row<VariantTable>(row, 2);
  if (std::isnan(variant.sparsity_asked)) row.refuse("sparsity_asked", "a fraction from 0 to 1");
  if (variant.kept > variant.weights) row.refuse("kept", "at most the number of its weights");
  variant.tensors = std::move(tensors[row.count(1)]);
  return variant;
}

// The prepared statements for recording a task.
class VariantInsertion {
 public:
  explicit VariantInsertion(const Database& database)
      : database_(database),
        known_(database,
               "SELECT id FROM variant WHERE run = ? AND pruning = ? AND sparsity_asked = ? AND "
               "tensor = ? AND quantization = ? AND format = ?"),
        forget_tensors_(database, "DELETE FROM variant_tensor WHERE variant = ?"),
        forget_outcomes_(database, "DELETE FROM variant_outcome WHERE variant = ?"),
        move_outcomes_(database, "UPDATE variant_outcome SET variant = ? WHERE variant = ?"),
        has_outcomes_(database, "SELECT 1 FROM variant_outcome WHERE variant = ?"),
        accuracies_(database,
                    "SELECT test_accuracy, validation_accuracy FROM variant WHERE id = ?"),
        variant_(database, insert_into<VariantTable>({"run", "task"}, "INSERT OR REPLACE INTO")),
        tensor_(database, insert_into<VariantTensorTable>({"variant", "number"})) {}

  /// Returns the row of the variant. If `v` has no outcomes, keeps those of an equal variant
  /// recorded before.
  std::int64_t insert(std::int64_t run, std::int64_t task, const record::Variant& v) {
    const auto known = find(run, v);
    const bool keeps_outcomes = known && v.outcomes.empty() && is_equal(*known, v);
    if (known) {
      forget_tensors_.run(*known);
      if (!keeps_outcomes) forget_outcomes_.run(*known);
    }
    insert_row<VariantTable>(variant_, v, run, task);
    const std::int64_t row = database_.integer("SELECT last_insert_rowid()");
    int number = 0;
    for (const record::VariantTensor& each : v.tensors) {
      insert_row<VariantTensorTable>(tensor_, each, row, number++);
    }
    if (keeps_outcomes) move_outcomes_.run(row, *known);
    return row;
  }

  /// The row of the variant if it lacks the outcomes that `v` has.
  std::optional<std::int64_t> lacking_outcomes(std::int64_t run, const record::Variant& v) {
    if (v.outcomes.empty()) return std::nullopt;
    const auto known = find(run, v);
    if (!known || !is_equal(*known, v) || has_outcomes_.find(*known)) return std::nullopt;
    return known;
  }

 private:
  std::optional<std::int64_t> find(std::int64_t run, const record::Variant& v) {
    return known_.find(run, v.pruning, v.sparsity_asked, v.tensor, v.quantization, v.format.name());
  }

  // Whether accuracies are equal. A network that is made again on another machine may differ.
  bool is_equal(std::int64_t row, const record::Variant& v) {
    accuracies_.bind(row);
    const bool found = accuracies_.step();
    const bool is_equal = found && is_same(accuracies_.real(0), v.test_accuracy) &&
                          is_same(accuracies_.real(1), v.validation_accuracy);
    accuracies_.reset();
    return is_equal;
  }

  const Database& database_;
  Statement known_;
  Statement forget_tensors_;
  Statement forget_outcomes_;
  Statement move_outcomes_;
  Statement has_outcomes_;
  Statement accuracies_;
  Statement variant_;
  Statement tensor_;
};

// Removes the variants of a task that is recorded again, because the new variants may differ.
void forget_task(const Database& database, std::int64_t run, std::int64_t task) {
  for (const char* table : {"variant_tensor", "variant_outcome"}) {
    Statement(database, fmt::format("DELETE FROM {} WHERE variant IN (SELECT id FROM variant WHERE "
                                    "run = ? AND task = ?)",
                                    table))
        .run(run, task);
  }
  Statement(database, "DELETE FROM variant WHERE run = ? AND task = ?").run(run, task);
  Statement(database, "DELETE FROM compression_task WHERE id = ?").run(task);
}

// All versions from this one on make the same networks for a task, so the first recording is kept.
int first_right_schema(std::span<const record::Variant> variants) {
  const bool is_doubtful = std::ranges::any_of(variants, [](const record::Variant& variant) {
    return variant.activations.quantized && has_heads_of_other_width(variant.architecture);
  });
  return is_doubtful ? kFirstWithHeadsOfAnyWidth : kFirstWithOwnCalibration;
}

}  // namespace

bool has_heads_of_other_width(const std::string& architecture) {
  try {
    const auto parsed = network::Architecture::parse(architecture);
    const auto* vit = std::get_if<network::Vit>(&parsed.shape());
    return vit != nullptr && vit->head_width != 0;
  } catch (const Error&) {  // the text may be arbitrary
    return false;
  }
}

std::vector<record::CompressionTask> SqliteReader::tasks_before(int schema) const {
  std::vector<record::CompressionTask> tasks;
  Statement statement(database_, kSelectTasks);
  statement.bind(schema);
  while (statement.step()) {
    const CheckedRow row(statement, "compression_task", 0);
    tasks.push_back({row.text(0), row.text(1)});
  }
  return tasks;
}

std::vector<record::CompressionTask> SqliteReader::recorded_tasks() const {
  return tasks_before(kSchemaVersion + 1);
}

void SqliteWriter::record(const record::CompressionTask& task,
                          std::span<const record::Variant> variants, double seconds) {
  const std::scoped_lock guard(mutex_);
  record_locked({.task = task,
                 .seconds = seconds,
                 .schema = kSchemaVersion,
                 .session = session_,
                 .variants = {variants.begin(), variants.end()}});
}

void SqliteWriter::record_task(const RecordedTask& recorded) {
  const std::scoped_lock guard(mutex_);
  record_locked(recorded);
}

void SqliteWriter::record_locked(const RecordedTask& recorded) {
  const record::CompressionTask& task = recorded.task;
  const std::vector<record::Variant>& variants = recorded.variants;
  Statement row_of_run(database_, "SELECT id FROM run WHERE run_id = ?");
  const auto run = row_of_run.find(task.run_id);
  if (!run) throw std::logic_error("a run is compressed that is not in the plan: " + task.run_id);
  Transaction transaction(database_);
  Statement known(database_, "SELECT id, schema FROM compression_task WHERE run = ? AND task = ?");
  known.bind(*run, task.task);
  const bool is_known = known.step();
  const std::int64_t known_task = is_known ? known.integer(0) : 0;
  const bool stays =
      is_known && known.integer(1) >= std::min(recorded.schema, first_right_schema(variants));
  known.reset();
  VariantInsertion insertion(database_);
  const OutcomeBase base = images_.base_of(*run);
  ChecksumUpdate checksum(database_, {Part::compression, std::to_string(*run)});
  if (stays) {
    for (const record::Variant& variant : variants) {
      const auto lacking = insertion.lacking_outcomes(*run, variant);
      if (lacking) images_.insert(*lacking, variant.outcomes, base);
    }
    // A newer version made the same variants, so they are no longer in doubt.
    Statement(database_, "UPDATE compression_task SET schema = max(schema, ?) WHERE id = ?")
        .run(recorded.schema, known_task);
    checksum.keep();
    return transaction.commit();
  }
  if (is_known) forget_task(database_, *run, known_task);
  Statement insert(database_, insert_into<TaskTable>({"run"}));
  insert_row<TaskTable>(insert, recorded, *run);
  const std::int64_t row = database_.integer("SELECT last_insert_rowid()");
  for (const record::Variant& variant : variants) {
    images_.insert(insertion.insert(*run, row, variant), variant.outcomes, base);
  }
  checksum.keep();
  transaction.commit();
}

std::vector<record::VariantRow> SqliteReader::variants() const {
  Statement tensor(database_, select_tensors() + "ORDER BY variant, number");
  Tensors tensors = tensors_of(tensor);
  std::vector<record::VariantRow> variants;
  Statement row(database_, select_variants() + kVariantOrder);
  while (row.step()) variants.push_back({row.text(0), variant_of(row, tensors)});
  return variants;
}

void SqliteReader::outcomes(
    const std::function<void(const std::string&, const record::Variant&,
                             record::VariantOutcomes&&)>& on_variant) const {
  Statement statement(database_, select_outcomes() + kVariantOrder);
  read_outcomes(statement, on_variant);
}

void SqliteReader::outcomes(
    const std::string& run_id,
    const std::function<void(const std::string&, const record::Variant&,
                             record::VariantOutcomes&&)>& on_variant) const {
  Statement statement(database_, select_outcomes() + "WHERE run.run_id = ? " + kVariantOrder);
  statement.bind(run_id);
  read_outcomes(statement, on_variant);
}

void SqliteReader::read_outcomes(
    Statement& statement, const std::function<void(const std::string&, const record::Variant&,
                                                   record::VariantOutcomes&&)>& on_variant) const {
  OutcomeBase base;
  while (statement.step()) {
    const CheckedRow row(statement, "variant", 0);
    const std::int64_t run = row.count(1);
    if (base.images == nullptr || base.run != run) base = images_.base_of(run);
    const auto which = read_row<VariantKeyColumns>(row, 6);
    on_variant(row.text(0), which,
               images_.decoded(statement, 2, base, {row.fraction(4), row.fraction(5)}));
  }
}

void SqliteReader::compressions(const std::function<void(RecordedTask&&)>& on_task) const {
  Statement task(database_,
                 fmt::format("SELECT run.run_id, run.id, compression_task.id, {} "
                             "FROM compression_task JOIN run ON run.id = compression_task.run "
                             "ORDER BY compression_task.id",
                             select_list<TaskTable>()));
  Statement tensor(database_, select_tensors() +
                                  "WHERE variant IN (SELECT id FROM variant WHERE run = ? AND "
                                  "task = ?) ORDER BY variant, number");
  Statement row(database_,
                select_variants() + "WHERE variant.run = ? AND task = ? " + kVariantOrder);
  Statement outcome(database_, "SELECT test, validation FROM variant_outcome WHERE variant = ?");
  while (task.step()) {
    const CheckedRow checked(task, "compression_task", 0);
    auto recorded = read_row<TaskTable>(checked, 3);
    if (recorded.schema > kSchemaVersion) checked.refuse("schema", "a schema version");
    recorded.task.run_id = checked.text(0);
    const std::int64_t run = checked.count(1);
    const std::int64_t number = checked.count(2);
    const OutcomeBase base = images_.base_of(run);
    Tensors tensors = tensors_of(tensor.bind(run, number));
    row.bind(run, number);
    while (row.step()) {
      record::Variant& variant = recorded.variants.emplace_back(variant_of(row, tensors));
      outcome.bind(row.integer(1));
      if (outcome.step()) {
        variant.outcomes =
            images_.decoded(outcome, 0, base, {variant.test_accuracy, variant.validation_accuracy});
      }
      outcome.reset();
    }
    on_task(std::move(recorded));
  }
}

}  // namespace minima::store
