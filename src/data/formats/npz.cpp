#include "data/formats/npz.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <span>

#include "core/error.h"
#include "core/numbers/saturating.h"
#include "core/text.h"
#include "data/files/archive_kind.h"
#include "data/files/bytes.h"

namespace minima::data {
namespace {

constexpr std::size_t kMaxHeaderBytes = 65'535;
constexpr std::int64_t kMaxLabel = 65'534;
constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr const char* kArrayNames =
    "name them x_train, y_train, x_test, y_test, or train_images, train_labels, val_images, "
    "val_labels, test_images, test_labels";

enum class Part { train, validation, test };

/// What an array holds, by its name.
struct ArrayRole {
  Part part;
  bool images;
};

/// Names are compared in small letters. "images" and "labels" alone are a training split.
std::optional<ArrayRole> role_of_array(std::string name) {
  static const std::map<std::string_view, Part> kParts{{"train", Part::train},
                                                       {"test", Part::test},
                                                       {"val", Part::validation},
                                                       {"valid", Part::validation},
                                                       {"validation", Part::validation}};
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (name == "images" || name == "x") return ArrayRole{Part::train, true};
  if (name == "labels" || name == "y") return ArrayRole{Part::train, false};
  for (const auto& [word, part] : kParts) {
    const std::string part_name(word);
    if (name == "x_" + part_name || name == part_name + "_images") return ArrayRole{part, true};
    if (name == "y_" + part_name || name == part_name + "_labels") return ArrayRole{part, false};
  }
  return std::nullopt;
}

/// The header of an array: its type and shape.
struct ArrayHeader {
  std::string type;  ///< "|u1", "<i8"
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

/// Where something is wrong.
struct Where {
  const std::filesystem::path& file;
  std::string array;

  [[nodiscard]] Error refuse(const std::string& problem, const std::string& hint) const {
    return input_error({file.string(), array.empty() ? "" : "array " + printable(array, 60)},
                       problem, hint);
  }
};

/// The text between `from` and the first of `ends`; empty if either is missing.
std::string_view text_between(std::string_view text, std::string_view from, std::string_view ends) {
  const std::size_t at = text.find(from);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + from.size();
  const std::size_t end = text.find_first_of(ends, begin);
  return end == std::string_view::npos ? std::string_view{} : text.substr(begin, end - begin);
}

// A Python dictionary in the fixed form that NumPy writes:
// {'descr': '|u1', 'fortran_order': False, 'shape': (60000, 28, 28), }
ArrayHeader parse_header(std::string_view text, const Where& where) {
  ArrayHeader header{.type = std::string(text_between(text, "'descr': '", "'")),
                     .fortran_order = text_between(text, "'fortran_order': ", ",") == "True"};
  const std::string_view shape = text_between(text, "'shape': (", ")");
  for (const std::string& word : split(shape, ',')) {
    if (trim(word).empty()) continue;
    const auto size = parse_integer(trim(word));
    if (!size || *size < 0) throw where.refuse("has a shape that cannot be read", kFetchAgain);
    header.shape.push_back(*size);
  }
  if (header.type.empty() || header.shape.empty()) {
    throw where.refuse("has no type or no shape", "save it with numpy.savez_compressed");
  }
  return header;
}

/// The arrays of the archive, one after the other.
class NpzReader {
 public:
  explicit NpzReader(const std::filesystem::path& path)
      : path_(path), archive_(path, ArchiveFormat::zip, kUnlimitedBytes) {}

  /// Name of the next array without ".npy"; nullopt at the end.
  std::optional<std::string> next() {
    std::optional<std::string> file = archive_.next();
    if (file && file->ends_with(".npy")) file->resize(file->size() - 4);
    name_ = file.value_or("");
    return file;
  }

  [[nodiscard]] Where where() const { return {path_, name_}; }

  /// Exactly `count` bytes of the current array.
  std::vector<std::uint8_t> read(std::uint64_t count) {
    std::vector<std::uint8_t> bytes = read_bytes(archive_.content(), count);
    check_count(bytes.size(), count);
    return bytes;
  }

  /// Skips the rest of the array, which has exactly `count` bytes. Its checksum is checked too.
  void skip_to_end(std::uint64_t count) {
    const std::uint64_t rest = skip_rest(archive_.content(), count);
    check_count(rest, count);
    if (rest > count) throw where().refuse("has more bytes than its shape", kFetchAgain);
  }

 private:
  void check_count(std::uint64_t got, std::uint64_t count) const {
    if (got < count) throw where().refuse("ends before its shape is filled", kFetchAgain);
  }

