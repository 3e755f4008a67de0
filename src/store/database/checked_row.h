// Checks the values of a row as they are read, because a database may be damaged or made by someone
// else. An invalid value is an input error that names file, table, row and column. It is thrown
// before the value is used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/enum_words.h"
#include "record/analysis.h"
#include "store/database/sqlite_database.h"

namespace minima::store {

/// Upper bound on any count of runs, weights, bytes or images. Sums of such counts do not overflow.
inline constexpr std::int64_t kMostCount = std::int64_t{1} << 50;
/// Upper bound on numbers kept as int: epochs, units, replicates.
inline constexpr int kMostSmall = 1 << 30;
/// Upper bound on the classes of a dataset, because predictions are codes from 0 to 65535.
inline constexpr int kMostClasses = 65535;

/// The current row of a statement. Valid until the statement is stepped.
class CheckedRow {
 public:
  /// `table`: named in messages. `key`: the column that identifies a row in messages ("run 3f...");
  /// negative: none.
  CheckedRow(const Statement& row, const char* table, int key = -1)
      : row_(row), table_(table), key_(key) {}

  /// An integer in least..most. NULL is an input error.
  [[nodiscard]] std::int64_t integer(int column, std::int64_t least, std::int64_t most) const;
  [[nodiscard]] std::int64_t count(int column) const { return integer(column, 0, kMostCount); }
  [[nodiscard]] int small(int column, int least = 0, int most = kMostSmall) const {
    return static_cast<int>(integer(column, least, most));
  }
  [[nodiscard]] std::optional<std::int64_t> optional_count(int column) const;

  /// A finite number; NaN for NULL.
  [[nodiscard]] double figure(int column) const;
  /// A finite number of at least 0; NaN for NULL.
  [[nodiscard]] double magnitude(int column) const;
  /// A number in 0..1; NaN for NULL.
  [[nodiscard]] double fraction(int column) const;

  /// UTF-8 without zero bytes. NULL is an input error.
  [[nodiscard]] std::string text(int column) const;
  /// The enumerator whose word is the text.
  template <HasWords E>
  [[nodiscard]] E word(int column) const {
    if (const auto value = parse_word<E>(text(column))) return *value;
    refuse_word(column, word_list<E>());
  }
  [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const;

  /// A value of any type for display: numbers are finite, text is UTF-8.
  [[nodiscard]] record::Cell cell(int column) const;

  // Lists stored as JSON.
  [[nodiscard]] std::vector<std::int64_t> integers(int column) const;  ///< 0..kMostCount each
  [[nodiscard]] std::vector<float> reals(int column) const;            ///< finite
  [[nodiscard]] std::vector<std::string> names(int column) const;

  [[nodiscard]] bool is_null(int column) const { return row_.is_null(column); }

  /// Throws an input error: this value is not `expected`, for example "a fraction from 0 to 1".
  [[noreturn]] void refuse(int column, const std::string& expected) const;
  /// The same for the first column of that name.
  [[noreturn]] void refuse(const std::string& column, const std::string& expected) const;
  /// Throws an input error: `problem` describes what is wrong with the row.
  [[noreturn]] void refuse(const std::string& problem) const;

 private:
  [[nodiscard]] std::string where() const;
  [[noreturn]] void refuse_word(int column, const std::vector<std::string>& words) const;

  const Statement& row_;
  const char* table_;
  int key_;
};

/// The number of values of a tensor; nullopt if a dimension is negative or the product is too
/// large.
[[nodiscard]] std::optional<std::int64_t> values_of(const std::vector<std::int64_t>& shape);

}  // namespace minima::store
