#include "data/formats/idx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/error.h"
#include "data/files/bytes.h"
#include "data/formats/emnist.h"

namespace minima::data {
namespace {

constexpr std::uint32_t kUnsignedByte = 0x08;
constexpr std::uint32_t kInteger = 0x0c;        // 32 bits, big-endian
constexpr std::uint32_t kMaxLabelColumns = 64;  // QMNIST has 8
constexpr std::uint64_t kMaxIdxLabel = 255;

/// An IDX file whose header has been read and checked.
struct IdxContent {
  std::filesystem::path path;
  std::unique_ptr<ByteStream> stream;
  std::vector<std::uint32_t> sizes;  // images x height x width, labels, or labels x columns
  std::uint32_t bytes_each = 1;

  [[nodiscard]] std::uint64_t header_bytes() const { return 4 + 4 * sizes.size(); }
  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t product = bytes_each;
    for (const std::uint32_t size : sizes) product *= size;
    return product;
  }
  [[nodiscard]] std::string text() const { return fmt::format("{}", fmt::join(sizes, " x ")); }
};

std::uint32_t read_big_endian(IdxContent& idx, std::size_t at) {
  std::array<std::uint8_t, 4> bytes{};
  if (idx.stream->read(bytes) < bytes.size()) {
    throw input_error({idx.path.string(), fmt::format("byte {}", at)},
                      "the file ends inside the IDX header", kFetchAgain);
  }
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
         std::uint32_t{bytes[2]} << 8 | bytes[3];
}

void check_magic(const IdxContent& idx, std::uint32_t magic, std::uint32_t dimensions) {
  const std::uint32_t right = kUnsignedByte << 8 | dimensions;
  if (magic == right) return;
  const Place place{idx.path.string(), "byte 0"};
  if (magic >> 8 == kUnsignedByte) {
    throw input_error(
        place,
        fmt::format("the IDX header has {} dimensions, expected {}", magic & 0xff, dimensions),
        dimensions == 1 ? "a file of labels belongs here"
                        : "a file of images (count x height x width) belongs here");
  }
  throw input_error(
      place,
      fmt::format("magic number 0x{:08x}, expected 0x{:08x} (IDX, unsigned bytes, {} dimension{})",
                  magic, right, dimensions, dimensions == 1 ? "" : "s"),
      "this is not the expected IDX file; " + std::string(kFetchAgain));
}

std::uint32_t read_size(IdxContent& idx, std::uint32_t dimension, std::uint32_t most) {
  const std::uint32_t at = 4 + 4 * dimension;
  const std::uint32_t size = read_big_endian(idx, at);
  if (size > 0 && (dimension == 0 || size <= most)) return size;
  const std::string what = most == kMaxLabelColumns ? fmt::format("{} columns of labels", size)
                                                    : fmt::format("images {} pixels {}", size,
                                                                  dimension == 1 ? "high" : "wide");
  throw input_error({idx.path.string(), fmt::format("byte {}", at)},
                    dimension > 0 ? fmt::format("{}, expected 1..{}", what, most)
                                  : "the header announces no entries",
                    kFetchAgain);
}

IdxContent open_idx_images(const std::filesystem::path& path) {
  IdxContent idx{path, open_bytes(path), {}};
  check_magic(idx, read_big_endian(idx, 0), 3);
  for (std::uint32_t d = 0; d < 3; ++d) idx.sizes.push_back(read_size(idx, d, kMaxIdxSide));
  return idx;
}

/// Labels are [count] of bytes, or [count][columns] of 32-bit integers.
IdxContent open_idx_labels(const std::filesystem::path& path) {
  IdxContent idx{path, open_bytes(path), {}};
  const std::uint32_t magic = read_big_endian(idx, 0);
  const bool is_table = magic == (kInteger << 8 | 2);
  if (!is_table) check_magic(idx, magic, 1);
  idx.sizes.push_back(read_size(idx, 0, kMaxLabelColumns));
  if (is_table) {
    idx.bytes_each = 4;
    idx.sizes.push_back(read_size(idx, 1, kMaxLabelColumns));
  }
  return idx;
}

std::vector<std::uint8_t> read_content(IdxContent& idx, DataMemory& memory) {
  const std::uint64_t announced = idx.bytes();
  memory.take(announced, idx.path);
  std::vector<std::uint8_t> content = read_bytes(*idx.stream, announced, most_content(idx.path));
  if (content.size() < announced) {
    throw input_error(
        {idx.path.string(), fmt::format("byte {}", idx.header_bytes() + content.size())},
        fmt::format("the file ends after {} bytes of content, the header announces {} ({})",
                    content.size(), announced, idx.text()),
        kFetchAgain);
  }
  if (const std::uint64_t extra = skip_rest(*idx.stream, kMaxSurplusBytes); extra > 0) {
    throw input_error({idx.path.string(), fmt::format("byte {}", idx.header_bytes() + announced)},
                      fmt::format("{}{} bytes more than the header announces ({})",
                                  extra > kMaxSurplusBytes ? "at least " : "", extra, idx.text()),
                      kFetchAgain);
  }
  return content;
}

void check_files(const IdxFiles& files) {
  if (files.lacks_test_files()) return;
  const std::string prefix = files.prefix.empty() ? "" : files.prefix + "-";
  const std::string test = files.prefix.empty() ? "t10k" : "test";
  const auto need = [&](const std::filesystem::path& path, const std::string& name) {
    if (!path.empty()) return;
    throw input_error(
        {files.folder.string(), ""},
        fmt::format("has IDX files but no {}{} (plain, .gz or .xz)", printable(prefix), name),
        "put the missing file beside the others");
  };
  need(files.train_images, "train-images-idx3-ubyte");
  need(files.train_labels, "train-labels-idx1-ubyte");
  need(files.test_images, test + "-images-idx3-ubyte");
  need(files.test_labels, test + "-labels-idx1-ubyte");
}

/// The labels of one file.
struct IdxLabels {
  std::vector<std::uint16_t> labels;
  std::uint32_t columns = 1;
  int classes = 0;  ///< that the labels imply
};

/// The class of each row. `each`: bytes of a row, whose first number is the class.
IdxLabels parse_labels(const std::vector<std::uint8_t>& bytes, const IdxContent& idx,
                       const std::optional<Problem>& expected) {
  const std::size_t count = idx.sizes[0];
  const std::size_t each = bytes.size() / count;
  IdxLabels read{.columns = idx.sizes.size() == 1 ? 1 : idx.sizes[1]};
  const std::uint64_t most =
      expected ? static_cast<std::uint64_t>(expected->classes) - 1 : kMaxIdxLabel;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t label = 0;
    for (std::size_t b = 0; b < std::min<std::size_t>(each, 4); ++b) {
      label = label << 8 | bytes[i * each + b];
    }
    if (label > most) {
      throw input_error({idx.path.string(), fmt::format("byte {}", idx.header_bytes() + i * each)},
                        fmt::format("label {} is not in 0..{}", label, most), kFetchAgain);
    }
    read.classes = std::max(read.classes, static_cast<int>(label) + 1);
    read.labels.push_back(static_cast<std::uint16_t>(label));
  }
  return read;
}