  std::filesystem::path path_;
  std::string name_;
  ArchiveReader archive_;
};

ArrayHeader read_header(NpzReader& reader) {
  const std::vector<std::uint8_t> start = reader.read(kMagic.size() + 4);  // version and length
  if (!std::equal(kMagic.begin(), kMagic.end(), start.begin(),
                  [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; })) {
    throw reader.where().refuse("is not a NumPy array", "save it with numpy.savez_compressed");
  }
  std::size_t length = start[8] | std::size_t{start[9]} << 8;
  if (start[6] > 1) {  // versions 2 and 3 have a length of four bytes
    const std::vector<std::uint8_t> high = reader.read(2);
    length |= std::size_t{high[0]} << 16 | std::size_t{high[1]} << 24;
  }
  if (length > kMaxHeaderBytes) throw reader.where().refuse("has a huge header", kFetchAgain);
  const std::vector<std::uint8_t> text = reader.read(length);
  return parse_header({reinterpret_cast<const char*>(text.data()), text.size()}, reader.where());
}

/// Elements of an array; the largest int64 if they are more.
std::uint64_t count_of(const ArrayHeader& header) {
  std::int64_t count = 1;
  for (const std::int64_t size : header.shape) count = saturating_product({count, size});
  return static_cast<std::uint64_t>(count);
}

std::string shape_text(const ArrayHeader& header) {
  return fmt::format("({})", fmt::join(header.shape, ", "));
}

/// Of images [count][height][width] with or without channels.
ImageShape image_shape(const ArrayHeader& header, const Where& where) {
  const std::vector<std::int64_t>& shape = header.shape;
  const bool has_channels = shape.size() == 4;
  const std::int64_t channels = has_channels ? shape[3] : 1;
  const bool is_possible = (shape.size() == 3 || has_channels) &&
                           (channels == 1 || channels == 3) && shape[1] >= 1 && shape[2] >= 1 &&
                           shape[1] <= kMaxIdxSide && shape[2] <= kMaxIdxSide;
  if (!is_possible || header.type != "|u1" || header.fortran_order) {
    throw where.refuse(
        fmt::format("holds {} of type {}{}", shape_text(header), printable(header.type, 20),
                    header.fortran_order ? " in Fortran order" : ""),
        "images are unsigned bytes of shape (count, height, width) or (count, height, width, "
        "channels) with 1 or 3 channels");
  }
  return {.channels = static_cast<int>(channels),
          .height = static_cast<int>(shape[1]),
          .width = static_cast<int>(shape[2])};
}

/// Bytes of an integer type in little-endian order; 0: another type.
std::size_t integer_bytes(std::string_view type) {
  const bool is_integer = type.size() == 3 && (type[0] == '|' || type[0] == '<') &&
                          (type[1] == 'u' || type[1] == 'i') && type[2] >= '1' && type[2] <= '8';
  const std::size_t bytes = is_integer ? static_cast<std::size_t>(type[2] - '0') : 0;
  return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8 ? bytes : 0;
}

/// In little-endian order; the largest int64 if an unsigned integer is larger.
std::int64_t integer_of(std::span<const std::uint8_t> bytes, bool is_signed) {
  const bool is_negative = is_signed && bytes.back() >= 0x80;
  std::uint64_t value = is_negative ? ~std::uint64_t{0} : 0;
  for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8 | bytes[i - 1];
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(is_negative ? value : std::min(value, kLargest));
}

std::vector<std::uint16_t> read_labels(NpzReader& reader, const ArrayHeader& header,
                                       DataMemory& memory, const std::filesystem::path& path) {
  const Where where = reader.where();
  const std::size_t each = integer_bytes(header.type);  // 0 unless the type has three characters
  const bool is_signed = each > 0 && header.type[1] == 'i';
  const bool is_list =
      header.shape.size() == 1 || (header.shape.size() == 2 && header.shape[1] == 1);
  if (each == 0 || !is_list) {
    throw where.refuse(
        fmt::format("holds {} of type {}", shape_text(header), printable(header.type, 20)),
        "labels are integers of shape (count) or (count, 1): one class for each image");
  }
  const std::uint64_t count = count_of(header);
  if (count > static_cast<std::uint64_t>(kMaxImages)) {
    throw where.refuse(fmt::format("holds {} labels", shape_text(header)),
                       fmt::format("at most {} are allowed", grouped(kMaxImages)));
  }
  memory.take(count * (each + sizeof(std::uint16_t)), path);
  const std::vector<std::uint8_t> bytes = reader.read(count * each);
  std::vector<std::uint16_t> labels(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t label = integer_of(std::span(bytes).subspan(i * each, each), is_signed);
    if (label < 0 || label > kMaxLabel) {
      throw where.refuse(fmt::format("label {} of image {} is out of range", label, i),
                         fmt::format("labels are integers from 0 to {}", kMaxLabel));
    }
    labels[i] = static_cast<std::uint16_t>(label);
  }
  return labels;
}

/// What has been read of a split.
struct PartContent {
  std::vector<std::uint8_t> images;
  std::optional<std::uint64_t> image_count;
  std::optional<std::vector<std::uint16_t>> labels;
};

/// The image data of rows [height][width][channels] as [channels][height][width].
std::vector<std::uint8_t> channels_first(std::vector<std::uint8_t> images,
                                         const ImageShape& shape) {
  if (shape.channels == 1) return images;
  const auto channels = static_cast<std::size_t>(shape.channels);
  const std::size_t plane = static_cast<std::size_t>(shape.height) * shape.width;
  std::vector<std::uint8_t> image(plane * channels);
  for (std::size_t begin = 0; begin < images.size(); begin += image.size()) {
    for (std::size_t i = 0; i < image.size(); ++i) {
      image[i % channels * plane + i / channels] = images[begin + i];
    }
    std::copy(image.begin(), image.end(), images.begin() + static_cast<std::ptrdiff_t>(begin));
  }
  return images;
}

class NpzDataset {
 public:
  NpzDataset(const std::filesystem::path& path, DataMemory memory)
      : path_(path), reader_(path), memory_(memory) {}

