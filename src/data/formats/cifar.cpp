#include "data/formats/cifar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "data/formats/bytes.h"

namespace minima::data {
namespace {

constexpr std::size_t kPixels = 3 * 32 * 32;
constexpr std::size_t kRecord = 1 + kPixels;
constexpr std::array kBatches{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                              "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"};
constexpr const char* kNames = "batches.meta.txt";
constexpr const char* kFetchSetAgain = "copy or fetch the dataset again";

/// The parts read so far.
struct Parts {
  std::map<std::string, Split> batches;  // key: file name
  std::vector<std::string> class_names{"airplane", "automobile", "bird",  "cat",  "deer",
                                       "dog",      "frog",       "horse", "ship", "truck"};
};

/// Names a location in a batch: the file and the record, and in an archive the batch too.
struct Origin {
  std::filesystem::path file;
  std::string batch;  // empty if `file` is the batch

  [[nodiscard]] Place record(std::size_t number) const {
    return {file.string(), batch.empty() ? fmt::format("record {}", number)
                                         : fmt::format("{}, record {}", batch, number)};
  }
};

Split read_batch(ByteStream& stream, const Origin& origin, DataMemory& memory) {
  Split split;
  std::vector<std::uint8_t> buffer(kRecord * 256);
  for (;;) {
    const std::size_t got = stream.read(buffer);
    memory.take(got, origin.file);
    if (split.count() + got / kRecord > kMaxCifarRecords) {
      throw input_error(
          origin.record(kMaxCifarRecords),
          fmt::format("a batch of more than {} records; those of CIFAR-10 have 10,000",
                      grouped(static_cast<std::int64_t>(kMaxCifarRecords))),
          kFetchSetAgain);
    }
    for (std::size_t at = 0; at < got; at += kRecord) {
      const std::uint8_t* record = buffer.data() + at;
      if (got - at < kRecord) {
        throw input_error(
            origin.record(split.count()),
            fmt::format("has {} bytes where a record of CIFAR-10 has {}", got - at, kRecord),
            kFetchSetAgain);
      }
      if (record[0] >= kCifarProblem.classes) {
        throw input_error(origin.record(split.count()),
                          fmt::format("label {} is not in 0..9", record[0]), kFetchSetAgain);
      }
      split.labels.push_back(record[0]);
      split.images.insert(split.images.end(), record + 1, record + kRecord);
    }
    if (got < buffer.size()) return split;
  }
}

std::vector<std::string> read_class_names(ByteStream& stream, const std::filesystem::path& file) {
  std::vector<std::string> names;
  for (const std::string& line : split(read_rest(stream, file, kMaxClassNamesBytes), '\n')) {
    if (const std::string_view name = trim(line); !name.empty()) names.emplace_back(name);
  }
  if (names.size() != static_cast<std::size_t>(kCifarProblem.classes)) {
    throw input_error({file.string(), kNames},
                      fmt::format("{} class names where CIFAR-10 has 10", names.size()),
                      kFetchSetAgain);
  }
  return names;
}

bool is_batch(const std::string& name) {
  return std::find(kBatches.begin(), kBatches.end(), name) != kBatches.end();
}

Parts read_archive(const std::filesystem::path& path, DataMemory& memory) {
  Parts parts;
  ArchiveReader tar(path, ArchiveFormat::tar);
  while (const std::optional<std::string> entry = tar.next()) {
    const std::string name = std::filesystem::path(*entry).filename().string();
    if (name == kNames) parts.class_names = read_class_names(tar.content(), path);
    if (!is_batch(name)) continue;
    if (parts.batches.contains(name)) {
      throw input_error({path.string(), ""}, fmt::format("has {} twice", name), kFetchSetAgain);
    }
    parts.batches[name] = read_batch(tar.content(), {path, name}, memory);
  }
  return parts;
}

Parts read_folder(const std::filesystem::path& folder, DataMemory& memory) {
  Parts parts;
  std::error_code error;
  for (const char* name : kBatches) {
    const std::filesystem::path path = folder / name;
    if (!std::filesystem::exists(path, error)) continue;  // append() reports it if it is needed
    parts.batches[name] = read_batch(*open_bytes(path), {path, ""}, memory);
  }
  if (std::filesystem::exists(folder / kNames, error)) {
    parts.class_names = read_class_names(*open_bytes(folder / kNames), folder / kNames);
  }
  return parts;
}

/// Appends a batch to `split` and frees it, so that at most one batch is in memory twice.
void append(Split& split, Parts& parts, const char* name, const std::filesystem::path& place) {
  const auto found = parts.batches.find(name);
  if (found == parts.batches.end() || found->second.count() == 0) {
    throw input_error({place.string(), ""},
                      found == parts.batches.end() ? fmt::format("has no {}", name)
                                                   : fmt::format("{} is empty", name),
                      kFetchSetAgain);
  }
  const Split batch = std::exchange(found->second, {});
  split.images.insert(split.images.end(), batch.images.begin(), batch.images.end());
  split.labels.insert(split.labels.end(), batch.labels.begin(), batch.labels.end());
}

bool is_archive(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  for (const char* ending : {".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

}  // namespace

std::optional<std::filesystem::path> find_cifar(const std::filesystem::path& place) {
  std::error_code error;
  if (std::filesystem::is_regular_file(place, error)) {
    return is_archive(place) ? std::optional(place) : std::nullopt;
  }
  for (const std::filesystem::path& folder : {place, place / "cifar-10-batches-bin"}) {
    for (const char* name : kBatches) {
      if (std::filesystem::exists(folder / name, error)) return folder;
    }
  }
  for (const char* ending : {".tar.gz", ".tgz", ".tar.xz", ".tar"}) {
    const std::filesystem::path archive = place / (std::string("cifar-10-binary") + ending);
    if (std::filesystem::is_regular_file(archive, error)) return archive;
  }
  return std::nullopt;
}

Dataset read_cifar(const std::filesystem::path& place, DataMemory memory) {
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(place, error);
  Parts parts = is_folder ? read_folder(place, memory) : read_archive(place, memory);
  std::size_t training_images = 0;
  for (const auto& [name, batch] : parts.batches) {
    if (name != kBatches.back()) training_images += batch.count();
  }
  Dataset dataset;
  dataset.origin = place.string();
  dataset.shape = kCifarProblem.image;
  dataset.class_names = std::move(parts.class_names);
  dataset.train.images.reserve(training_images * kPixels);
  dataset.train.labels.reserve(training_images);
  for (const char* name : kBatches) {
    append(name == kBatches.back() ? dataset.test : dataset.train, parts, name, place);
  }
  return dataset;
}

}  // namespace minima::data
