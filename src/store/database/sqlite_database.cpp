#include "store/database/sqlite_database.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <limits>
#include <utility>

#include "core/error.h"

namespace minima::store {
namespace {

constexpr int kBusyMilliseconds = 10'000;
constexpr const char* kInMemory = ":memory:";

// The path with all links in its folder resolved, so that SQLITE_OPEN_NOFOLLOW only applies to the
// file.
std::filesystem::path resolved(const std::filesystem::path& path) {
  std::error_code error;
  const auto folder =
      std::filesystem::canonical(path.has_parent_path() ? path.parent_path() : ".", error);
  return error ? path : folder / path.filename();
}

// The "file:" URI of a path, for sqlite3_open_v2 with SQLITE_OPEN_URI.
std::string immutable_uri(const std::filesystem::path& path) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(path).string()) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

/// Whether permissions or the folder prevent writing the file. Otherwise the machine failed, for
/// example because it ran out of file descriptors.
bool is_refused(const std::filesystem::path& path) {
  constexpr std::size_t kLongestPath = 500;  // SQLite's limit, less the suffixes of its other files
  std::error_code error;
  if (std::filesystem::absolute(path, error).native().size() > kLongestPath) return true;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind == std::filesystem::file_type::directory) return true;
  if (kind == std::filesystem::file_type::regular && ::access(path.c_str(), R_OK | W_OK) != 0) {
    return true;
  }
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  return ::access(folder.c_str(), W_OK | X_OK) != 0;
}

sqlite3* opened(const std::filesystem::path& path, Database::Access access, int& code) {
  constexpr int kNew = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  if (path == kInMemory) {
    code = sqlite3_open_v2(kInMemory, &handle, kNew, nullptr);
    return handle;
  }
  const std::filesystem::path file = resolved(path);
  switch (access) {
    case Database::Access::write:
      code = sqlite3_open_v2(file.c_str(), &handle, kNew | SQLITE_OPEN_NOFOLLOW, nullptr);
      break;
    case Database::Access::read:
    case Database::Access::alone:
      // Readers open the file writable if possible: the last one to close removes the log, and the
      // log of a killed writer can be read.
      code = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW,
                             nullptr);
      break;
    case Database::Access::immutable:
      code =
          sqlite3_open_v2(immutable_uri(file).c_str(), &handle,
                          SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW, nullptr);
      break;
  }
  return handle;
}

