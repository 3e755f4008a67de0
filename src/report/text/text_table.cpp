#include "report/text/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/characters.h"
#include "core/error.h"

namespace minima::report {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kTightGap = 1;
constexpr std::size_t kNarrowestFirst = 12;

}  // namespace

/// Widths of the columns and the gap between them.
struct TextTable::Layout {
  std::vector<std::size_t> widths;
  std::size_t gap = kGap;

  [[nodiscard]] std::size_t total() const {
    std::size_t sum = 0;
    for (const std::size_t width : widths) sum += width + gap;
    return sum - gap;
  }
};

namespace {

std::string padded(const std::string& cell, std::size_t width, Align align) {
  const std::size_t used = display_width(cell);
  const std::string blanks(used < width ? width - used : 0, ' ');
  return align == Align::left ? cell + blanks : blanks + cell;
}

/// One line, or two if the first cell is too long and gets its own line.
std::vector<std::string> lines_of(const std::vector<std::string>& cells,
                                  const std::vector<Column>& columns,
                                  const std::vector<std::size_t>& widths, std::size_t gap) {
  std::string line;
  const std::size_t first = widths.front();
  const bool fits = display_width(cells.front()) <= first;
  if (fits) {
    line = padded(cells.front(), first, columns.front().align);
  } else {
    line = std::string(first, ' ');
  }
  for (std::size_t i = 1; i < cells.size(); ++i) {
    line += std::string(gap, ' ') + padded(cells[i], widths[i], columns[i].align);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  if (fits) return {line};
  return {cells.front(), line};
}

/// The cells below each other, for a terminal that is too narrow for the columns: the label, then
/// "header value" pairs in as few lines as possible. Empty cells are left out.
std::string stacked(const std::vector<std::string>& cells, const std::vector<Column>& columns,
                    std::size_t width) {
  constexpr std::string_view kIndent = "  ";
  std::string out = cells.front() + "\n";
  std::string line;
  for (std::size_t i = 1; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    const std::string pair =
        columns[i].header.empty() ? cells[i] : columns[i].header + " " + cells[i];
    if (!line.empty() && display_width(line) + kGap + display_width(pair) > width) {
      out += line + "\n";
      line.clear();
    }
    line += std::string(kIndent) + pair;
  }
  return line.empty() ? out : out + line + "\n";
}

}  // namespace

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
  return style.stacks_tables && layout.total() > style.width ? stacked_text(style)
                                                             : columns_text(style, layout);
}

std::string TextTable::stacked_text(const TextStyle& style) const {
  std::string out;
  for (std::size_t i = 0; i < shown_rows(style); ++i) {
    const std::string row = stacked(rows_[i].cells, columns_, style.width);
    if (!rows_[i].is_highlighted) {
      out += row;
      continue;
    }
    const std::size_t label = row.find('\n');
    out += green(row.substr(0, label), style) + row.substr(label);
  }
  return out;
}

std::string TextTable::columns_text(const TextStyle& style, const Layout& layout) const {
  std::vector<std::string> headers;
  for (const Column& column : columns_) headers.push_back(column.header);
  std::string out;
  for (const std::string& line : lines_of(headers, columns_, layout.widths, layout.gap))
    out += dim(line, style) + "\n";
  for (std::size_t i = 0; i < shown_rows(style); ++i) {
    for (const std::string& line : lines_of(rows_[i].cells, columns_, layout.widths, layout.gap)) {
      out += (rows_[i].is_highlighted ? green(line, style) : line) + "\n";
    }
  }
  return out;
}

std::size_t TextTable::shown_rows(const TextStyle& style) const {
  return std::min(rows(), style.most_rows.value_or(rows()));
}

std::string TextTable::text(const TextStyle& style, std::string_view store_table) const {
  const std::size_t shown = shown_rows(style);
  if (shown == rows()) return text(style);
  return text(style) +
         fmt::format("  ... and {} more in the table {}\n", rows() - shown, store_table);
}

}  // namespace minima::report
