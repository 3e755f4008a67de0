#include "data/formats/cifar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "data/files/archive_kind.h"
#include "data/files/bytes.h"
#include "data/files/leftovers.h"

namespace minima::data {
namespace {

constexpr std::size_t kCifarPixels = 3 * 32 * 32;
constexpr const char* kFetchSetAgain = "copy or fetch the dataset again";

/// The files and records of one of the two sets.
struct Layout {
  const char* set;
  std::vector<std::string> batches;  ///< in order; the last one is the test split
  std::string names;                 ///< file of class names
  std::size_t label_bytes;
  std::size_t label_at;  ///< which byte of the record is the label
  int classes;

  [[nodiscard]] std::size_t record_bytes() const { return label_bytes + kCifarPixels; }
  [[nodiscard]] bool has(const std::string& name) const {
    return std::ranges::find(batches, name) != batches.end();
  }
};

const Layout& cifar_10() {
  static const Layout kLayout{"CIFAR-10",
                              {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                               "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"},
                              "batches.meta.txt",
                              1,
                              0,
                              kCifarProblem.classes};
  return kLayout;
}

Layout cifar_100(CifarLabels labels) {
  const bool is_fine = labels == CifarLabels::fine;
  return {"CIFAR-100",
          {"train.bin", "test.bin"},
          is_fine ? "fine_label_names.txt" : "coarse_label_names.txt",
          2,
          is_fine ? std::size_t{1} : 0,
          is_fine ? kCifar100Problem.classes : 20};
}

/// The parts read so far.
struct Parts {
  std::map<std::string, Split> batches;  // key: file name
  std::vector<std::string> class_names;
  std::vector<std::string> others;  // names of files and folders that are no part
};

/// Files that the published sets have besides the batches.
bool is_published(const std::string& name) {
  constexpr std::array kNames{"batches.meta.txt", "fine_label_names.txt", "coarse_label_names.txt",
                              "readme.html"};
  return std::ranges::find(kNames, name) != kNames.end();
}

/// Names a location in a batch: the file and the record, and in an archive the batch too.
struct Origin {
  std::filesystem::path file;
  std::string batch;  // empty if `file` is the batch

