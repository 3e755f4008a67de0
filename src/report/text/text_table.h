// Cells in aligned columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/text/style.h"

namespace minima::report {

enum class Align { left, right };

struct Column {
  std::string header;
  Align align = Align::right;
};

/// A table of single-line cells. The first column is the label of a row. If it is too long, it gets
/// its own line and the other cells follow below, so nothing is cut. If the columns still do not
/// fit into a terminal, the cells of a row follow below its label as "header value" pairs.
class TextTable {
 public:
  explicit TextTable(std::vector<Column> columns);

  /// Adds a row with one cell per column.
  void add(std::vector<std::string> cells);
  /// Highlights the row added last.
  void highlight();

  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  /// Terminal columns of the table if no label needs its own line.
  [[nodiscard]] std::size_t natural_width() const;

  /// Lines ending in a line break, without trailing blanks.
  [[nodiscard]] std::string text(const TextStyle& style) const;
  /// The same. If `style` limits the rows, a last line counts the others and names the table of the
  /// store that has them.
  [[nodiscard]] std::string text(const TextStyle& style, std::string_view store_table) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    bool is_highlighted = false;
  };
  struct Layout;
  [[nodiscard]] std::vector<std::size_t> natural_widths() const;
  [[nodiscard]] std::size_t shown_rows(const TextStyle& style) const;
  [[nodiscard]] std::string columns_text(const TextStyle& style, const Layout& layout) const;
  [[nodiscard]] std::string stacked_text(const TextStyle& style) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace minima::report
