#include "store/database/sqlite_checks.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "core/error.h"
#include "core/text.h"
#include "store/database/sqlite_schema.h"
#include "store/database/sqlite_views.h"

namespace minima::store {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// SQL without insignificant white space, so that an altered table compares equal to one created in
// its final form. Quoted text is unchanged.
std::string normalized(std::string_view sql) {
  std::string text;
  char quote = '\0';
  bool space = false;
  for (const char c : sql) {
    if (quote == '\0' && std::isspace(static_cast<unsigned char>(c)) != 0) {
      space = true;
      continue;
    }
    if (space && !text.empty() && is_word(text.back()) && is_word(c)) text += ' ';
    space = false;
    if (quote == c) {
      quote = '\0';
    } else if (quote == '\0' && (c == '\'' || c == '"' || c == '`')) {
      quote = c;
    }
    text += c;
  }
  return text;
}

struct Object {
  std::string type;
  std::string name;
  std::string table;
  std::string sql;  ///< normalized; empty for indices that SQLite creates for a constraint
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14.
  auto operator<=>(const Object&) const = default;
};

std::vector<Object> objects_of(const Database& database) {
  std::vector<Object> objects;
  Statement row(database, "SELECT type, name, tbl_name, sql FROM sqlite_master");
  while (row.step()) {
    objects.push_back({row.text(0), row.text(1), row.text(2), normalized(row.text(3))});
  }
  return objects;
}

// Derived from the program's own schema, not from the file.
const std::set<Object>& expected() {
  static const std::set<Object> all = [] {
    const Database empty(":memory:", Database::Access::write);
    create_schema(empty);
    const std::vector<Object> objects = objects_of(empty);
    return std::set<Object>(objects.begin(), objects.end());
  }();
  return all;
}

const std::set<std::string>& expected_names() {
  static const std::set<std::string> all = [] {
    std::set<std::string> names;
    for (const Object& object : expected()) names.insert(object.name);
    return names;
  }();
  return all;
}

bool is_plain_column(std::string_view column) {
  for (const std::string_view type : {" INTEGER", " REAL", " TEXT"}) {
    if (!column.ends_with(type)) continue;
    column.remove_suffix(type.size());
    break;
  }
  return is_plain_name(std::string(column));
}

// Whether a table has only plain columns, as an analysis creates them, and nothing that SQLite
// evaluates.
bool is_table_of_analysis(const Object& object) {
  const std::string begin = "CREATE TABLE " + object.name + "(";
  const std::string_view sql = object.sql;
  if (object.type != "table" || !is_plain_name(object.name)) return false;
  if (!sql.starts_with(begin) || !sql.ends_with(')')) return false;
  const std::string_view columns = sql.substr(begin.size(), sql.size() - begin.size() - 1);
  return std::ranges::all_of(split(columns, ','), is_plain_column);
}

[[noreturn]] void refuse(const Database& database, const std::string& where,
                         const std::string& problem, const std::string& remedy) {
  throw input_error({database.path().string(), where}, problem, remedy);
}

[[noreturn]] void refuse_object(const Database& database, const Object& object) {
  refuse(database, printable(object.type, 20) + " " + printable(object.name, 60),
         is_schema_name(object.name) ? "differs from the one that minima makes"
                                     : "does not belong to a store",
         "use a copy that no other program has changed");
}

std::set<std::string> tables_of_analyses(const Database& database) {
  std::set<std::string> names;
  Statement row(database, "SELECT name FROM analysis_table");
  while (row.step()) names.insert(row.text(0));
  return names;
}

// Tables with their own index; a damaged index could hide rows.
constexpr std::array kIndexed = {"run",     "dataset",         "compression_task",
                                 "variant", "analysis_record", "analysis_table"};

std::string first_fault(const Database& database, const std::string& pragma) {
  Statement row(database, "PRAGMA " + pragma);
  const std::string fault = row.step() ? row.text(0) : "";
  row.reset();
  return fault == "ok" ? "" : fault;
}

}  // namespace

bool is_plain_name(const std::string& name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !name.empty() && !name.starts_with("sqlite_") && std::ranges::all_of(name, is_letter);
}

bool is_schema_name(const std::string& name) {
  return expected_names().contains(name);
}

void check_schema(const Database& database) {
  std::vector<Object> others;
  std::set<Object> found;
  for (Object& object : objects_of(database)) {
    if (expected().contains(object)) {
      found.insert(std::move(object));
    } else {
      others.push_back(std::move(object));
    }
  }
  for (const Object& object : others) {
    if (is_schema_name(object.name) || !is_table_of_analysis(object)) {
      refuse_object(database, object);
    }
  }
  for (const Object& object : expected()) {
    if (!found.contains(object)) {
      refuse(database, object.type + " " + object.name, "is missing",
             "restore it from a copy or use another --store");
    }
  }
  const std::set<std::string> analyses = tables_of_analyses(database);
  for (const Object& object : others) {
    if (!analyses.contains(object.name)) refuse_object(database, object);
  }
}

void check_old_schema(const Database& database) {
  for (const Object& object : objects_of(database)) {
    const bool is_table = object.type == "table" && object.sql.starts_with("CREATE TABLE");
    const bool is_index =
        object.type == "index" && (object.sql.empty() || object.name == "run_position");
    const bool is_view =
        object.type == "view" && std::ranges::find(kViewNames, object.name) != kViewNames.end();
    if (!is_table && !is_index && !is_view) refuse_object(database, object);
    // Generated columns are the only part of a table that reading evaluates.
    Statement columns(database, "SELECT 1 FROM pragma_table_xinfo(?) WHERE hidden <> 0");
    if (is_table && columns.find(object.name)) refuse_object(database, object);
  }
}

void refuse_faults_of_the_machine(const Database& database, const std::string& found) {
  constexpr std::string_view kCode = "error code=";
  const std::size_t at = found.find(kCode);
  if (at == std::string::npos) return;
  const int code = std::atoi(found.c_str() + at + kCode.size()) & 0xff;
  if (code == SQLITE_NOMEM || code == SQLITE_IOERR || code == SQLITE_FULL) database.fail(code);
}

void check_integrity(const Database& database) {
  // quick_check takes 0.4 s for a store of 80 MB (14,400 runs, 1.6 million rows), a sixth of the
  // time of its report. integrity_check takes twice as long to check indices, which the large
  // tables lack.
  std::string fault = first_fault(database, "quick_check(1)");
  for (const char* table : kIndexed) {
    if (fault.empty()) fault = first_fault(database, fmt::format("integrity_check({})", table));
  }
  refuse_faults_of_the_machine(database, fault);
  if (!fault.empty()) {
    refuse(database, "", "is damaged: " + printable(fault, 120),
           "restore it from a copy or use another --store");
  }
  Statement row(database, "PRAGMA foreign_key_check");
  if (!row.step()) return;
  const std::string table = row.text(0);
  const std::string parent = row.text(2);
  row.reset();
  refuse(database, "table " + printable(table, 60),
         fmt::format("a row refers to a missing row of table {}", printable(parent, 60)),
         "restore it from a copy or use another --store");
}

}  // namespace minima::store
