// The first line of a table determines its columns (csv_columns.h). Labels are collected as texts
// with the line where they first occur; once all tables are read, they become numbers.
#include "data/formats/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/error.h"
#include "core/text.h"
#include "data/files/leftovers.h"
#include "data/formats/csv_columns.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxCsvClasses = std::numeric_limits<std::uint16_t>::max();
constexpr std::int64_t kMaxCsvLabel = 65'534;

/// A label as written, and where it was first read.
struct LabelText {
  std::string text;
  Place place;
};

/// The distinct labels of all tables, numbered in the order of their first use.
class Labels {
 public:
  [[nodiscard]] std::optional<std::uint16_t> find(std::string_view field) const {
    const auto found = index_.find(canonical(field));
    return found == index_.end() ? std::nullopt : std::optional(found->second);
  }

  std::uint16_t add(std::string_view field, const Place& place) {
    const std::string text = canonical(field);
    if (text.empty()) throw input_error(place, "the label is empty", "fill it in");
    if (texts_.size() == kMaxCsvClasses) {
      throw input_error(place,
                        fmt::format("more than {} different labels",
                                    grouped(static_cast<std::int64_t>(kMaxCsvClasses))),
                        "name the column of the labels \"label\"");
    }
    const auto index = static_cast<std::uint16_t>(texts_.size());
    index_.emplace(text, index);
    texts_.push_back({text, place});
    return index;
  }

  /// Class names by label, and the label of each index. Numbers label their own class; names are
  /// sorted.
  void finish(std::vector<std::string>& class_names, std::vector<std::uint16_t>& labels) const {
    const auto is_number = [](const LabelText& label) {
      const auto number = parse_integer(label.text);
      return number && *number >= 0;
    };
    const auto name = std::ranges::find_if_not(texts_, is_number);
    if (name == texts_.end()) {
      number_classes(class_names, labels);
    } else if (std::ranges::any_of(texts_, is_number)) {
      throw input_error(name->place,
                        fmt::format("the label \"{}\" is not a number from 0 as others are",
                                    printable(name->text, 60)),
                        "write all labels as numbers or all as names");
    } else {
      name_classes(class_names, labels);
    }
  }

 private:
  /// "3.0" is 3: programs that once had a missing value write all labels like this.
  static std::string canonical(std::string_view field) {
    const auto number = parse_number(field);
    if (!number || *number < 0 || *number > 1e9 || std::floor(*number) != *number) {
      return std::string(field);
    }
    return fmt::format("{}", static_cast<std::int64_t>(*number));
  }

  void number_classes(std::vector<std::string>& class_names,
                      std::vector<std::uint16_t>& labels) const {
    std::int64_t largest = 0;
    for (const LabelText& label : texts_) {
      const std::int64_t number = parse_integer(label.text).value_or(0);
      if (number > kMaxCsvLabel) {
        throw input_error(label.place, fmt::format("label {} is out of range", number),
                          fmt::format("labels are numbers from 0 to {}", kMaxCsvLabel));
      }
      largest = std::max(largest, number);
      labels.push_back(static_cast<std::uint16_t>(number));
    }
    for (std::int64_t i = 0; i <= largest; ++i) class_names.push_back(std::to_string(i));
  }

  void name_classes(std::vector<std::string>& class_names,
                    std::vector<std::uint16_t>& labels) const {
    for (const LabelText& label : texts_) class_names.push_back(label.text);
    std::ranges::sort(class_names);
    for (const LabelText& label : texts_) {
      const auto at = std::ranges::lower_bound(class_names, label.text);
      labels.push_back(static_cast<std::uint16_t>(at - class_names.begin()));
    }
  }

  std::vector<LabelText> texts_;
  std::unordered_map<std::string, std::uint16_t> index_;
};

/// 0..255; nullopt for anything else. "12.0" is 12.
std::optional<std::uint8_t> pixel_of(std::string_view field) {
  int value = -1;
  const char* end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, value);
  if (error != std::errc{} || stop != end) {
    const auto number = parse_number(field);
    if (!number || std::floor(*number) != *number || std::abs(*number) > 255) return std::nullopt;
    value = static_cast<int>(*number);
  }
  if (value < 0 || value > 255) return std::nullopt;
  return static_cast<std::uint8_t>(value);
}

Error wrong_pixel(std::string_view field, const Place& place) {
  const auto number = parse_number(field);
  const bool is_fraction = number && *number > 0 && *number < 1;
  return input_error(place,
                     fmt::format("\"{}\" is not a pixel, an integer from 0 to 255",
                                 printable(std::string(field), 60)),
                     is_fraction ? "multiply all pixels by 255 and round them" : "correct it");
}

