// Stores the results of analyses.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "core/error.h"
#include "core/text.h"
#include "record/analysis.h"
#include "store/database/sqlite_checks.h"
#include "store/records/sqlite_checksums.h"
#include "store/records/sqlite_tables.h"
#include "store/records/sqlite_writer.h"

namespace minima::store {
namespace {

void check_name(const std::string& name) {
  if (is_plain_name(name)) return;
  throw std::logic_error("no name for a table or column of an analysis: " + name);
}

const char* type_of(const record::Cell& cell) {
  constexpr const char* kTypes[] = {"", "INTEGER", "REAL", "TEXT"};
  return kTypes[cell.index()];
}

// The column has the type of its first value.
std::string column_text(const record::Table& table, std::size_t column) {
  check_name(table.columns[column]);
  for (const auto& row : table.rows) {
    const std::string type = type_of(row[column]);
    if (!type.empty()) return table.columns[column] + " " + type;
  }
  return table.columns[column];
}

void drop_tables(const Database& database, const std::string& analysis) {
  std::vector<std::string> names;
  Statement table(database, "SELECT name FROM analysis_table WHERE analysis = ?");
  table.bind(analysis);
  while (table.step()) names.push_back(table.text(0));
  for (const std::string& name : names) {
    // The name comes from the file. Only a plain name may become SQL, and a table of the schema
    // does not belong to an analysis.
    if (!is_plain_name(name) || is_schema_name(name)) {
      table.refuse("table analysis_table",
                   fmt::format("\"{}\" is not an analysis table", printable(name, 60)));
    }
    database.execute(fmt::format("DROP TABLE IF EXISTS \"{}\"", name));
  }
  Statement(database, "DELETE FROM analysis_table WHERE analysis = ?").run(analysis);
}

void forget_labels(const Database& database) {
  database.execute("DELETE FROM run_label");
  forget_checksum(database, {Part::analysis, kLabels});
}

void create_table(const Database& database, const record::AnalysisRecord::NamedTable& table,
                  const std::string& analysis) {
  check_name(table.name);
  std::string columns;
  std::string names;
  std::string places;
  for (std::size_t i = 0; i < table.table.columns.size(); ++i) {
    columns += (i > 0 ? ", " : "") + column_text(table.table, i);
    names += (i > 0 ? ", " : "") + table.table.columns[i];
    places += i > 0 ? ", ?" : "?";
  }
  database.execute(fmt::format("CREATE TABLE {} ({})", table.name, columns));
  Statement(database, "INSERT INTO analysis_table (name, analysis) VALUES (?, ?)")
      .run(table.name, analysis);
  Statement insert(database,
                   fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name, names, places));
  for (const auto& row : table.table.rows) insert.run_cells(row);
}

void replace_labels(const Database& database, const std::vector<record::RunLabels>& labels) {
  database.execute("DELETE FROM run_label");
  Statement insert(database,
                   "INSERT INTO run_label (run, accuracy_group, regime, diagnosis) "
                   "SELECT id, ?, ?, ? FROM run WHERE run_id = ?");
  const auto cell = [](const std::optional<std::string>& text) {
    return text ? record::Cell(*text) : record::Cell();
  };
  for (const record::RunLabels& label : labels) {
    const std::vector<record::Cell> row{cell(label.accuracy_group), cell(label.regime),
                                        cell(label.diagnosis), record::Cell(label.run_id)};
    insert.run_cells(row);
  }
}

}  // namespace

void forget_analysis(const Database& database, const std::string& name) {
  if (name == kLabels) return forget_labels(database);
  drop_tables(database, name);
  Statement(database, "DELETE FROM analysis_record WHERE name = ?").run(name);
  forget_checksum(database, {Part::analysis, name});
}

void SqliteWriter::keep(const record::AnalysisRecord& analysis) {
  const std::scoped_lock guard(mutex_);
  Transaction transaction(database_);
  drop_tables(database_, analysis.name);
  Statement insert(database_, insert_into<AnalysisTable>({}, "INSERT OR REPLACE INTO"));
  insert_row<AnalysisTable>(insert, analysis);
  for (const auto& table : analysis.tables) create_table(database_, table, analysis.name);
  if (!analysis.labels.empty()) {
    replace_labels(database_, analysis.labels);
    keep_checksum(database_, {Part::analysis, kLabels});
  }
  keep_checksum(database_, {Part::analysis, analysis.name});
  transaction.commit();
}

}  // namespace minima::store
