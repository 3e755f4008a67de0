// Turns results into tables. A table is a list of columns, each with a name and a function for its
// cells.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace minima::analysis {

/// A column of a table with one row per `Row`.
template <typename Row>
struct ColumnOf {
  std::string name;
  std::function<record::Cell(const Row&)> cell;
};

template <typename Row>
record::Table table_of(const std::vector<ColumnOf<Row>>& columns, const std::vector<Row>& rows) {
  record::Table table;
  for (const auto& column : columns) table.columns.push_back(column.name);
  for (const Row& row : rows) {
    std::vector<record::Cell>& cells = table.rows.emplace_back();
    for (const auto& column : columns) cells.push_back(column.cell(row));
  }
  return table;
}

/// NULL if there is no value.
template <typename T>
record::Cell cell_or_null(const std::optional<T>& value) {
  if (!value) return {};
  if constexpr (std::is_integral_v<T>) {
    return static_cast<std::int64_t>(*value);
  } else {
    return *value;
  }
}

/// A cell from an integer of any type.
template <typename Int>
record::Cell whole(Int value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace minima::analysis
