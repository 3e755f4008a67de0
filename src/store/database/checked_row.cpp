#include "store/database/checked_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/text.h"
#include "store/database/sqlite_rows.h"

namespace minima::store {
namespace {

std::string shown(const record::Cell& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return "NULL";
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
  return "\"" + printable(std::get<std::string>(cell), 40) + "\"";
}

}  // namespace

std::string CheckedRow::where() const {
  if (key_ < 0) return fmt::format("table {}", table_);
  const record::Cell key = row_.cell(key_);
  const auto* text = std::get_if<std::string>(&key);
  return fmt::format("table {}, {} {}", table_, row_.column_name(key_) == "run_id" ? "run" : "row",
                     text == nullptr ? shown(key) : printable(*text, 40));
}

void CheckedRow::refuse(int column, const std::string& expected) const {
  refuse(fmt::format("{} is {}, expected {}", row_.column_name(column), shown(row_.cell(column)),
                     expected));
}

void CheckedRow::refuse(const std::string& column, const std::string& expected) const {
  for (int i = 0; i < row_.columns(); ++i) {
    if (row_.column_name(i) == column) refuse(i, expected);
  }
  refuse(fmt::format("{} is not {}", column, expected));
}

void CheckedRow::refuse(const std::string& problem) const {
  row_.refuse(where(), problem);
}

std::int64_t CheckedRow::integer(int column, std::int64_t least, std::int64_t most) const {
  if (row_.is_integer(column)) {
    const std::int64_t value = row_.integer(column);
    if (value >= least && value <= most) return value;
  }
  refuse(column, fmt::format("an integer from {} to {}", least, most));
}

std::optional<std::int64_t> CheckedRow::optional_count(int column) const {
  if (row_.is_null(column)) return std::nullopt;
  return count(column);
}

double CheckedRow::figure(int column) const {
  const double value = row_.real(column);
  if (row_.is_null(column) || (row_.is_number(column) && std::isfinite(value))) return value;
  refuse(column, "a finite number");
}

double CheckedRow::magnitude(int column) const {
  const double value = figure(column);
  if (!(value < 0.0)) return value;
  refuse(column, "a number from 0 on");
}

double CheckedRow::fraction(int column) const {
  const double value = figure(column);
  if (!(value < 0.0) && !(value > 1.0)) return value;
  refuse(column, "a fraction from 0 to 1");
}

std::string CheckedRow::text(int column) const {
  if (!row_.is_text(column)) refuse(column, "text");
  std::string text = row_.text(column);
  if (!is_plain_text(text)) refuse(column, "text in UTF-8");
  return text;
}

void CheckedRow::refuse_word(int column, const std::vector<std::string>& words) const {
  refuse(column, fmt::format("one of {}", fmt::join(words, ", ")));
}

std::span<const std::uint8_t> CheckedRow::bytes(int column) const {
  if (!row_.is_blob(column)) refuse(column, "a blob");
  return row_.bytes(column);
}

record::Cell CheckedRow::cell(int column) const {
  if (row_.is_null(column) || row_.is_integer(column)) return row_.cell(column);
  if (row_.is_number(column)) return figure(column);
  return text(column);
}

std::vector<std::int64_t> CheckedRow::integers(int column) const {
  auto values = list_of_integers(text(column));
  const auto is_count = [](std::int64_t value) { return value >= 0 && value <= kMostCount; };
  if (!values || !std::ranges::all_of(*values, is_count)) {
    refuse(column, "a list of integers");
  }
  return std::move(*values);
}

std::vector<float> CheckedRow::reals(int column) const {
  auto values = list_of_reals(text(column));
  if (!values || !std::ranges::all_of(*values, [](float value) { return std::isfinite(value); })) {
    refuse(column, "a list of numbers");
  }
  return std::move(*values);
}

std::vector<std::string> CheckedRow::names(int column) const {
  auto values = list_of_names(text(column));
  if (!values) refuse(column, "a list of names");
  return std::move(*values);
}

std::optional<std::int64_t> values_of(const std::vector<std::int64_t>& shape) {
  std::int64_t product = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || (size > 0 && product > kMostCount / size)) return std::nullopt;
    product *= size;
  }
  return product;
}

}  // namespace minima::store
