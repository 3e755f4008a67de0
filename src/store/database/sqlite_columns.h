// Columns of a table by name. Each table has one mapping between a struct and its columns
// (sqlite_tables.h). The statements that write and read the table are made from the mapping, so a
// value cannot end up in another column.
//
//   struct EpochTable {
//     using Row = study::EpochRecord;
//     static constexpr const char* kName = "epoch";
//     template <typename Record, typename Column>
//     static void map(Record& epoch, Column& column) {
//       column("epoch", epoch.epoch, as::Small{1});
//       ...
//
// `Record` is const when a row is written. Keys of other tables (the row of a run) are not part of
// a mapping: the caller names them.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/enum_words.h"
#include "record/analysis.h"
#include "store/database/checked_row.h"
#include "store/database/sqlite_database.h"
#include "store/database/sqlite_rows.h"
#include "study/settings/number_format.h"

namespace minima::store {

/// How the value of a column is checked when it is read, and what is stored.
namespace as {

struct Plain {
  template <typename T>
  static const T& stored(const T& value) {
    return value;
  }
};

struct Text : Plain {
  static std::string read(const CheckedRow& row, int column) { return row.text(column); }
};
/// NULL stands for an empty text.
struct OptionalText {
  static std::string read(const CheckedRow& row, int column) {
    return row.is_null(column) ? "" : row.text(column);
  }
  static record::Cell stored(const std::string& text) {
    return text.empty() ? record::Cell() : record::Cell(text);
  }
};
struct Count : Plain {
  static std::int64_t read(const CheckedRow& row, int column) { return row.count(column); }
};
struct OptionalCount : Plain {
  static std::optional<std::int64_t> read(const CheckedRow& row, int column) {
    return row.optional_count(column);
  }
};
struct Small : Plain {
  int least = 0;
  int most = kMostSmall;
  constexpr Small() = default;
  constexpr explicit Small(int lowest, int highest = kMostSmall) : least(lowest), most(highest) {}
  [[nodiscard]] int read(const CheckedRow& row, int column) const {
    return row.small(column, least, most);
  }
};
/// All 64 bits.
struct Bits : Plain {
  static std::uint64_t read(const CheckedRow& row, int column) {
    constexpr auto kLimits = std::numeric_limits<std::int64_t>();
    return static_cast<std::uint64_t>(row.integer(column, kLimits.min(), kLimits.max()));
  }
};
struct Figure : Plain {
  static double read(const CheckedRow& row, int column) { return row.figure(column); }
};
struct Magnitude : Plain {
  static double read(const CheckedRow& row, int column) { return row.magnitude(column); }
};
struct Fraction : Plain {
  static double read(const CheckedRow& row, int column) { return row.fraction(column); }
};
struct OptionalMagnitude {
  static std::optional<double> read(const CheckedRow& row, int column) {
    const double value = row.magnitude(column);
    return std::isnan(value) ? std::nullopt : std::optional(value);
  }
  static double stored(const std::optional<double>& value) {
    return value.value_or(std::numeric_limits<double>::quiet_NaN());
  }
};
/// An enumeration, stored as its word.
template <HasWords E>
struct Word {
  static E read(const CheckedRow& row, int column) { return row.word<E>(column); }
  static std::string_view stored(E value) { return word_of(value); }
};
struct Format {
  static study::ValueFormat read(const CheckedRow& row, int column) {
    const auto format = study::parse_value_format(row.text(column));
    if (!format) row.refuse(column, "a number format");
    return *format;
  }
  static std::string_view stored(study::ValueFormat format) { return format.name(); }
};

// Lists as JSON.

struct Names {
  static std::vector<std::string> read(const CheckedRow& row, int column) {
    return row.names(column);
  }
  static std::string stored(const std::vector<std::string>& names) { return json_names(names); }
};
/// NULL stands for an empty list.
struct OptionalNames {
  static std::vector<std::string> read(const CheckedRow& row, int column) {
    return row.is_null(column) ? std::vector<std::string>() : row.names(column);
  }
  static record::Cell stored(const std::vector<std::string>& names) {
    return names.empty() ? record::Cell() : record::Cell(json_names(names));
  }
};
struct Integers {
  static std::vector<std::int64_t> read(const CheckedRow& row, int column) {
    return row.integers(column);
  }
  static std::string stored(const std::vector<std::int64_t>& list) { return json_shape(list); }
};
struct Reals {
  static std::vector<float> read(const CheckedRow& row, int column) { return row.reals(column); }
  static std::string stored(const std::vector<float>& list) { return json_reals(list); }
};

}  // namespace as

/// The names of the columns of a mapping, in its order.
template <typename Table>
std::vector<std::string> column_names() {
  std::vector<std::string> names;
  const auto column = [&names](const char* name, const auto&, const auto&) {
    names.emplace_back(name);
  };
  const typename Table::Row row{};
  Table::map(row, column);
  return names;
}

/// "epoch.epoch, epoch.learning_rate, ...", for a SELECT. `alias`: of the table; empty: its name.
template <typename Table>
std::string select_list(std::string_view alias = {}) {
  const std::string_view table = alias.empty() ? std::string_view(Table::kName) : alias;
  std::string list;
  for (const std::string& name : column_names<Table>()) {
    list += fmt::format("{}{}.{}", list.empty() ? "" : ", ", table, name);
  }
  return list;
}

/// "INSERT INTO epoch (run, epoch, ...) VALUES (?, ?, ...)". The keys come first.
template <typename Table>
std::string insert_into(std::initializer_list<const char*> keys,
                        std::string_view verb = "INSERT INTO") {
  std::string names;
  std::string places;
  const auto add = [&](std::string_view name) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    places += places.empty() ? "?" : ", ?";
  };
  for (const char* key : keys) add(key);
  for (const std::string& name : column_names<Table>()) add(name);
  return fmt::format("{} {} ({}) VALUES ({})", verb, Table::kName, names, places);
}

/// Runs a statement of insert_into for one row; `keys` are the values of its keys.
template <typename Table, typename... Keys>
void insert_row(Statement& statement, const typename Table::Row& row, const Keys&... keys) {
  statement.bind(keys...);
  int next = sizeof...(keys);
  const auto column = [&](const char*, const auto& value, const auto& kind) {
    statement.bind_at(next++, kind.stored(value));
  };
  Table::map(row, column);
  while (statement.step()) {
  }
}

/// Reads the columns of select_list, of which the first is column `first` of the row. Values are
/// assigned one by one, because GCC 12 destroys a nested aggregate twice if one of its initializers
/// throws.
template <typename Table>
void read_columns(typename Table::Row& record, const CheckedRow& row, int first) {
  int next = first;
  const auto column = [&](const char*, auto& value, const auto& kind) {
    value = kind.read(row, next++);
  };
  Table::map(record, column);
}

template <typename Table>
typename Table::Row read_row(const CheckedRow& row, int first) {
  typename Table::Row record;
  read_columns<Table>(record, row, first);
  return record;
}

/// The number of columns of a mapping.
template <typename Table>
int column_count() {
  static const int count = static_cast<int>(column_names<Table>().size());
  return count;
}

}  // namespace minima::store
