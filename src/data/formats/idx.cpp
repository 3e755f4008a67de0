#include "data/formats/idx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/error.h"
#include "data/formats/bytes.h"

namespace minima::data {
namespace {

constexpr std::uint32_t kUnsignedByte = 0x08;

/// An IDX file whose header has been read and checked.
struct IdxContent {
  std::filesystem::path path;
  std::unique_ptr<ByteStream> stream;
  std::vector<std::uint32_t> sizes;  // images x height x width, or labels

  [[nodiscard]] std::uint64_t header_bytes() const { return 4 + 4 * sizes.size(); }
  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t product = 1;
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

IdxContent open_idx(const std::filesystem::path& path, std::uint32_t dimensions) {
  IdxContent idx{path, open_bytes(path), {}};
  check_magic(idx, read_big_endian(idx, 0), dimensions);
  for (std::uint32_t d = 0; d < dimensions; ++d) {
    const std::uint32_t size = read_big_endian(idx, 4 + 4 * std::size_t{d});
    const bool is_side = d > 0;
    if (size == 0 || (is_side && size > kMaxIdxSide)) {
      throw input_error({path.string(), fmt::format("byte {}", 4 + 4 * d)},
                        is_side ? fmt::format("images {} pixels {}, expected 1..{}", size,
                                              d == 1 ? "high" : "wide", kMaxIdxSide)
                                : "the header announces no entries",
                        kFetchAgain);
    }
    idx.sizes.push_back(size);
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
  const auto need = [&](const std::filesystem::path& path, const char* name) {
    if (!path.empty()) return;
    throw input_error({files.folder.string(), ""},
                      fmt::format("has IDX files but no {} (plain, .gz or .xz)", name),
                      "put the missing file beside the others");
  };
  need(files.train_images, "train-images-idx3-ubyte");
  need(files.train_labels, "train-labels-idx1-ubyte");
  need(files.test_images, "t10k-images-idx3-ubyte");
  need(files.test_labels, "t10k-labels-idx1-ubyte");
}

/// Returns the number of classes that the labels imply; refuses a label out of range.
int check_labels(const std::vector<std::uint8_t>& labels, const std::filesystem::path& path,
                 const std::optional<Problem>& expected) {
  int classes = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    classes = std::max(classes, labels[i] + 1);
    if (expected && labels[i] >= expected->classes) {
      throw input_error({path.string(), fmt::format("byte {}", 8 + i)},
                        fmt::format("label {} is not in 0..{}", labels[i], expected->classes - 1),
                        kFetchAgain);
    }
  }
  return classes;
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
};

IdxSplit read_split(const std::filesystem::path& images_path,
                    const std::filesystem::path& labels_path,
                    const std::optional<Problem>& expected, DataMemory& memory) {
  IdxContent images = open_idx(images_path, 3);
  IdxContent labels = open_idx(labels_path, 1);
  check_counts(images, labels);
  if (expected) check_shape(images, expected->image, "this dataset");
  const std::vector<std::uint8_t> bytes = read_content(labels, memory);
  memory.take(2 * bytes.size(), labels_path);
  const int classes = check_labels(bytes, labels_path, expected);
  return {{read_content(images, memory), {bytes.begin(), bytes.end()}}, shape_of(images), classes};
}

}  // namespace

bool IdxFiles::any() const {
  return !(train_images.empty() && train_labels.empty() && test_images.empty() &&
           test_labels.empty());
}

bool IdxFiles::complete() const {
  return !(train_images.empty() || train_labels.empty() || test_images.empty() ||
           test_labels.empty());
}

IdxFiles find_idx_files(const std::filesystem::path& folder) {
  const auto find = [](const std::filesystem::path& in, std::span<const char* const> stems,
                       const char* kind) -> std::filesystem::path {
    for (const char* stem : stems) {
      for (const char* compression : {"", ".gz", ".xz"}) {
        for (const char joint : {'-', '.'}) {
          std::filesystem::path path = in / fmt::format("{}{}{}{}", stem, joint, kind, compression);
          std::error_code error;
          if (std::filesystem::exists(path, error)) return path;
        }
      }
    }
    return {};
  };
  IdxFiles files;
  for (const std::filesystem::path& in : {folder, folder / "raw"}) {
    files = {in, find(in, std::array{"train-images"}, "idx3-ubyte"),
             find(in, std::array{"train-labels"}, "idx1-ubyte"),
             find(in, std::array{"t10k-images", "test-images"}, "idx3-ubyte"),
             find(in, std::array{"t10k-labels", "test-labels"}, "idx1-ubyte")};
    if (files.any()) return files;
  }
  files.folder = folder;
  return files;
}

Dataset read_idx(const IdxFiles& files, const std::optional<Problem>& expected, DataMemory memory) {
  check_files(files);
  IdxSplit train = read_split(files.train_images, files.train_labels, expected, memory);
  IdxSplit test = read_split(files.test_images, files.test_labels, expected, memory);
  if (train.shape != test.shape) {
    check_shape(open_idx(files.test_images, 3), train.shape,
                files.train_images.filename().string());
  }
  Dataset dataset;
  dataset.origin = files.folder.string();
  dataset.shape = train.shape;
  dataset.train = std::move(train.split);
  dataset.test = std::move(test.split);
  const int classes = expected ? expected->classes : std::max(train.classes, test.classes);
  for (int label = 0; label < classes; ++label) {
    dataset.class_names.push_back(fmt::format("{}", label));
  }
  return dataset;
}

}  // namespace minima::data
