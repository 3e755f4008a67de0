#include "data/source/read_source.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"
#include "data/fetch/remote_sets.h"
#include "data/files/archive_kind.h"
#include "data/files/leftovers.h"
#include "data/folders/image_folder.h"
#include "data/folders/unpacked_archive.h"
#include "data/formats/cifar.h"
#include "data/formats/csv.h"
#include "data/formats/idx.h"
#include "data/formats/npz.h"
#include "data/source/file_kinds.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> setting(const Source& source, const std::string& key) {
  const auto found = source.settings.find(key);
  return found == source.settings.end() ? std::nullopt : std::optional(found->second);
}

CifarLabels labels_setting(const Source& source) {
  return setting(source, "labels") ? CifarLabels::coarse : CifarLabels::fine;
}

/// Only CIFAR-100 has two kinds of labels.
void refuse_labels(const Source& source) {
  const auto labels = setting(source, "labels");
  if (!labels) return;
  throw input_error({source.text(), ""},
                    fmt::format("labels={} is a setting of CIFAR-100 only", *labels),
                    "leave labels out");
}

/// Only images that are files of their own can be left out one by one.
void refuse_skip_bad(const Source& source) {
  if (!setting(source, "skip_bad")) return;
  throw input_error({source.text(), ""}, "skip_bad is a setting of folders of images only",
                    "leave skip_bad out");
}

// ---- known sets

/// The location of a known set: the IDX files, or the folder or archive of CIFAR.
struct Found {
  fs::path place;
  IdxFiles idx;
  bool complete = false;
};

std::optional<Found> look_in(const KnownSet& set, const fs::path& folder) {
  if (set.kind != KnownSet::Kind::idx) {
    const auto place = set.kind == KnownSet::Kind::cifar ? find_cifar(folder)  //
                                                         : find_cifar_100(folder);
    return place ? std::optional(Found{*place, {}, true}) : std::nullopt;
  }
  IdxFiles files = find_idx_files(folder, set.prefix);
  if (!files.any()) return std::nullopt;
  const bool complete = files.complete();
  return Found{files.folder, std::move(files), complete};
}

/// The first folder with the complete set, else the first with a part of it.
std::optional<Found> find_known(const KnownSet& set, const std::vector<fs::path>& folders) {
  std::optional<Found> part;
  for (const fs::path& folder : folders) {
    for (const std::string& below : set.folders) {
      std::optional<Found> found = look_in(set, below == "." ? folder : folder / below);
      if (found && found->complete) return found;
      if (found && !part) part = std::move(found);
    }
  }
  return part;
}

Error not_found(const KnownSet& set, const std::vector<fs::path>& folders) {
  std::string searched;
  for (const fs::path& folder : folders) {
    searched += (searched.empty() ? "" : ", ") + printable(folder.string());
  }
  return input_error(
      {set.name, ""},
      folders.empty() ? "there is no folder to search for it"
                      : fmt::format("not found in the folders searched ({})", searched),
      fmt::format("run `minima data fetch {0}`, or name the folder that contains the "
                  "folder {0} with --data-dir",
                  set.fetched_as()));
}

/// The name of a known set wins over a folder of that name; a note says so.
void note_folder_of_that_name(const KnownSet& set, const Source& source, Dataset& dataset) {
  std::error_code error;
  const fs::path folder = source.base.empty() ? fs::path(set.name) : source.base / set.name;
  if (!fs::is_directory(folder, error)) return;
  const std::string real = fs::weakly_canonical(folder, error).string();
  const std::string used = fs::weakly_canonical(dataset.origin, error).string();
  if (error || used == real || used.starts_with(real + "/")) return;
  dataset.notes.push_back(
      fmt::format("there is also a folder {}, which was not read; \"./{}\" means that folder",
                  printable(folder.string(), 300), set.name));
}

// ---- paths

ImageFolderSettings image_settings(const Source& source) {
  ImageFolderSettings settings;
  const Adaptation wanted = adaptation(source);
  if (wanted.height && wanted.width) settings.size = ImageSize{*wanted.height, *wanted.width};
  settings.channels = wanted.channels;
  settings.fit = wanted.fit;
  if (const auto share = setting(source, "test_share")) settings.test_share = parse_number(*share);
  settings.skip_bad = setting(source, "skip_bad").has_value();  // "false" is the default
  return settings;
}

CsvLayout csv_layout(const Source& source) {
  const Adaptation wanted = adaptation(source);
  return {wanted.height.value_or(0), wanted.width.value_or(0), wanted.channels.value_or(0)};
}

/// Unpacks an archive and reads its folder with `read`. Notes and errors speak of the archive.
template <typename Read>
Dataset read_unpacked(const fs::path& archive, ArchiveFormat format, ArchiveContent content,
                      const DataMemory& memory, const Read& read) {
  const UnpackedArchive unpacked(archive, format, content, memory);
  try {
    Dataset dataset = read(unpacked.folder());
    dataset.origin = archive.string();
    for (std::string& note : dataset.notes) note = unpacked.in_archive(std::move(note));
    for (std::string& note : unpacked.notes()) dataset.notes.push_back(std::move(note));
    return dataset;
  } catch (const Error& error) {
    throw Error(error.kind(), unpacked.in_archive(error.what()));
  }
}

/// If a folder is named, whatever else is in it may have been meant, too.
Dataset read_idx_at(const fs::path& path, const IdxFiles& files, const DataMemory& memory) {
  Dataset dataset = read_idx(files, std::nullopt, memory);
  std::error_code error;
  if (!fs::is_directory(path, error)) return dataset;
  const auto note = other_files_note(names_beside(files, path), "folder");
  if (note) dataset.notes.push_back(*note);
  return dataset;
}

