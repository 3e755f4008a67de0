#include "data/formats/csv_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/text.h"

namespace minima::data::csv {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
// In order of preference.
constexpr std::array kLabelNames{"label", "class", "target", "labels", "y"};
constexpr std::array kNumberings{"", "id", "index", "imageid", "image_id", "unnamed: 0"};

std::string in_small_letters(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::vector<std::string> fields_of(std::string_view line, char separator) {
  std::vector<std::string> fields;
  for (bool is_last = false; !is_last;) {
    const Field field = take_field(line, separator);
    fields.emplace_back(field.text);
    is_last = field.is_last;
  }
  return fields;
}

char separator_of(std::string_view line) {
  const auto times = [&](char c) { return std::ranges::count(line, c); };
  char best = ',';
  for (const char c : {';', '\t'}) {
    if (times(c) > times(best)) best = c;
  }
  return best;
}

std::optional<std::size_t> index_of(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

/// Column numbers 0, 1, 2, ..., which some programs write in place of names.
bool counts_up(const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i] != std::to_string(i)) return false;
  }
  return fields.size() > 2;
}

bool is_header(const std::vector<std::string>& fields) {
  if (counts_up(fields)) return true;
  for (const char* name : kLabelNames) {
    if (index_of(fields, name)) return true;
  }
  const auto texts = std::ranges::count_if(
      fields, [](const std::string& field) { return !field.empty() && !parse_number(field); });
  return 2 * static_cast<std::size_t>(texts) > fields.size();
}

bool has_digit(const std::string& name) {
  return name.find_first_of("0123456789") != std::string::npos;
}

bool is_square(std::size_t pixels) {
  const auto side = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(pixels))));
  return pixels > 0 && side * side == pixels;
}

bool is_numbering(const std::string& name) {
  return std::ranges::find(kNumberings, name) != kNumberings.end();
}

void read_header(Columns& columns, const std::vector<std::string>& names,
                 const std::filesystem::path& path) {
  for (const char* name : kLabelNames) {
    if (!columns.label) columns.label = index_of(names, name);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != columns.label && is_numbering(names[i])) columns.left_out.push_back(i);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == columns.label || is_numbering(names[i]) || has_digit(names[i])) continue;
    if (i == 0 && !columns.label) {
      columns.label = 0;
      continue;
    }
    throw input_error({path.string(), fmt::format("line 1, {}", columns.column_text(i))},
                      "is neither the label nor a pixel",
                      "remove the column, or put a number into the name of a pixel");
  }
}

}  // namespace

LineReader::LineReader(const std::filesystem::path& path)
    : path_(path), stream_(open_bytes(path)) {}

bool LineReader::fill() {
  if (at_end_) return false;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kPiece);
  const std::size_t got =
      stream_->read({reinterpret_cast<std::uint8_t*>(buffer_.data()) + before, kPiece});
  buffer_.resize(before + got);
  at_end_ = got < kPiece;
  if (number_ == 0 && before == 0) refuse_utf16();
  return got > 0;
}

/// Programs for spreadsheets write it. A text of numbers in UTF-8 has no zero bytes.
void LineReader::refuse_utf16() const {
  const std::string_view start = std::string_view(buffer_).substr(0, 2);
  if (start != "\xff\xfe" && start != "\xfe\xff" && start.find('\0') == std::string_view::npos)
    return;
  throw input_error({path_.string(), "byte 0"}, "is UTF-16", "save it as UTF-8");
}

std::optional<std::string_view> LineReader::next() {
  std::size_t searched = 0;  // bytes of the line that have no line break
  for (;;) {
    const std::size_t end = buffer_.find('\n', begin_ + searched);
    const bool is_whole = end != std::string::npos;
    if (!is_whole) {
      searched = buffer_.size() - begin_;
      if (searched > kMaxCsvLineBytes) {
        throw input_error({path_.string(), fmt::format("line {}", number_ + 1)},
                          fmt::format("is longer than {}", human_bytes(kMaxCsvLineBytes)),
                          "a line is one image");
      }
      if (fill()) continue;
      if (searched == 0) return std::nullopt;
    }
    const std::size_t stop = is_whole ? end : buffer_.size();
    std::string_view line = std::string_view(buffer_).substr(begin_, stop - begin_);
    begin_ = is_whole ? stop + 1 : stop;
    searched = 0;
    ++number_;
    if (number_ == 1 && line.starts_with(kByteOrderMark)) {
      line.remove_prefix(kByteOrderMark.size());
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!trim(line).empty()) return line;
  }
}

namespace {

/// Where the first field ends. A separator within quotes belongs to the field. A quote within
/// quotes is doubled: it closes a pair, and the next one opens another.
std::size_t end_of_field(std::string_view line, char separator) {
  const char ends[] = {separator, '"'};
  std::size_t open = line.find_first_not_of(' ');
  if (open == std::string_view::npos || line[open] != '"') return line.find(separator);
  for (;;) {
    const std::size_t close = line.find('"', open + 1);
    if (close == std::string_view::npos) return line.find(separator);
    open = line.find_first_of(std::string_view(ends, 2), close + 1);
    if (open == std::string_view::npos || line[open] == separator) return open;
  }
}

}  // namespace

Field take_field(std::string_view& line, char separator) {
  const std::size_t end = end_of_field(line, separator);
  Field field{.text = line.substr(0, end), .is_last = end == std::string_view::npos};
  line.remove_prefix(field.is_last ? line.size() : end + 1);
  std::string_view& text = field.text;
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return field;
}

bool is_label_name(const std::string& name) {
  return std::ranges::find(kLabelNames, in_small_letters(name)) != kLabelNames.end();
}

std::string Columns::column_text(std::size_t column) const {
  const std::string name = column < names.size() ? names[column] : "";
  return fmt::format("column {}{}", column + 1,
                     name.empty() ? "" : " (" + printable(name, 60) + ")");
}

Columns columns_of(std::string_view line, std::size_t pixels, const std::filesystem::path& path) {
  Columns columns{.separator = separator_of(line)};
  const std::vector<std::string> fields = fields_of(line, columns.separator);
  columns.count = fields.size();
  std::vector<std::string> names;
  for (const std::string& field : fields) names.push_back(in_small_letters(field));
  columns.has_header = is_header(names);
  if (columns.has_header && !counts_up(names)) {
    columns.names = fields;
    read_header(columns, names, path);
    return columns;
  }
  const std::size_t count = columns.count;
  const bool is_unlabelled =
      pixels > 0 ? count == pixels : is_square(count) && !is_square(count - 1);
  if (!is_unlabelled && count > 0) columns.label = 0;
  return columns;
}

}  // namespace minima::data::csv
