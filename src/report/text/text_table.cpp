#include "report/text/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/error.h"

namespace minima::report {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kTightGap = 1;
constexpr std::size_t kNarrowestFirst = 12;

// Widths of the columns and the gap between them.
struct Layout {
  std::vector<std::size_t> widths;
  std::size_t gap = kGap;

  [[nodiscard]] std::size_t total() const {
    std::size_t sum = 0;
    for (const std::size_t width : widths) sum += width + gap;
    return sum - gap;
  }
};

std::string padded(const std::string& cell, std::size_t width, Align align) {
  const std::size_t used = display_width(cell);
  const std::string blanks(used < width ? width - used : 0, ' ');
  return align == Align::left ? cell + blanks : blanks + cell;
}

/// One line, or two if the first cell is too long and gets its own line.
std::vector<std::string> lines_of(const std::vector<std::string>& cells,
                                  const std::vector<Column>& columns, const Layout& layout) {
  std::string line;
  const std::size_t first = layout.widths.front();
  const bool fits = display_width(cells.front()) <= first;
  if (fits) {
    line = padded(cells.front(), first, columns.front().align);
  } else {
    line = std::string(first, ' ');
  }
  for (std::size_t i = 1; i < cells.size(); ++i) {
    line += std::string(layout.gap, ' ') + padded(cells[i], layout.widths[i], columns[i].align);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  if (fits) return {line};
  return {cells.front(), line};
}

}  // namespace

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // not a continuation byte
  }));
}

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

void TextTable::add(std::vector<std::string> cells) {
  assert(cells.size() == columns_.size());
  // Names come from stores and folders: control characters must not break lines or reach a
  // terminal.
  for (std::string& cell : cells) cell = printable(cell, std::string::npos);
  rows_.push_back({std::move(cells), false});
}

void TextTable::highlight() {
  rows_.back().is_highlighted = true;
}

std::vector<std::size_t> TextTable::natural_widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(display_width(columns_[i].header));
    for (const Row& row : rows_) widths[i] = std::max(widths[i], display_width(row.cells[i]));
  }
  return widths;
}

std::size_t TextTable::natural_width() const {
  return Layout{natural_widths(), kGap}.total();
}

std::string TextTable::text(const TextStyle& style) const {
  Layout layout{natural_widths(), kGap};
  if (layout.total() > style.width) layout.gap = kTightGap;
  if (layout.total() > style.width) {
    std::size_t& first = layout.widths.front();
    const std::size_t excess = std::min(layout.total() - style.width, first);
    const std::size_t least = std::max(kNarrowestFirst, display_width(columns_.front().header));
    first = std::min(first, std::max(first - excess, least));
  }
  std::vector<std::string> headers;
  for (const Column& column : columns_) headers.push_back(column.header);
  std::string out;
  for (const std::string& line : lines_of(headers, columns_, layout))
    out += dim(line, style) + "\n";
  const std::size_t shown = std::min(rows_.size(), style.most_rows.value_or(rows_.size()));
  for (std::size_t i = 0; i < shown; ++i) {
    for (const std::string& line : lines_of(rows_[i].cells, columns_, layout)) {
      out += (rows_[i].is_highlighted ? green(line, style) : line) + "\n";
    }
  }
  return out;
}

std::string TextTable::text(const TextStyle& style, std::string_view store_table) const {
  const std::size_t shown = std::min(rows(), style.most_rows.value_or(rows()));
  if (shown == rows()) return text(style);
  return text(style) +
         fmt::format("  ... and {} more in the table {}\n", rows() - shown, store_table);
}

}  // namespace minima::report
