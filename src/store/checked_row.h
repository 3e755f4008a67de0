// Values of a row as they are read: a database may be damaged, or made by someone else. What does
// not fit is an input error that names file, table, row and column, before anything is done with
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/sqlite_database.h"

namespace minima::store {

/// More than any count of runs, weights, bytes or images is, and sums of which do not overflow.
inline constexpr std::int64_t kMostCount = std::int64_t{1} << 50;
/// Of numbers kept as int: epochs, units, replicates.
inline constexpr int kMostSmall = 1 << 30;
/// Of a dataset: 0 to 65535 are codes of a prediction.
inline constexpr int kMostClasses = 65535;

/// A row of a statement, for as long as the statement is not stepped on.
class CheckedRow {
 public:
  /// `table`: for messages. `key`: the column whose value tells rows apart ("run 3f..."); negative:
  /// none does.
  CheckedRow(const Statement& row, const char* table, int key = -1)
      : row_(row), table_(table), key_(key) {}

  /// An integer in least..most; NULL is none.
  [[nodiscard]] std::int64_t integer(int column, std::int64_t least, std::int64_t most) const;
  [[nodiscard]] std::int64_t count(int column) const { return integer(column, 0, kMostCount); }
  [[nodiscard]] int small(int column, int least = 0, int most = kMostSmall) const {
    return static_cast<int>(integer(column, least, most));
  }
  [[nodiscard]] std::optional<std::int64_t> optional_count(int column) const;

  /// A finite number; NaN of NULL.
  [[nodiscard]] double figure(int column) const;
  /// A finite number from 0 on; NaN of NULL.
  [[nodiscard]] double magnitude(int column) const;
  /// A number in 0..1; NaN of NULL.
  [[nodiscard]] double fraction(int column) const;

  /// UTF-8 without zero bytes, and not NULL.
  [[nodiscard]] std::string text(int column) const;
  /// Text that is one of some words.
  [[nodiscard]] std::string one_of(int column, std::initializer_list<const char*> words) const;
  [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const;

  /// A value of any kind, for people to read: numbers are finite, text is UTF-8.
  [[nodiscard]] Cell cell(int column) const;

  // Lists in JSON.
  [[nodiscard]] std::vector<std::int64_t> integers(int column) const;  ///< 0..kMostCount each
  [[nodiscard]] std::vector<float> reals(int column) const;            ///< finite
  [[nodiscard]] std::vector<std::string> names(int column) const;

  /// Throws the input error that this value is not `expected`: "a fraction from 0 to 1".
  [[noreturn]] void refuse(int column, const std::string& expected) const;
  /// Throws the input error that the row is not as it should be.
  [[noreturn]] void refuse(const std::string& problem) const;

 private:
  [[nodiscard]] std::string where() const;

  const Statement& row_;
  const char* table_;
  int key_;
};

/// The number of values of a tensor; nothing where a dimension is negative, or there are too many.
[[nodiscard]] std::optional<std::int64_t> values_of(const std::vector<std::int64_t>& shape);

}  // namespace minima::store