  Dataset read() {
    while (const auto name = reader_.next()) add_array(*name);
    const int classes = check();
    Dataset dataset{.name = {}, .origin = path_.string(), .shape = *shape_};
    for (int label = 0; label < classes; ++label) {
      dataset.class_names.push_back(std::to_string(label));
    }
    dataset.train = split_of(Part::train);
    dataset.validation = split_of(Part::validation);
    dataset.test = split_of(Part::test);
    return dataset;
  }

 private:
  void add_array(const std::string& name) {
    const Where where = reader_.where();
    const std::optional<ArrayRole> role = role_of_array(name);
    if (!role) throw where.refuse("is an array of an unknown name", kArrayNames);
    PartContent& part = parts_[role->part];
    if (role->images ? part.image_count.has_value() : part.labels.has_value()) {
      throw where.refuse("is given twice", "keep one of the two arrays");
    }
    const ArrayHeader header = read_header(reader_);
    if (role->images) {
      add_images(part, header);
    } else {
      part.labels = read_labels(reader_, header, memory_, path_);
    }
    reader_.skip_to_end(0);
  }

  void add_images(PartContent& part, const ArrayHeader& header) {
    const Where where = reader_.where();
    const ImageShape shape = image_shape(header, where);
    if (shape_ && *shape_ != shape) {
      throw where.refuse("has images of another shape than the array before",
                         "all images need one shape");
    }
    shape_ = shape;
    const std::uint64_t bytes = count_of(header);
    part.image_count = static_cast<std::uint64_t>(header.shape[0]);
    memory_.take(bytes, path_);
    part.images = channels_first(reader_.read(bytes), shape);
  }

  /// Returns the number of classes.
  int check() {
    const Where where{path_, ""};
    if (!parts_.contains(Part::train)) throw where.refuse("has no training images", kArrayNames);
    int largest = 0;
    for (const auto& [part, content] : parts_) {
      if (!content.image_count || !content.labels) {
        throw where.refuse("has images without labels, or labels without images", kArrayNames);
      }
      if (*content.image_count != content.labels->size() || content.labels->empty()) {
        throw where.refuse(fmt::format("has {} images and {} labels in one split",
                                       *content.image_count, content.labels->size()),
                           "save one label for each image");
      }
      largest = std::max<int>(largest, *std::ranges::max_element(*content.labels));
    }
    return largest + 1;
  }

  Split split_of(Part part) {
    if (!parts_.contains(part)) return {};
    return {.images = std::move(parts_[part].images), .labels = std::move(*parts_[part].labels)};
  }

  std::filesystem::path path_;
  NpzReader reader_;
  DataMemory memory_;
  std::optional<ImageShape> shape_;
  std::map<Part, PartContent> parts_;
};

}  // namespace

bool is_npz(const std::filesystem::path& path) {
  return archive_format(path) == ArchiveFormat::zip &&
         archive_content(path, ArchiveFormat::zip) == ArchiveContent::numpy;
}

Dataset read_npz(const std::filesystem::path& path, DataMemory memory) {
  return NpzDataset(path, memory).read();
}

}  // namespace minima::data