void check_counts(const IdxContent& images, const IdxContent& labels) {
  if (images.sizes[0] == labels.sizes[0]) return;
  throw input_error({labels.path.string(), "byte 4"},
                    fmt::format("{} labels for the {} images of {}", labels.sizes[0],
                                images.sizes[0], images.path.filename().string()),
                    "take both files from the same source");
}

ImageShape shape_of(const IdxContent& images) {
  return {1, static_cast<int>(images.sizes[1]), static_cast<int>(images.sizes[2])};
}

void check_shape(const IdxContent& images, const ImageShape& needed, const std::string& reason) {
  if (shape_of(images) == needed) return;
  throw input_error({images.path.string(), "byte 8"},
                    fmt::format("images of {}x{} pixels, {} has {}x{}", images.sizes[1],
                                images.sizes[2], reason, needed.height, needed.width),
                    "take all files from the same source");
}

struct IdxSplit {
  Split split;
  ImageShape shape;
  int classes = 0;
  std::uint32_t label_columns = 1;
};

IdxSplit read_split(const std::filesystem::path& images_path,
                    const std::filesystem::path& labels_path,
                    const std::optional<Problem>& expected, DataMemory& memory) {
  IdxContent images = open_idx_images(images_path);
  IdxContent labels = open_idx_labels(labels_path);
  check_counts(images, labels);
  if (expected) check_shape(images, expected->image, "this dataset");
  const std::vector<std::uint8_t> bytes = read_content(labels, memory);
  memory.take(std::uint64_t{2} * labels.sizes[0], labels_path);
  IdxLabels read = parse_labels(bytes, labels, expected);
  return {{read_content(images, memory), std::move(read.labels)},
          shape_of(images),
          read.classes,
          read.columns};
}

IdxSplit read_test(const IdxFiles& files, const std::optional<Problem>& expected,
                   const ImageShape& shape, DataMemory& memory) {
  if (files.test_images.empty()) return {};
  IdxSplit test = read_split(files.test_images, files.test_labels, expected, memory);
  if (shape != test.shape) {
    check_shape(open_idx_images(files.test_images), shape, files.train_images.filename().string());
  }
  return test;
}

/// The letters of EMNIST are labelled from 1, so their files have a label more than classes.
std::optional<Problem> problem_of_files(const IdxFiles& files, std::optional<Problem> expected) {
  if (expected && files.prefix == "emnist-letters") ++expected->classes;
  return expected;
}

}  // namespace

Dataset read_idx(const IdxFiles& files, const std::optional<Problem>& expected, DataMemory memory) {
  check_files(files);
  const std::optional<Problem> problem = problem_of_files(files, expected);
  IdxSplit train = read_split(files.train_images, files.train_labels, problem, memory);
  IdxSplit test = read_test(files, problem, train.shape, memory);
  Dataset dataset;
  dataset.origin = files.folder.string();
  dataset.shape = train.shape;
  dataset.train = std::move(train.split);
  dataset.test = std::move(test.split);
  const int classes = problem ? problem->classes : std::max(train.classes, test.classes);
  for (int label = 0; label < classes; ++label) {
    dataset.class_names.push_back(fmt::format("{}", label));
  }
  if (const std::uint32_t columns = std::max(train.label_columns, test.label_columns);
      columns > 1) {
    dataset.notes.push_back(fmt::format(
        "of the {} columns of the label files, the first one is the class; the others are left out",
        columns));
  }
  if (is_emnist(files.prefix)) restore_emnist(dataset, files.prefix, files.mapping);
  return dataset;
}

}  // namespace minima::data
