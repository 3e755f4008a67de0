#include "store/database/sqlite_open.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "core/error.h"
#include "store/database/sqlite_checks.h"
#include "store/database/sqlite_schema.h"
#include "store/database/store_files.h"

namespace minima::store {
namespace {

// Opens the file and reads from it once, because an unreadable log only fails at the first read.
Database looked_into(const std::filesystem::path& path, Database::Access access) {
  Database database(path, access);
  static_cast<void>(check_contents(database));
  return database;
}

bool is_about_files(const DatabaseError& error) {
  constexpr int kCodes[] = {SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_READONLY,
                            SQLITE_PERM};
  return std::ranges::find(kCodes, error.code()) != std::end(kCodes);
}

bool has_log(const std::filesystem::path& path) {
  std::filesystem::path log = path;
  log += "-wal";
  std::error_code missing;
  const auto bytes = std::filesystem::file_size(log, missing);
  return !missing && bytes > 0;
}

// Reading needs the log's shared memory, which cannot be created on a read-only medium or a full
// disk. Without a log, the file alone is complete and is opened as immutable. With a log, it is
// opened for exclusive access, which needs no shared memory.
Database open_database(const std::filesystem::path& path) {
  try {
    return looked_into(path, Database::Access::read);
  } catch (const DatabaseError& error) {
    if (!is_about_files(error)) throw;
  }
  if (!has_log(path)) return looked_into(path, Database::Access::immutable);
  try {
    return looked_into(path, Database::Access::alone);
  } catch (const DatabaseError& error) {
    if (!is_about_files(error)) throw;
    throw input_error({path.string(), ""}, "cannot be read here with the log beside it",
                      "copy the store to a folder that can be written to");
  }
}

}  // namespace

Database open_store(const std::filesystem::path& directory, Integrity integrity) {
  const bool is_checked = integrity == Integrity::checked;
  std::error_code error;
  if (!std::filesystem::exists(directory / kDatabaseName, error)) throw not_a_store(directory);
  check_store_files(directory);
  Database database = open_database(directory / kDatabaseName);
  if (check_contents(database) == Contents::empty) throw not_a_store(directory);
  if (schema_version(database) != kSchemaVersion) {
    // Update a copy, because the store may be on a read-only medium or being written.
    Database copy = database.copy();
    update_schema(copy);
    if (is_checked) check_integrity(copy);
    copy.execute("PRAGMA query_only = ON");
    return copy;
  }
  check_schema(database);
  // A writer checked the store when it started. Repeated checks while it runs would slow it down.
  if (is_checked && !is_being_written(directory)) check_integrity(database);
  return database;
}

bool holds_nothing(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kDatabaseName;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return true;
  check_store_files(directory);  // before SQLite opens any of them
  return check_contents(Database(path, Database::Access::read)) == Contents::empty;
}

}  // namespace minima::store
