// Recording and reading what pruning and quantization found out.
#include <map>
#include <stdexcept>

#include "store/sqlite_reader.h"
#include "store/sqlite_writer.h"

namespace minima::store {
namespace {

constexpr const char* kSelectVariants =
    "SELECT variant.id, variant.task, run.run_id, pruning, sparsity_asked, tensor, quantization, "
    "format, bits, activations, arithmetic, variant.architecture, variant.parameters, weights, "
    "kept, dead_units, epochs, test_loss, test_accuracy, dense_bytes, index_bytes, bitmask_bytes, "
    "entropy_bytes, packed_bytes, note, validation_accuracy "
    "FROM run CROSS JOIN variant ON variant.run = run.id "
    "ORDER BY run.position, pruning, sparsity_asked, tensor, quantization, bits DESC, format";

using Tensors = std::map<std::int64_t, std::vector<VariantTensor>>;

Tensors tensors_of(const Database& database) {
  Tensors tensors;
  Statement row(database,
                "SELECT variant, name, weights, kept FROM variant_tensor ORDER BY variant, number");
  while (row.step()) {
    tensors[row.integer(0)].push_back({row.text(1), row.integer(2), row.integer(3)});
  }
  return tensors;
}

Variant variant_of(const Statement& row, Tensors& tensors) {
  return {.pruning = row.text(3),
          .sparsity_asked = row.real(4),
          .quantization = row.text(6),
          .format = row.text(7),
          .activations = row.text(9),
          .tensor = row.text(5),
          .arithmetic = row.text(10),
          .note = row.text(24),
          .architecture = row.text(11),
          .parameters = row.integer(12),
          .weights = row.integer(13),
          .kept = row.integer(14),
          .bits = row.small(8),
          .epochs = row.small(16),
          .dead_units = row.integer(15),
          .test_loss = row.real(17),
          .test_accuracy = row.real(18),
          .validation_accuracy = row.real(25),
          .bytes = {.dense = row.is_null(19) ? std::nullopt : std::optional(row.integer(19)),
                    .index = row.integer(20),
                    .bitmask = row.integer(21),
                    .entropy = row.integer(22),
                    .packed = row.integer(23)},
          .tensors = std::move(tensors[row.integer(0)])};
}

// The statements of one recording.
class VariantInsertion {
 public:
  explicit VariantInsertion(const Database& database)
      : database_(database),
        forget_(database,
                "DELETE FROM variant_tensor WHERE variant IN (SELECT id FROM variant WHERE run = ? "
                "AND pruning = ? AND sparsity_asked = ? AND tensor = ? AND quantization = ? AND "
                "format = ?)"),
        variant_(database,
                 "INSERT OR REPLACE INTO variant VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                 "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        tensor_(database, "INSERT INTO variant_tensor VALUES (?, ?, ?, ?, ?)") {}

  void insert(std::int64_t run, std::int64_t task, const Variant& v) {
    forget_.run(run, v.pruning, v.sparsity_asked, v.tensor, v.quantization, v.format);
    variant_.run(run, task, v.pruning, v.sparsity_asked, v.tensor, v.quantization, v.format, v.bits,
                 v.activations, v.arithmetic, v.architecture, v.parameters, v.weights, v.kept,
                 v.dead_units, v.epochs, v.test_loss, v.test_accuracy, v.bytes.dense, v.bytes.index,
                 v.bytes.bitmask, v.bytes.entropy, v.bytes.packed, v.note, v.validation_accuracy);
    const std::int64_t row = database_.integer("SELECT last_insert_rowid()");
    int number = 0;
    for (const VariantTensor& each : v.tensors) {
      tensor_.run(row, number++, each.name, each.weights, each.kept);
    }
  }

 private:
  const Database& database_;
  Statement forget_;
  Statement variant_;
  Statement tensor_;
};

}  // namespace

std::vector<CompressionTask> SqliteWriter::recorded_tasks() const {
  const std::scoped_lock guard(mutex_);
  std::vector<CompressionTask> tasks;
  Statement row(database_,
                "SELECT run.run_id, compression_task.task FROM compression_task "
                "JOIN run ON run.id = compression_task.run "
                "ORDER BY run.position, compression_task.task");
  while (row.step()) tasks.push_back({row.text(0), row.text(1)});
  return tasks;
}

void SqliteWriter::record(const CompressionTask& task, std::span<const Variant> variants,
                          double seconds) {
  const std::scoped_lock guard(mutex_);
  Statement row_of_run(database_, "SELECT id FROM run WHERE run_id = ?");
  const auto run = row_of_run.find(task.run_id);
  if (!run) throw std::logic_error("a run is compressed that is not in the plan: " + task.run_id);
  Transaction transaction(database_);
  Statement known(database_, "SELECT id FROM compression_task WHERE run = ? AND task = ?");
  if (known.find(*run, task.task)) return;
  Statement(database_, "INSERT INTO compression_task VALUES (NULL, ?, ?, ?)")
      .run(*run, task.task, seconds);
  const std::int64_t row = database_.integer("SELECT last_insert_rowid()");
  VariantInsertion insertion(database_);
  for (const Variant& variant : variants) insertion.insert(*run, row, variant);
  transaction.commit();
}

std::vector<VariantRow> SqliteReader::variants() const {
  Tensors tensors = tensors_of(database_);
  std::vector<VariantRow> variants;
  Statement row(database_, kSelectVariants);
  while (row.step()) variants.push_back({row.text(2), variant_of(row, tensors)});
  return variants;
}

std::vector<SqliteReader::RecordedTask> SqliteReader::compressions() const {
  std::map<std::int64_t, std::size_t> index;
  std::vector<RecordedTask> tasks;
  Statement task(database_,
                 "SELECT compression_task.id, run.run_id, compression_task.task, seconds "
                 "FROM compression_task JOIN run ON run.id = compression_task.run "
                 "ORDER BY compression_task.id");
  while (task.step()) {
    index.emplace(task.integer(0), tasks.size());
    tasks.push_back({{task.text(1), task.text(2)}, task.real(3), {}});
  }
  Tensors tensors = tensors_of(database_);
  Statement row(database_, kSelectVariants);
  while (row.step()) {
    const auto at = index.find(row.integer(1));
    if (at != index.end()) tasks[at->second].variants.push_back(variant_of(row, tensors));
  }
  return tasks;
}

}  // namespace minima::store
