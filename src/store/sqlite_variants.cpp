// Records and reads the results of pruning and quantization.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <stdexcept>

#include "store/checked_row.h"
#include "store/sqlite_checksums.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_schema.h"
#include "store/sqlite_writer.h"

namespace minima::store {
namespace {

constexpr int kMostBits = 64;  // maximum per weight

constexpr const char* kSelectVariants =
    "SELECT variant.id, variant.task, run.run_id, pruning, sparsity_asked, tensor, quantization, "
    "format, bits, activations, arithmetic, variant.architecture, variant.parameters, weights, "
    "kept, dead_units, epochs, test_loss, test_accuracy, dense_bytes, index_bytes, bitmask_bytes, "
    "entropy_bytes, packed_bytes, note, validation_accuracy "
    "FROM run CROSS JOIN variant ON variant.run = run.id ";
constexpr const char* kVariantOrder =
    "ORDER BY run.position, pruning, sparsity_asked, tensor, quantization, bits DESC, format";
constexpr const char* kSelectTensors = "SELECT variant, name, weights, kept FROM variant_tensor ";
constexpr const char* kSelectTasks =
    "SELECT run.run_id, compression_task.task FROM compression_task "
    "JOIN run ON run.id = compression_task.run WHERE compression_task.schema < ? "
    "ORDER BY run.position, compression_task.task";

constexpr const char* kSelectOutcomes =
    "SELECT run.id, run.run_id, pruning, sparsity_asked, tensor, quantization, format, "
    "variant_outcome.test, variant_outcome.validation, variant.test_accuracy, "
    "variant.validation_accuracy FROM run CROSS JOIN variant ON variant.run = run.id "
    "CROSS JOIN variant_outcome ON variant_outcome.variant = variant.id ";

using Tensors = std::map<std::int64_t, std::vector<VariantTensor>>;

Tensors tensors_of(Statement& statement) {
  Tensors tensors;
  while (statement.step()) {
    const CheckedRow row(statement, "variant_tensor", 0);
    const std::int64_t weights = row.count(2);
    const std::int64_t kept = row.integer(3, 0, weights);
    tensors[row.count(0)].push_back({row.text(1), weights, kept});
  }
  return tensors;
}

Variant variant_of(const Statement& statement, Tensors& tensors) {
  const CheckedRow row(statement, "variant", 2);
  Variant variant{.pruning = row.text(3),
                  .sparsity_asked = row.fraction(4),
                  .quantization = row.text(6),
                  .format = row.text(7),
                  .activations = row.text(9),
                  .tensor = row.text(5),
                  .arithmetic = row.one_of(10, {"", "float", "integer", "simulated"}),
                  .note = row.text(24),
                  .architecture = row.text(11),
                  .parameters = row.count(12),
                  .weights = row.count(13),
                  .kept = row.count(14),
                  .bits = row.small(8, 0, kMostBits),
                  .epochs = row.small(16),
                  .dead_units = row.count(15),
                  .test_loss = row.figure(17),
                  .test_accuracy = row.fraction(18),
                  .validation_accuracy = row.fraction(25),
                  .bytes = {.dense = row.optional_count(19),
                            .index = row.count(20),
                            .bitmask = row.count(21),
                            .entropy = row.count(22),
                            .packed = row.count(23)},
                  .tensors = std::move(tensors[row.count(0)])};
  if (std::isnan(variant.sparsity_asked)) row.refuse(4, "a fraction from 0 to 1");
  if (variant.kept > variant.weights) row.refuse(14, "at most the number of its weights");
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
        variant_(database,
                 "INSERT OR REPLACE INTO variant VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                 "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        tensor_(database, "INSERT INTO variant_tensor VALUES (?, ?, ?, ?, ?)") {}

  /// Returns the row of the variant. If `v` has no outcomes, keeps those of an equal variant
  /// recorded before.
  std::int64_t insert(std::int64_t run, std::int64_t task, const Variant& v) {
    const auto known = find(run, v);
    const bool keeps_outcomes = known && v.outcomes.empty() && is_equal(*known, v);
    if (known) {
      forget_tensors_.run(*known);
      if (!keeps_outcomes) forget_outcomes_.run(*known);
    }
    variant_.run(run, task, v.pruning, v.sparsity_asked, v.tensor, v.quantization, v.format, v.bits,
                 v.activations, v.arithmetic, v.architecture, v.parameters, v.weights, v.kept,
                 v.dead_units, v.epochs, v.test_loss, v.test_accuracy, v.bytes.dense, v.bytes.index,
                 v.bytes.bitmask, v.bytes.entropy, v.bytes.packed, v.note, v.validation_accuracy);
    const std::int64_t row = database_.integer("SELECT last_insert_rowid()");
    int number = 0;
    for (const VariantTensor& each : v.tensors) {
      tensor_.run(row, number++, each.name, each.weights, each.kept);
    }
    if (keeps_outcomes) move_outcomes_.run(row, *known);
    return row;
  }

  /// The row of the variant if it lacks the outcomes that `v` has.
  std::optional<std::int64_t> lacking_outcomes(std::int64_t run, const Variant& v) {
    if (v.outcomes.empty()) return std::nullopt;
    const auto known = find(run, v);
    if (!known || !is_equal(*known, v) || has_outcomes_.find(*known)) return std::nullopt;
    return known;
  }

 private:
  std::optional<std::int64_t> find(std::int64_t run, const Variant& v) {
    return known_.find(run, v.pruning, v.sparsity_asked, v.tensor, v.quantization, v.format);
  }

  // Whether accuracies are equal. A network that is made again on another machine may differ.
  bool is_equal(std::int64_t row, const Variant& v) {
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
int first_right_schema(std::span<const Variant> variants) {
  const bool is_doubtful = std::ranges::any_of(variants, [](const Variant& variant) {
    return variant.activations != "fp32" && has_heads_of_other_width(variant.architecture);
  });
  return is_doubtful ? kFirstWithHeadsOfAnyWidth : kFirstWithOwnCalibration;
}

}  // namespace

bool has_heads_of_other_width(const std::string& architecture) {
  // The text may be arbitrary; parsing it as an architecture checks it elsewhere.
  const std::size_t at = architecture.find(" a");
  return architecture.starts_with("vit ") && at != std::string::npos &&
         std::isdigit(static_cast<unsigned char>(architecture[at + 2])) != 0;
}

std::vector<CompressionTask> SqliteWriter::tasks_before(int schema) const {
  const std::scoped_lock guard(mutex_);
  std::vector<CompressionTask> tasks;
  Statement statement(database_, kSelectTasks);
  statement.bind(schema);
  while (statement.step()) {
    const CheckedRow row(statement, "compression_task", 0);
    tasks.push_back({row.text(0), row.text(1)});
  }
  return tasks;
}

std::vector<CompressionTask> SqliteWriter::recorded_tasks() const {
  return tasks_before(kSchemaVersion + 1);
}

void SqliteWriter::record(const CompressionTask& task, std::span<const Variant> variants,
                          double seconds) {
  record_task(task, variants, seconds, kSchemaVersion);
}

void SqliteWriter::record_task(const CompressionTask& task, std::span<const Variant> variants,
                               double seconds, int schema) {
  const std::scoped_lock guard(mutex_);
  Statement row_of_run(database_, "SELECT id FROM run WHERE run_id = ?");
  const auto run = row_of_run.find(task.run_id);
  if (!run) throw std::logic_error("a run is compressed that is not in the plan: " + task.run_id);
  Transaction transaction(database_);
  Statement known(database_, "SELECT id, schema FROM compression_task WHERE run = ? AND task = ?");
  known.bind(*run, task.task);
  const bool is_known = known.step();
  const std::int64_t known_task = is_known ? known.integer(0) : 0;
  const bool stays = is_known && known.integer(1) >= std::min(schema, first_right_schema(variants));
  known.reset();
  VariantInsertion insertion(database_);
  const OutcomeBase base = images_.base_of(*run);
  ChecksumUpdate checksum(database_, {Part::compression, std::to_string(*run)});
  if (stays) {
    for (const Variant& variant : variants) {
      const auto lacking = insertion.lacking_outcomes(*run, variant);
      if (lacking) images_.insert(*lacking, variant.outcomes, base);
    }
    // A newer version made the same variants, so they are no longer in doubt.
    Statement(database_, "UPDATE compression_task SET schema = max(schema, ?) WHERE id = ?")
        .run(schema, known_task);
    checksum.keep();
    return transaction.commit();
  }
  if (is_known) forget_task(database_, *run, known_task);
  Statement(database_, "INSERT INTO compression_task VALUES (NULL, ?, ?, ?, ?)")
      .run(*run, task.task, seconds, schema);
  const std::int64_t row = database_.integer("SELECT last_insert_rowid()");
  for (const Variant& variant : variants) {
    images_.insert(insertion.insert(*run, row, variant), variant.outcomes, base);
  }
  checksum.keep();
  transaction.commit();
}

std::vector<VariantRow> SqliteReader::variants() const {
  Statement tensor(database_, std::string(kSelectTensors) + "ORDER BY variant, number");
  Tensors tensors = tensors_of(tensor);
  std::vector<VariantRow> variants;
  Statement row(database_, std::string(kSelectVariants) + kVariantOrder);
  while (row.step()) variants.push_back({row.text(2), variant_of(row, tensors)});
  return variants;
}

void SqliteReader::outcomes(const std::function<void(const std::string&, const Variant&,
                                                     VariantOutcomes&&)>& on_variant) const {
  Statement statement(database_, std::string(kSelectOutcomes) + kVariantOrder);
  read_outcomes(statement, on_variant);
}

void SqliteReader::outcomes(const std::string& run_id,
                            const std::function<void(const std::string&, const Variant&,
                                                     VariantOutcomes&&)>& on_variant) const {
  Statement statement(database_,
                      std::string(kSelectOutcomes) + "WHERE run.run_id = ? " + kVariantOrder);
  statement.bind(run_id);
  read_outcomes(statement, on_variant);
}

void SqliteReader::read_outcomes(Statement& statement,
                                 const std::function<void(const std::string&, const Variant&,
                                                          VariantOutcomes&&)>& on_variant) const {
  OutcomeBase base;
  while (statement.step()) {
    const CheckedRow row(statement, "variant", 1);
    const std::int64_t run = row.count(0);
    if (base.images == nullptr || base.run != run) base = images_.base_of(run);
    const Variant which{.pruning = row.text(2),
                        .sparsity_asked = row.fraction(3),
                        .quantization = row.text(5),
                        .format = row.text(6),
                        .tensor = row.text(4)};
    on_variant(row.text(1), which,
               images_.decoded(statement, 7, base, {row.fraction(9), row.fraction(10)}));
  }
}

void SqliteReader::compressions(const std::function<void(RecordedTask&&)>& on_task) const {
  Statement task(database_,
                 "SELECT compression_task.id, run.run_id, compression_task.task, seconds, schema, "
                 "run.id FROM compression_task JOIN run ON run.id = compression_task.run "
                 "ORDER BY compression_task.id");
  Statement tensor(database_, std::string(kSelectTensors) +
                                  "WHERE variant IN (SELECT id FROM variant WHERE run = ? AND "
                                  "task = ?) ORDER BY variant, number");
  Statement row(database_, std::string(kSelectVariants) + "WHERE variant.run = ? AND task = ? " +
                               kVariantOrder);
  Statement outcome(database_, "SELECT test, validation FROM variant_outcome WHERE variant = ?");
  while (task.step()) {
    const CheckedRow checked(task, "compression_task", 1);
    RecordedTask recorded;
    recorded.task = {checked.text(1), checked.text(2)};
    recorded.seconds = checked.magnitude(3);
    recorded.schema = checked.small(4, 1, kSchemaVersion);
    const std::int64_t run = checked.count(5);
    const OutcomeBase base = images_.base_of(run);
    Tensors tensors = tensors_of(tensor.bind(run, task.integer(0)));
    row.bind(run, task.integer(0));
    while (row.step()) {
      Variant& variant = recorded.variants.emplace_back(variant_of(row, tensors));
      outcome.bind(row.integer(0));
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
