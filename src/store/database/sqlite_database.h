// C++ wrappers for SQLite: connections, statements and transactions that release their resources
// and turn every error into minima::Error.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace minima::store {

class Database {
 public:
  enum class Access {
    write,      ///< creates a missing file
    read,       ///< another process may be writing
    alone,      ///< reads without shared memory; no other process may have it open
    immutable,  ///< on a read-only medium or a full disk; no process writes it
  };

  /// The file itself must not be a symbolic link; a parent folder may be one.
  Database(std::filesystem::path path, Access access);

  /// A private, writable copy of the whole database. SQLite keeps it in memory, or in a temporary
  /// file if it is large. Messages name the original.
  [[nodiscard]] Database copy() const;

  /// Runs statements that return nothing.
  void execute(const std::string& sql) const;
  [[nodiscard]] std::int64_t integer(const std::string& sql) const;  ///< first column of first row

  /// Throws the error for `code`: a work error for a full or failing disk, an input error for a
  /// file that is not a database or that access is denied to.
  [[noreturn]] void fail(int code) const;

  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  [[nodiscard]] Error error_of(int code) const;

  struct Close {
    void operator()(sqlite3* handle) const;
  };
  Database(std::filesystem::path path, Access access, sqlite3* handle)
      : path_(std::move(path)), access_(access), handle_(handle) {}

  std::filesystem::path path_;
  Access access_ = Access::read;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A prepared statement. Parameters and columns count from 0.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);

  /// Resets the statement and binds all parameters in order.
  template <typename... Values>
  Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (bind_one(index++, values), ...);
    return *this;
  }
  /// Returns true if there is a row to read; resets the statement after the last row.
  bool step();
  /// Binds and runs to the end.
  template <typename... Values>
  void run(const Values&... values) {
    bind(values...);
    while (step()) {
    }
  }
  /// Binds one parameter, for example after a bind() of those before it.
  template <typename Value>
  void bind_at(int index, const Value& value) {
    bind_one(index, value);
  }
  /// Like run(), for values whose types are known only at run time.
  void run_cells(std::span<const record::Cell> cells);
  /// Binds and returns the first column of the first row, if there is one.
  template <typename... Values>
  std::optional<std::int64_t> find(const Values&... values) {
    bind(values...);
    if (!step()) return std::nullopt;
    const std::int64_t value = integer(0);
    reset();
    return value;
  }
  void reset();

  [[nodiscard]] int columns() const;
  [[nodiscard]] std::string column_name(int column) const;
  enum class Kind { null, integer, real, text, blob };
  [[nodiscard]] Kind kind(int column) const;
  [[nodiscard]] bool is_null(int column) const { return kind(column) == Kind::null; }
  [[nodiscard]] bool is_integer(int column) const { return kind(column) == Kind::integer; }
  [[nodiscard]] bool is_number(int column) const;  ///< integer or real
  [[nodiscard]] bool is_text(int column) const { return kind(column) == Kind::text; }
  [[nodiscard]] bool is_blob(int column) const { return kind(column) == Kind::blob; }
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] int small(int column) const { return static_cast<int>(integer(column)); }
  [[nodiscard]] std::uint64_t size(int column) const {
    return static_cast<std::uint64_t>(integer(column));
  }
  [[nodiscard]] double real(int column) const;  ///< NaN for NULL
  [[nodiscard]] std::string text(int column) const;
  /// Valid until the next step.
  [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const;
  [[nodiscard]] record::Cell cell(int column) const;
  /// Throws an input error "runs.sqlite: `where`: `problem`; how to fix it".
  [[noreturn]] void refuse(const std::string& where, const std::string& problem) const;

 private:
  void bind_one(int index, std::int64_t value);
  void bind_one(int index, int value) { bind_one(index, static_cast<std::int64_t>(value)); }
  void bind_one(int index, std::uint64_t value) {
    bind_one(index, static_cast<std::int64_t>(value));
  }
  void bind_one(int index, double value);  ///< NULL when not finite
  void bind_one(int index, std::string_view value);
  void bind_one(int index, const std::string& value) { bind_one(index, std::string_view(value)); }
  void bind_one(int index, const char* value) { bind_one(index, std::string_view(value)); }
  void bind_one(int index, const std::optional<std::int64_t>& value);
  void bind_one(int index, const std::vector<std::uint8_t>& bytes);
  void bind_one(int index, const record::Cell& cell);
  void check(int code) const;

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  const Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// The error of a failed SQLite call, with its result code.
class DatabaseError : public Error {
 public:
  DatabaseError(const Error& error, int code) : Error(error), code_(code) {}
  /// Primary result code, for example SQLITE_IOERR.
  [[nodiscard]] int code() const { return code_ & 0xff; }

 private:
  int code_;
};

/// Whether two values are equal as a store keeps them: NaN (stored as NULL) equals NaN.
[[nodiscard]] inline bool is_same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

/// A transaction that is rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(const Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  const Database& database_;
  bool open_ = true;
};

}  // namespace minima::store