/// The side of a square of that many pixels; 0: it is none.
int side_of(std::size_t pixels) {
  const auto side = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(pixels))));
  return side * side == pixels ? static_cast<int>(side) : 0;
}

ImageShape shape_of(std::size_t pixels, const CsvLayout& layout, const fs::path& path) {
  const std::size_t area = static_cast<std::size_t>(layout.height) * layout.width;
  for (const int channels : {1, 3}) {
    if (area > 0 && pixels == area * channels && (channels == 1 || layout.channels != 1)) {
      return {channels, layout.height, layout.width};
    }
  }
  const int grey = side_of(pixels);
  const int colour = pixels % 3 == 0 && layout.channels == 3 ? side_of(pixels / 3) : 0;
  if (pixels > 0 && grey > 0 && grey <= static_cast<int>(kMaxIdxSide)) return {1, grey, grey};
  if (pixels > 0 && colour > 0 && colour <= static_cast<int>(kMaxIdxSide)) {
    return {3, colour, colour};
  }
  const bool may_be_colour = pixels > 0 && pixels % 3 == 0 && side_of(pixels / 3) > 0;
  throw input_error(
      {path.string(), ""},
      pixels == 0 ? std::string("has no columns of pixels")
                  : fmt::format("has {} columns of pixels, which are not a square image", pixels),
      pixels == 0 ? "a line needs its label and one column for each pixel"
      : may_be_colour
          ? "add channels=3 if the red, green and blue of a pixel are in consecutive columns"
          : "add size=HEIGHTxWIDTH with as many pixels");
}

/// A table being read.
class Table {
 public:
  Table(const fs::path& path, std::size_t pixels) : path_(path), lines_(path) {
    const auto first = lines_.next();
    if (!first) throw input_error({path.string(), ""}, "the table is empty", kFetchAgain);
    columns_ = csv::columns_of(*first, pixels, path);
    if (!columns_.has_header) first_line_ = *first;
  }

  [[nodiscard]] const csv::Columns& columns() const { return columns_; }

  Split read(const ImageShape& shape, Labels& labels, DataMemory& memory) {
    Split split;
    shape_ = shape;
    if (!first_line_.empty()) add(first_line_, split, labels, memory);
    while (const auto line = lines_.next()) add(*line, split, labels, memory);
    if (split.count() == 0) {
      throw input_error({path_.string(), ""}, "has no line after the names of its columns",
                        kFetchAgain);
    }
    return split;
  }

 private:
  [[nodiscard]] Place place(std::size_t column) const {
    return {path_.string(),
            fmt::format("line {}, {}", lines_.number(), columns_.column_text(column))};
  }

  void add(std::string_view line, Split& split, Labels& labels, DataMemory& memory) {
    const auto size = static_cast<std::size_t>(shape_.pixels());
    memory.take(size + sizeof(std::uint16_t), path_);
    if (split.count() == static_cast<std::size_t>(kMaxImages)) {
      throw input_error({path_.string(), ""},
                        fmt::format("has more than {} images", grouped(kMaxImages)), "take fewer");
    }
    split.images.resize(split.images.size() + size);
    std::uint8_t* image = split.images.data() + split.images.size() - size;
    std::size_t column = 0;
    std::size_t pixel = 0;
    csv::Field field{.text = {}, .is_last = false};
    for (; !field.is_last && column < columns_.count; ++column) {
      field = csv::take_field(line, columns_.separator);
      if (column == columns_.label) {
        split.labels.push_back(label_of(field.text, column, labels));
      } else if (!is_left_out(column)) {
        const auto value = pixel_of(field.text);
        if (!value) throw wrong_pixel(field.text, place(column));
        image[position(pixel++)] = *value;
      }
    }
    if (column < columns_.count || !field.is_last) refuse_length(column, !field.is_last);
  }

  [[nodiscard]] std::uint16_t label_of(std::string_view text, std::size_t column,
                                       Labels& labels) const {
    if (const auto known = labels.find(text)) return *known;
    return labels.add(text, place(column));
  }

  [[noreturn]] void refuse_length(std::size_t column, bool is_longer) const {
    throw input_error({path_.string(), fmt::format("line {}", lines_.number())},
                      fmt::format("has {} {} columns where the first line has {}",
                                  is_longer ? "more than" : "only", column, columns_.count),
                      "give every line as many columns");
  }

