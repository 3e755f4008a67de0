// The columns of a table of pixels, and the lines of a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "data/files/bytes.h"

namespace minima::data::csv {

/// Hands out the lines of a file one after the other, without their line breaks.
class LineReader {
 public:
  /// Throws an input error like open_bytes.
  explicit LineReader(const std::filesystem::path& path);

  /// The next line that is not blank, valid until the next call; nullopt at the end. Throws an
  /// input error for a line of more than kMaxCsvLineBytes.
  [[nodiscard]] std::optional<std::string_view> next();
  [[nodiscard]] std::int64_t number() const { return number_; }  ///< of the last line, from 1

 private:
  bool fill();
  void refuse_utf16() const;

  std::filesystem::path path_;
  std::unique_ptr<ByteStream> stream_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of the next line in buffer_
  std::int64_t number_ = 0;
  bool at_end_ = false;
};

/// A field without the blanks and quotes around it.
struct Field {
  std::string_view text;
  bool is_last = true;  ///< no separator follows it
};

/// Takes the first field and the separator after it off the line.
[[nodiscard]] Field take_field(std::string_view& line, char separator);

/// Whether a column of that name holds labels: label, class, target; capital letters do not matter.
[[nodiscard]] bool is_label_name(const std::string& name);

/// What the columns of a table hold.
struct Columns {
  char separator = ',';
  std::size_t count = 0;
  bool has_header = false;
  std::optional<std::size_t> label;   ///< nullopt: the table has no labels
  std::vector<std::size_t> left_out;  ///< columns that number or name the images
  std::vector<std::string> names;     ///< empty without a header

  [[nodiscard]] std::size_t pixels() const { return count - left_out.size() - (label ? 1 : 0); }
  /// "column 3 (pixel1)"; columns are counted from 1.
  [[nodiscard]] std::string column_text(std::size_t column) const;
};

/// Tells the columns from the first line of a file. `pixels`: the number of pixel columns if it is
/// known from another table, else 0. Throws an input error for a column that is none of the known.
[[nodiscard]] Columns columns_of(std::string_view line, std::size_t pixels,
                                 const std::filesystem::path& path);

}  // namespace minima::data::csv
