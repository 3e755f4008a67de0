// Cells in aligned columns.
#pragma once

#include <string>
#include <vector>

#include "report/style.h"

namespace minima::report {

enum class Align { left, right };

struct Column {
  std::string header;
  Align align = Align::right;
};

/// A table of single-line cells. The first column holds what a row is about: where it is too long
/// for the line it stands on a line of its own, the other cells below it, so that nothing is cut.
class TextTable {
 public:
  explicit TextTable(std::vector<Column> columns);

  /// As many cells as there are columns.
  void add(std::vector<std::string> cells);
  /// The row added last is to be set off from the others.
  void highlight();

  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  /// Columns the table takes when its first column takes what it needs.
  [[nodiscard]] std::size_t natural_width() const;

  /// Lines ending in a line break, without trailing blanks.
  [[nodiscard]] std::string text(const TextStyle& style) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    bool is_highlighted = false;
  };
  [[nodiscard]] std::vector<std::size_t> natural_widths() const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

/// Terminal columns that UTF-8 text takes, every character counting one.
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace minima::report
