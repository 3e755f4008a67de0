#include "store/records/sqlite_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "store/database/checked_row.h"
#include "store/database/sqlite_open.h"
#include "store/database/sqlite_schema.h"
#include "store/records/sqlite_tables.h"

namespace minima::store {
namespace {

std::string select_epochs() {
  return fmt::format("SELECT run, {} FROM epoch ", select_list<EpochTable>());
}

std::string select_layers() {
  return fmt::format("SELECT run, epoch, {} FROM layer_signal ", select_list<LayerTable>());
}

record::LayerSignals layer_of(const Statement& layers) {
  const CheckedRow row(layers, "layer_signal", 0);
  const auto signals = read_row<LayerTable>(row, 2);
  if (signals.dead_units > signals.units) row.refuse("dead_units", "at most the number of units");
  return signals;
}

// Epochs and their layers come from two queries in the same order and are merged while reading.
void read_histories(Statement& epochs, Statement& layers,
                    const std::function<void(std::int64_t, record::EpochRecord&&)>& on_epoch) {
  bool layer_left = layers.step();
  const auto layer_key = [&] { return std::pair(layers.integer(0), layers.integer(1)); };
  while (epochs.step()) {
    auto epoch = read_row<EpochTable>(CheckedRow(epochs, "epoch", 0), 1);
    const std::pair key(epochs.integer(0), epochs.integer(1));
    for (; layer_left && layer_key() <= key; layer_left = layers.step()) {
      if (layer_key() < key) continue;  // written between the two queries
      epoch.layers.push_back(layer_of(layers));
    }
    on_epoch(key.first, std::move(epoch));
  }
}

}  // namespace

SqliteReader::SqliteReader(std::filesystem::path directory, Integrity integrity)
    : directory_(std::move(directory)),
      database_(open_store(directory_, integrity)),
      images_(database_),
      weights_(database_, directory_) {}

std::vector<record::EpochRecord> SqliteReader::history(const std::string& run_id) const {
  std::vector<record::EpochRecord> history;
  Statement epoch(
      database_,
      select_epochs() + "WHERE run = (SELECT id FROM run WHERE run_id = ?) ORDER BY epoch");
  epoch.bind(run_id);
  Statement layer(database_, select_layers() +
                                 "WHERE run = (SELECT id FROM run WHERE run_id = ?) "
                                 "ORDER BY epoch, layer");
  layer.bind(run_id);
  read_histories(epoch, layer, [&](std::int64_t /*run*/, record::EpochRecord&& record) {
    history.push_back(std::move(record));
  });
  return history;
}

void SqliteReader::histories(
    const std::function<void(const std::string&, record::EpochRecord&&)>& on_epoch) const {
  std::map<std::int64_t, std::string> ids;
  Statement run(database_, "SELECT id, run_id FROM run");
  while (run.step()) ids.emplace(run.integer(0), run.text(1));
  Statement epoch(database_, select_epochs() + "ORDER BY run, epoch");
  Statement layer(database_, select_layers() + "ORDER BY run, epoch, layer");
  read_histories(epoch, layer, [&](std::int64_t number, record::EpochRecord&& record) {
    if (const auto at = ids.find(number); at != ids.end()) on_epoch(at->second, std::move(record));
  });
}

std::vector<std::string> SqliteReader::table_names() const {
  std::vector<std::string> names;
  Statement row(database_,
                "SELECT name FROM sqlite_master WHERE type = 'view' OR (type = 'table' AND name IN "
                "(SELECT name FROM analysis_table)) ORDER BY rowid");
  while (row.step()) names.push_back(row.text(0));
  return names;
}

void SqliteReader::table(
    const std::string& name, const std::function<void(const std::vector<std::string>&)>& on_columns,
    const std::function<void(const std::vector<record::Cell>&)>& on_row) const {
  const std::vector<std::string> names = table_names();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw input_error({directory_.string(), ""},
                      fmt::format("has no table \"{}\"", printable(name, 80)),
                      suggestion(name, names));
  }
  Statement row(database_, fmt::format("SELECT * FROM \"{}\"", name));
  std::vector<std::string> columns;
  for (int i = 0; i < row.columns(); ++i) columns.push_back(row.column_name(i));
  on_columns(columns);
  std::vector<record::Cell> cells(columns.size());
  while (row.step()) {
    const CheckedRow checked(row, name.c_str());
    for (int i = 0; i < row.columns(); ++i) cells[static_cast<std::size_t>(i)] = checked.cell(i);
    on_row(cells);
  }
}

std::vector<std::string> SqliteReader::runs_with_weights() const {
  std::vector<std::string> ids;
  Statement rows(database_,
                 "SELECT run_id FROM run WHERE EXISTS (SELECT 1 FROM weight WHERE weight.run = "
                 "run.id) ORDER BY run_id");
  while (rows.step()) ids.push_back(rows.text(0));
  return ids;
}

bool has_store(const std::filesystem::path& directory) {
  return !holds_nothing(directory);
}

std::unique_ptr<Reader> open_reader(const std::filesystem::path& directory) {
  return std::make_unique<SqliteReader>(directory);
}

}  // namespace minima::store