  [[nodiscard]] Place record(std::size_t number) const {
    return {file.string(), batch.empty() ? fmt::format("record {}", number)
                                         : fmt::format("{}, record {}", batch, number)};
  }
};

void add_record(Split& split, std::span<const std::uint8_t> record, const Layout& layout,
                const Origin& origin) {
  if (record.size() < layout.record_bytes()) {
    throw input_error(origin.record(split.count()),
                      fmt::format("has {} bytes where a record of {} has {}", record.size(),
                                  layout.set, layout.record_bytes()),
                      kFetchSetAgain);
  }
  const int label = record[layout.label_at];
  if (label >= layout.classes) {
    throw input_error(origin.record(split.count()),
                      fmt::format("label {} is not in 0..{}", label, layout.classes - 1),
                      kFetchSetAgain);
  }
  const auto pixels = record.subspan(layout.label_bytes, kCifarPixels);
  split.labels.push_back(static_cast<std::uint16_t>(label));
  split.images.insert(split.images.end(), pixels.begin(), pixels.end());
}

Split read_batch(ByteStream& stream, const Layout& layout, const Origin& origin,
                 DataMemory& memory) {
  Split split;
  const std::size_t each = layout.record_bytes();
  std::vector<std::uint8_t> buffer(each * 256);
  for (;;) {
    const std::size_t got = stream.read(buffer);
    memory.take(got, origin.file);
    if (split.count() + got / each > kMaxCifarRecords) {
      throw input_error(
          origin.record(kMaxCifarRecords),
          fmt::format("a batch of more than {} records; those of {} have {}",
                      grouped(static_cast<std::int64_t>(kMaxCifarRecords)), layout.set,
                      layout.label_bytes == 1 ? "10,000" : "up to 50,000"),
          kFetchSetAgain);
    }
    for (std::size_t at = 0; at < got; at += each) {
      add_record(split, std::span(buffer).subspan(at, std::min(each, got - at)), layout, origin);
    }
    if (got < buffer.size()) return split;
  }
}

std::vector<std::string> read_class_names(ByteStream& stream, const Layout& layout,
                                          const std::filesystem::path& file) {
  std::vector<std::string> names;
  for (const std::string& line : split(read_rest(stream, file, kMaxClassNamesBytes), '\n')) {
    if (const std::string_view name = trim(line); !name.empty()) names.emplace_back(name);
  }
  if (names.size() != static_cast<std::size_t>(layout.classes)) {
    throw input_error(
        {file.string(), layout.names},
        fmt::format("{} class names where {} has {}", names.size(), layout.set, layout.classes),
        kFetchSetAgain);
  }
  return names;
}

Parts read_archive(const std::filesystem::path& path, const Layout& layout, DataMemory& memory) {
  Parts parts;
  ArchiveReader reader(path, archive_format(path).value_or(ArchiveFormat::tar));
  while (const std::optional<std::string> entry = reader.next()) {
    const std::string name = std::filesystem::path(*entry).filename().string();
    if (name == layout.names) {
      parts.class_names = read_class_names(reader.content(), layout, path);
    }
    if (!layout.has(name)) {
      const bool is_hidden = name.starts_with('.') || is_system_name(name);
      if (!is_hidden && !is_published(name)) parts.others.push_back(*entry);
      continue;
    }
    if (parts.batches.contains(name)) {
      throw input_error({path.string(), ""}, fmt::format("has {} twice", name), kFetchSetAgain);
    }
    parts.batches[name] = read_batch(reader.content(), layout, {path, name}, memory);
  }
  return parts;
}

Parts read_folder(const std::filesystem::path& folder, const Layout& layout, DataMemory& memory) {
  Parts parts;
  std::error_code error;
  for (const std::string& name : layout.batches) {
    const std::filesystem::path path = folder / name;
    if (!std::filesystem::exists(path, error)) continue;  // append() reports it if it is needed
    parts.batches[name] = read_batch(*open_bytes(path), layout, {path, ""}, memory);
  }
  if (const auto path = folder / layout.names; std::filesystem::exists(path, error)) {
    parts.class_names = read_class_names(*open_bytes(path), layout, path);
  }
  for (std::string& name : names_in(folder)) {
    if (!layout.has(name) && !is_published(name)) parts.others.push_back(std::move(name));
  }
  return parts;
}

/// Appends a batch to `split` and frees it, so that at most one batch is in memory twice.
void append(Split& split, Parts& parts, const std::string& name,
            const std::filesystem::path& place) {
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

Parts read_parts(const std::filesystem::path& place, const Layout& layout, DataMemory& memory) {
  std::error_code error;
  return std::filesystem::is_directory(place, error) ? read_folder(place, layout, memory)
                                                     : read_archive(place, layout, memory);
}

Dataset assembled(Parts& parts, const Layout& layout, const std::filesystem::path& place) {
  std::size_t training_images = 0;
  for (const auto& [name, batch] : parts.batches) {
    if (name != layout.batches.back()) training_images += batch.count();
  }
  Dataset dataset;
  dataset.origin = place.string();
  dataset.shape = kCifarProblem.image;
  dataset.class_names = std::move(parts.class_names);
  dataset.train.images.reserve(training_images * kCifarPixels);
  dataset.train.labels.reserve(training_images);
  for (const std::string& name : layout.batches) {
    const bool is_test = name == layout.batches.back();
    // CIFAR-10 has a test batch in each of its versions; a copy without one is not whole.
    if (is_test && layout.label_bytes == 2 && !parts.batches.contains(name)) continue;
    append(is_test ? dataset.test : dataset.train, parts, name, place);
  }
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(place, error);
  const auto note = other_files_note(parts.others, is_folder ? "folder" : "archive");
  if (note) dataset.notes.push_back(*note);
  return dataset;
}

/// `place` itself or a folder in it with one of the batches, or an archive named `stem`.
std::optional<std::filesystem::path> find_batches(const std::filesystem::path& place,
                                                  const Layout& layout, const std::string& below,
                                                  const std::string& stem) {
  std::error_code error;
  for (const std::filesystem::path& folder : {place, place / below}) {
    for (const std::string& name : layout.batches) {
      if (std::filesystem::exists(folder / name, error)) return folder;
    }
  }
  for (const char* ending : {".tar.gz", ".tgz", ".tar.xz", ".tar"}) {
    const std::filesystem::path archive = place / (stem + ending);
    if (std::filesystem::is_regular_file(archive, error)) return archive;
  }
  return std::nullopt;
}

std::optional<std::filesystem::path> archive_of(const std::filesystem::path& place,
                                                ArchiveContent wanted) {
  const auto format = archive_format(place);
  const bool is_wanted = format && archive_content(place, *format) == wanted;
  return is_wanted ? std::optional(place) : std::nullopt;
}

}  // namespace

std::optional<std::filesystem::path> find_cifar(const std::filesystem::path& place) {
  std::error_code error;
  if (std::filesystem::is_regular_file(place, error)) {
    return archive_of(place, ArchiveContent::cifar_10);
  }
  return find_batches(place, cifar_10(), "cifar-10-batches-bin", "cifar-10-binary");
}

std::optional<std::filesystem::path> find_cifar_100(const std::filesystem::path& place) {
  std::error_code error;
  if (std::filesystem::is_regular_file(place, error)) {
    return archive_of(place, ArchiveContent::cifar_100);
  }
  return find_batches(place, cifar_100(CifarLabels::fine), "cifar-100-binary", "cifar-100-binary");
}

Dataset read_cifar(const std::filesystem::path& place, DataMemory memory) {
  Parts parts = read_parts(place, cifar_10(), memory);
  if (parts.class_names.empty()) {
    parts.class_names = {"airplane", "automobile", "bird",  "cat",  "deer",
                         "dog",      "frog",       "horse", "ship", "truck"};
  }
  return assembled(parts, cifar_10(), place);
}

Dataset read_cifar_100(const std::filesystem::path& place, CifarLabels labels, DataMemory memory) {
  const Layout layout = cifar_100(labels);
  Parts parts = read_parts(place, layout, memory);
  Dataset dataset = assembled(parts, layout, place);
  if (!dataset.class_names.empty()) return dataset;
  for (int label = 0; label < layout.classes; ++label) {
    dataset.class_names.push_back(std::to_string(label));
  }
  dataset.notes.push_back(
      fmt::format("there is no {}, so the classes are named by their numbers", layout.names));
  return dataset;
}

}  // namespace minima::data