  [[nodiscard]] bool is_left_out(std::size_t column) const {
    return std::ranges::find(columns_.left_out, column) != columns_.left_out.end();
  }

  /// Pixels of colour images are red, green, blue in the table and three planes in memory.
  [[nodiscard]] std::size_t position(std::size_t pixel) const {
    const auto channels = static_cast<std::size_t>(shape_.channels);
    const std::size_t plane = static_cast<std::size_t>(shape_.height) * shape_.width;
    return pixel % channels * plane + pixel / channels;
  }

  fs::path path_;
  csv::LineReader lines_;
  csv::Columns columns_;
  std::string first_line_;  // of pixels, if there is no header
  ImageShape shape_;
};

std::string quoted(const fs::path& path) {
  return printable(path.filename().string(), 100);
}

void note_columns(const csv::Columns& columns, const fs::path& path, Dataset& dataset) {
  for (const std::size_t column : columns.left_out) {
    dataset.notes.push_back(fmt::format("in {}, {} numbers the images and was left out",
                                        quoted(path), columns.column_text(column)));
  }
}

class CsvDataset {
 public:
  CsvDataset(const CsvFiles& files, const CsvLayout& layout, DataMemory memory)
      : files_(files), layout_(layout), memory_(memory) {}

  Dataset read() {
    dataset_.origin = files_.place.string();
    read_train();
    dataset_.validation = read_other(files_.validation);
    dataset_.test = read_other(files_.test);
    std::vector<std::uint16_t> numbers;
    labels_.finish(dataset_.class_names, numbers);
    for (Split* split : {&dataset_.train, &dataset_.validation, &dataset_.test}) {
      for (std::uint16_t& label : split->labels) label = numbers[label];
    }
    note_left_out();
    return std::move(dataset_);
  }

 private:
  void read_train() {
    Table table(files_.train, 0);
    const csv::Columns& columns = table.columns();
    if (columns.count < 2) {
      throw input_error({files_.train.string(), "line 1"}, "has a single column",
                        "separate the label and the pixels by commas, semicolons or tabs");
    }
    if (!columns.label) {
      throw input_error({files_.train.string(), "line 1"}, "the table has no column of labels",
                        "name the column of the labels \"label\"");
    }
    pixels_ = columns.pixels();
    dataset_.shape = shape_of(pixels_, layout_, files_.train);
    note_columns(columns, files_.train, dataset_);
    note_label(columns);
    dataset_.train = table.read(dataset_.shape, labels_, memory_);
  }

  /// The label is a guess unless the table names it.
  void note_label(const csv::Columns& columns) {
    const std::string name = columns.names.empty() ? "" : columns.names[*columns.label];
    if (csv::is_label_name(name)) return;
    dataset_.notes.push_back(
        name.empty()
            ? fmt::format("{} does not name its columns; the first one is taken as the label",
                          quoted(files_.train))
            : fmt::format("no column of {} is named label, class or target; the first one, "
                          "\"{}\", is taken as the label",
                          quoted(files_.train), printable(name, 60)));
  }

  Split read_other(const fs::path& path) {
    if (path.empty()) return {};
    Table table(path, pixels_);
    const csv::Columns& columns = table.columns();
    if (columns.count < 2) {
      throw input_error({files_.train.string(), "line 1"}, "has a single column",
                        "separate the label and the pixels by commas, semicolons or tabs");
    }
    if (!columns.label) {
      dataset_.notes.push_back(
          fmt::format("{} has no column of labels and was left out", quoted(path)));
      return {};
    }
    if (columns.pixels() != pixels_) {
      throw input_error({path.string(), "line 1"},
                        fmt::format("has {} columns of pixels, {} has {}", columns.pixels(),
                                    quoted(files_.train), pixels_),
                        "take both tables from the same source");
    }
    note_columns(columns, path, dataset_);
    return table.read(dataset_.shape, labels_, memory_);
  }

  void note_left_out() {
    const auto note = other_files_note(files_.left_out, "folder");
    if (note) dataset_.notes.push_back(*note);
  }

  CsvFiles files_;
  CsvLayout layout_;
  DataMemory memory_;
  Dataset dataset_;
  Labels labels_;
  std::size_t pixels_ = 0;
};

}  // namespace

Dataset read_csv(const CsvFiles& files, const CsvLayout& layout, DataMemory memory) {
  return CsvDataset(files, layout, memory).read();
}

}  // namespace minima::data