// A store may come from an untrusted source. Its schema is not trusted, and statements can neither
// reach another file nor grow without bounds. See https://www.sqlite.org/security.html
void harden(sqlite3* handle) {
  constexpr std::pair<int, int> kLimits[] = {
      {SQLITE_LIMIT_ATTACHED, 0},
      {SQLITE_LIMIT_LENGTH, 1 << 28},  // bytes per row; rows of predictions are the largest
      {SQLITE_LIMIT_SQL_LENGTH, 1'000'000},
      {SQLITE_LIMIT_COLUMN, 1000},
      {SQLITE_LIMIT_EXPR_DEPTH, 100},
      {SQLITE_LIMIT_COMPOUND_SELECT, 10},
      {SQLITE_LIMIT_VDBE_OP, 1'000'000},
      {SQLITE_LIMIT_FUNCTION_ARG, 16},
      {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100},
      {SQLITE_LIMIT_VARIABLE_NUMBER, 1000},
      {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
  };
  for (const auto& [limit, value] : kLimits) sqlite3_limit(handle, limit, value);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
}

bool is_too_many(int error) {
  return error == EMFILE || error == ENFILE;
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Database::Database(std::filesystem::path path, Access access)
    : path_(std::move(path)), access_(access) {
  int code = SQLITE_OK;
  handle_.reset(opened(path_, access, code));
  if (code != SQLITE_OK) fail(code);
  sqlite3_extended_result_codes(handle(), 1);
  sqlite3_busy_timeout(handle(), kBusyMilliseconds);
  harden(handle());
  execute("PRAGMA cell_size_check = ON");
  if (access == Access::alone) {
    execute("PRAGMA locking_mode = EXCLUSIVE");
    // A full disk lacks the space to move the log into the file.
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  if (access != Access::write) execute("PRAGMA query_only = ON");
}

Database Database::copy() const {
  sqlite3* handle = nullptr;
  // An empty name creates a temporary database.
  int code = sqlite3_open_v2("", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Database copy(path_, Access::read, handle);
  if (code != SQLITE_OK) copy.fail(code);
  sqlite3_backup* backup = sqlite3_backup_init(handle, "main", handle_.get(), "main");
  if (backup == nullptr) copy.fail(sqlite3_extended_errcode(handle));
  sqlite3_backup_step(backup, -1);
  code = sqlite3_backup_finish(backup);
  if (code != SQLITE_OK) copy.fail(code);
  sqlite3_extended_result_codes(handle, 1);
  harden(handle);
  return copy;
}

void Database::execute(const std::string& sql) const {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Database::integer(const std::string& sql) const {
  return Statement(*this, sql).find().value_or(0);
}

void Database::fail(int code) const {
  throw DatabaseError(error_of(code), code);
}

Error Database::error_of(int code) const {
  const Place place{path_.string(), ""};
  const std::string reason = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
  const bool writes = access_ == Access::write;
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return work_error(place, (writes ? "cannot be written: " : "cannot be read: ") + reason,
                        "free some space and run again");
    case SQLITE_CANTOPEN:
      if (handle_ && is_too_many(sqlite3_system_errno(handle_.get()))) {
        return work_error(place, "cannot be opened: too many files are open");
      }
      [[fallthrough]];
    case SQLITE_READONLY:  // also for a file that could only be opened for reading
    case SQLITE_PERM:
    case SQLITE_AUTH:
      if (!is_refused(path_)) return work_error(place, "cannot be opened: " + reason, "try again");
      return input_error(place, "cannot be opened: " + reason,
                         "check that the folder exists and its permissions");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_TOOBIG:
    case SQLITE_ERROR:  // the program's SQL is valid for its own schema and rows
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return input_error(place, "is not a store or is damaged: " + reason,
                         "restore it from a copy or use another --store");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return work_error(place, "is held by another program: " + reason, "close it and try again");
    default:
      return work_error(place, fmt::format("database error {}: {}", code, reason));
  }
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(const Database& database, std::string_view sql) : database_(&database) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  statement_.reset(statement);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_->fail(code);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  // Reset after an error too, because an open statement keeps its snapshot.
  try {
    if (code != SQLITE_DONE) database_->fail(code);
  } catch (...) {
    reset();
    throw;
  }
  reset();
  return false;
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

int Statement::columns() const {
  return sqlite3_column_count(statement_.get());
}

std::string Statement::column_name(int column) const {
  return sqlite3_column_name(statement_.get(), column);
}

Statement::Kind Statement::kind(int column) const {
  switch (sqlite3_column_type(statement_.get(), column)) {
    case SQLITE_NULL:
      return Kind::null;
    case SQLITE_INTEGER:
      return Kind::integer;
    case SQLITE_FLOAT:
      return Kind::real;
    case SQLITE_TEXT:
      return Kind::text;
    default:
      return Kind::blob;
  }
}

bool Statement::is_number(int column) const {
  const Kind kind = this->kind(column);
  return kind == Kind::integer || kind == Kind::real;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
  if (is_null(column)) return std::numeric_limits<double>::quiet_NaN();
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (bytes == nullptr) return "";
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::span<const std::uint8_t> Statement::bytes(int column) const {
  const auto* bytes =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

record::Cell Statement::cell(int column) const {
  switch (sqlite3_column_type(statement_.get(), column)) {
    case SQLITE_NULL:
      return std::monostate{};
    case SQLITE_INTEGER:
      return integer(column);
    case SQLITE_FLOAT:
      return real(column);
    default:
      return text(column);
  }
}

void Statement::refuse(const std::string& where, const std::string& problem) const {
  throw input_error({database_->path().string(), where}, problem,
                    "restore it from a copy or use another --store");
}

void Statement::bind_one(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), index + 1, value));
}

void Statement::bind_one(int index, double value) {
  check(std::isfinite(value) ? sqlite3_bind_double(statement_.get(), index + 1, value)
                             : sqlite3_bind_null(statement_.get(), index + 1));
}

void Statement::bind_one(int index, std::string_view value) {
  check(sqlite3_bind_text64(statement_.get(), index + 1, value.data(), value.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_one(int index, const std::optional<std::int64_t>& value) {
  check(value ? sqlite3_bind_int64(statement_.get(), index + 1, *value)
              : sqlite3_bind_null(statement_.get(), index + 1));
}

// A null pointer would bind NULL, not an empty blob.
void Statement::bind_one(int index, const std::vector<std::uint8_t>& bytes) {
  check(bytes.empty() ? sqlite3_bind_zeroblob(statement_.get(), index + 1, 0)
                      : sqlite3_bind_blob64(statement_.get(), index + 1, bytes.data(), bytes.size(),
                                            SQLITE_TRANSIENT));
}

void Statement::bind_one(int index, const record::Cell& cell) {
  std::visit(
      [&](const auto& value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
          check(sqlite3_bind_null(statement_.get(), index + 1));
        } else {
          bind_one(index, value);
        }
      },
      cell);
}

void Statement::run_cells(std::span<const record::Cell> cells) {
  reset();
  int index = 0;
  for (const record::Cell& cell : cells) bind_one(index++, cell);
  while (step()) {
  }
}

Transaction::Transaction(const Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // After a failure SQLite may have rolled back already; ROLLBACK then fails harmlessly.
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace minima::store