/// The only table of a folder, whatever its name; else the folder.
fs::path only_table(const fs::path& folder) {
  fs::path only;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() || !find_csv(entry.path())) continue;
    if (!only.empty()) return folder;
    only = entry.path();
  }
  return only.empty() ? folder : only;
}

Dataset read_unpacked_tables(const fs::path& archive, const fs::path& folder, const Source& source,
                             const DataMemory& memory) {
  if (const auto files = idx_files_at(folder)) return read_idx_at(folder, *files, memory);
  auto files = find_csv(folder);
  if (!files) files = find_csv(only_table(folder));
  if (files) return read_csv(*files, csv_layout(source), memory);
  throw input_error({archive.string(), ""},
                    "holds IDX files or tables, but no train.csv and no set of IDX files in one "
                    "folder",
                    "unpack it and name the file or folder that has the data");
}

ReadDataset read_archive(const Source& source, ArchiveFormat format, const DataMemory& memory) {
  const fs::path path = source.path();
  const ArchiveContent content = archive_content(path, format);
  if (content == ArchiveContent::cifar_100) {
    return {read_cifar_100(path, labels_setting(source), memory)};
  }
  refuse_labels(source);
  if (content != ArchiveContent::images) refuse_skip_bad(source);
  if (content == ArchiveContent::cifar_10) return {read_cifar(path, memory)};
  if (content == ArchiveContent::numpy) return {read_npz(path, memory)};
  const auto read_with = [&](const auto& read) {
    return read_unpacked(path, format, content, memory, read);
  };
  if (content == ArchiveContent::images) {
    return {read_with([&](const fs::path& folder) {
              return read_image_folder(folder, image_settings(source), memory);
            }),
            true};
  }
  if (content == ArchiveContent::tables) {
    return {read_with([&](const fs::path& folder) {
      return read_unpacked_tables(path, folder, source, memory);
    })};
  }
  throw refused_archive(path, content);
}

/// A table or other format of files; nullopt if the path can only be an image folder.
std::optional<Dataset> read_table(const Source& source, const DataMemory& memory) {
  const fs::path path = source.path();
  if (const auto place = find_cifar_100(path)) {
    return read_cifar_100(*place, labels_setting(source), memory);
  }
  refuse_labels(source);
  if (const auto place = find_cifar(path)) return read_cifar(*place, memory);
  if (const auto files = idx_files_at(path)) return read_idx_at(path, *files, memory);
  if (const auto files = find_csv(path)) return read_csv(*files, csv_layout(source), memory);
  return std::nullopt;
}

void check_path(const Source& source) {
  std::error_code error;
  const fs::path path = source.path();
  if (!fs::exists(path, error)) {
    const std::string meant = known_set_suggestion(source.name);
    throw input_error(
        {path.string(), ""}, "no such dataset, folder or archive",
        meant.empty() ? "check the path; `minima data list` shows the named datasets" : meant);
  }
  refuse_unreadable(path);
}

}  // namespace

Adaptation adaptation(const Source& source) {
  Adaptation wanted;
  if (const auto channels = setting(source, "channels")) {
    wanted.channels = static_cast<int>(parse_integer(*channels).value());
  }
  if (const auto size = setting(source, "size")) {
    const std::vector<std::string> sides = split(*size, 'x');
    wanted.height = static_cast<int>(parse_integer(sides.at(0)).value());
    wanted.width = static_cast<int>(parse_integer(sides.at(1)).value());
  }
  if (const auto fit = setting(source, "fit")) wanted.fit = parse_word<Fit>(*fit).value();
  return wanted;
}

ReadDataset read_known(const KnownSet& set, const Source& source,
                       const std::vector<fs::path>& folders, const DataMemory& memory) {
  using Kind = KnownSet::Kind;
  if (set.kind != Kind::cifar_100) refuse_labels(source);
  const std::optional<Found> found = find_known(set, folders);
  if (!found) throw not_found(set, folders);
  Dataset dataset = set.kind == Kind::cifar ? read_cifar(found->place, memory)
                    : set.kind == Kind::cifar_100
                        ? read_cifar_100(found->place, labels_setting(source), memory)
                        : read_idx(found->idx, set.problem, memory);
  if (!set.class_names.empty()) dataset.class_names = set.class_names;
  note_folder_of_that_name(set, source, dataset);
  return {std::move(dataset)};
}

ReadDataset read_path(const Source& source, const DataMemory& memory) {
  if (const auto format = archive_format(source.path())) {
    return read_archive(source, *format, memory);
  }
  if (std::optional<Dataset> table = read_table(source, memory)) {
    refuse_skip_bad(source);
    return {std::move(*table)};
  }
  check_path(source);
  return {read_image_folder(source.path(), image_settings(source), memory), true};
}

std::optional<fs::path> place_of(const KnownSet& set, const std::vector<fs::path>& folders) {
  const std::optional<Found> found = find_known(set, folders);
  return found && found->complete ? std::optional(found->place) : std::nullopt;
}

bool can_be_fetched(const KnownSet& set) {
  for (const RemoteSet& remote : remote_sets()) {
    if (remote.name == set.fetched_as()) return true;
  }
  return false;
}

bool splits_by_default(const Source& source) {
  if (!source.is_path()) return false;
  std::error_code error;
  const fs::path path = source.path();
  if (!fs::exists(path, error)) return find_idx_sets(path.parent_path()).empty();
  return fs::is_directory(path, error) && find_idx_sets(path).empty() && !find_cifar(path) &&
         !find_cifar_100(path) && !find_csv(path);
}

}  // namespace minima::data
