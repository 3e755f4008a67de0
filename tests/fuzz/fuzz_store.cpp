// An untrusted store. The input describes how to change a valid store: bytes of its database, bytes
// of its weights, or cells of its tables.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>

#include "../store/example_store.h"
#include "fuzz.h"
#include "record/run_row.h"
#include "record/study.h"
#include "record/variant.h"

namespace minima::fuzz {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Yields one byte at a time; 0 at the end.
class Input {
 public:
  explicit Input(Bytes bytes) : bytes_(bytes) {}
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }
  std::size_t number(int count) {
    std::size_t value = 0;
    for (int i = 0; i < count; ++i) {
      value = 256 * value + (bytes_.empty() ? 0U : bytes_[0]);
      if (!bytes_.empty()) bytes_ = bytes_.subspan(1);
    }
    return value;
  }
  std::string text(std::size_t size) {
    const Bytes taken = bytes_.first(std::min(size, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return text_of(taken);
  }

 private:
  Bytes bytes_;
};

record::Variant example_variant() {
  return {.pruning = "one-shot global magnitude",
          .sparsity_asked = 0.5,
          .quantization = "",
          .tensor = "",
          .note = "",
          .architecture = "dnn 2",
          .parameters = 25,
          .weights = 20,
          .kept = 10,
          .bits = 32,
          .epochs = 3,
          .dead_units = 1,
          .test_loss = 0.5,
          .test_accuracy = 0.7,
          .validation_accuracy = 0.8,
          .bytes = {100, 60, 50, 40, 45},
          .tensors = {{"fc1.weight", 12, 6}, {"fc2.weight", 8, 4}}};
}

struct Base {
  std::string database;
  std::string weights;
  std::vector<std::pair<std::string, std::vector<std::string>>> tables;  ///< with their columns
};

std::vector<std::string> texts(sqlite3* database, const std::string& sql) {
  std::vector<std::string> all;
  const auto add = [](void* to, int, char** cells, char**) {
    static_cast<std::vector<std::string>*>(to)->emplace_back(cells[0] ? cells[0] : "");
    return 0;
  };
  sqlite3_exec(database, sql.c_str(), add, &all, nullptr);
  return all;
}

Base make_base() {
  const fs::path folder = scratch() / "base";
  {
    const auto plan = store::example_plan(2, 1);
    const auto writer = store::open_writer(folder);
    writer->begin(store::example_study(), store::example_datasets(), plan);
    for (const study::Run& run : plan) store::record(*writer, run);
    const record::Variant variant = example_variant();
    writer->record(record::CompressionTask{plan[0].id, "task"}, {&variant, 1}, 1.5);
  }
  sqlite3* database = nullptr;
  sqlite3_open((folder / "runs.sqlite").c_str(), &database);
  sqlite3_exec(database, "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr);
  Base base;
  for (const std::string& table :
       texts(database, "SELECT name FROM sqlite_master WHERE type = 'table'")) {
    base.tables.emplace_back(
        table, texts(database, "SELECT name FROM pragma_table_info('" + table + "')"));
  }
  sqlite3_close(database);
  base.database = content_of(folder / "runs.sqlite");
  base.weights = content_of(folder / "weights-0001.safetensors");
  require(!base.database.empty() && !base.weights.empty(), "there is no sound store");
  return base;
}

void change_bytes(std::string& content, Input& input) {
  const std::size_t at = input.number(3) % content.size();
  const std::string bytes = input.text(1 + input.number(1) % 8);
  for (std::size_t i = 0; i < bytes.size(); ++i) content[(at + i) % content.size()] = bytes[i];
}

// Sets a cell of a table to an unusual value.
void change_cell(sqlite3* database, const Base& base, Input& input) {
  const auto& [table, columns] = base.tables[input.number(1) % base.tables.size()];
  if (columns.empty()) return;
  const std::string& column = columns[input.number(1) % columns.size()];
  const std::size_t row = input.number(1);
  const std::string sql = fmt::format(
      "UPDATE \"{0}\" SET \"{1}\" = ? WHERE rowid IN (SELECT rowid FROM \"{0}\" LIMIT 1 OFFSET "
      "{2} % max(1, (SELECT count(*) FROM \"{0}\")))",
      table, column, row);
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return;
  const std::size_t kind = input.number(1) % 8;
  const std::string text = input.text(input.number(1));
  switch (kind) {
    case 0:
      sqlite3_bind_null(statement, 1);
      break;
    case 1:
      sqlite3_bind_int64(statement, 1, static_cast<std::int64_t>(input.number(8)));
      break;
    case 2:
      sqlite3_bind_int64(statement, 1, -static_cast<std::int64_t>(input.number(1)));
      break;
    case 3:
      sqlite3_bind_double(statement, 1, std::numeric_limits<double>::infinity());
      break;
    case 4:
      sqlite3_bind_double(statement, 1, static_cast<double>(input.number(2)) / 1000.0 - 30.0);
      break;
    case 5:
      sqlite3_bind_int64(statement, 1, static_cast<std::int64_t>(input.number(2)));
      break;
    case 6:
      sqlite3_bind_text(statement, 1, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
      break;
    default:
      sqlite3_bind_blob(statement, 1, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
      break;
  }
  sqlite3_step(statement);
  sqlite3_finalize(statement);
}

void change_cells(const fs::path& path, const Base& base, Input& input) {
  sqlite3* database = nullptr;
  if (sqlite3_open(path.c_str(), &database) == SQLITE_OK) {
    sqlite3_exec(database, "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF; BEGIN",
                 nullptr, nullptr, nullptr);
    while (!input.at_end()) change_cell(database, base, input);
    sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
  }
  sqlite3_close(database);
}

void read_everything(const fs::path& folder) {
  const auto reader = store::open_reader(folder);
  accepted([&] { static_cast<void>(reader->study()); });
  std::vector<record::DatasetRecord> datasets;
  accepted([&] { datasets = reader->datasets(); });
  for (const auto& dataset : datasets) {
    accepted([&] { static_cast<void>(reader->labels(dataset.name)); });
  }
  accepted([&] { static_cast<void>(reader->sessions()); });
  std::vector<record::RunRow> runs;
  accepted([&] { runs = reader->runs(); });
  for (const auto& run : runs) {
    accepted([&] { static_cast<void>(reader->history(run.id)); });
    accepted([&] { static_cast<void>(reader->weights(run.id)); });
  }
  accepted([&] { reader->histories([](const auto&, auto&&) {}); });
  accepted([&] { reader->weight_summaries([](const auto&, auto&&) {}); });
  accepted([&] { static_cast<void>(reader->variants()); });
  accepted([&] { reader->predictions([](const auto&, auto&&) {}); });
  accepted([&] { reader->outcomes([](const auto&, const auto&, auto&&) {}); });
  accepted([&] { static_cast<void>(reader->lacks()); });
  accepted([&] { static_cast<void>(reader->changed_values()); });
  for (const std::string& table : reader->table_names()) {
    accepted([&] {
      reader->table(
          table, [](const auto&) {}, [](const auto&) {});
    });
  }
}

}  // namespace

void try_input(Bytes bytes) {
  static const Base base = make_base();
  const fs::path folder = scratch() / "store";
  fs::remove_all(folder);
  const std::size_t kind = take_choice(bytes, 3);
  Input input(bytes);
  std::string database = base.database;
  std::string weights = base.weights;
  while (kind < 2 && !input.at_end()) change_bytes(kind == 0 ? database : weights, input);
  write_file(folder / "runs.sqlite", database);
  write_file(folder / "weights-0001.safetensors", weights);
  if (kind == 2) change_cells(folder / "runs.sqlite", base, input);
  accepted([&] { read_everything(folder); });
  // Update the store, seal it and merge it into another store.
  accepted([&] { store::open_and_close(folder); });
  fs::remove_all(scratch() / "merged");
  accepted([&] { store::merge(scratch() / "merged", std::vector{folder}); });
}

}  // namespace minima::fuzz
