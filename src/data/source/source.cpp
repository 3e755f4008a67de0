#include "data/source/source.h"

#include <fmt/format.h>

#include <cstdlib>
#include <new>

#include "core/error.h"
#include "core/text.h"
#include "data/fetch/known.h"
#include "data/formats/cifar.h"
#include "data/formats/idx.h"
#include "data/formats/image_folder.h"
#include "data/formats/npz.h"
#include "data/generated/glyphs.h"
#include "data/generated/image_generator.h"
#include "data/generated/textures.h"
#include "data/inspect/inspect.h"
#include "data/source/validation.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

std::optional<std::int64_t> integer_setting(const Source& source, const std::string& key) {
  const auto found = source.settings.find(key);
  return found == source.settings.end() ? std::nullopt : parse_integer(found->second);
}

std::optional<double> number_setting(const Source& source, const std::string& key) {
  const auto found = source.settings.find(key);
  return found == source.settings.end() ? std::nullopt : parse_number(found->second);
}

// ---- generated sets

GeneratedSettings generated_settings(const Source& source) {
  GeneratedSettings settings;
  settings.difficulty = number_setting(source, "difficulty").value_or(settings.difficulty);
  settings.train = integer_setting(source, "train").value_or(settings.train);
  settings.test = integer_setting(source, "test").value_or(settings.test);
  if (const auto seed = integer_setting(source, "seed")) {
    settings.seed = static_cast<std::uint64_t>(*seed);
  }
  return settings;
}

std::uint64_t bytes_of(const GeneratedSettings& settings, const ImageShape& shape) {
  return static_cast<std::uint64_t>(settings.train + settings.test) *
         (static_cast<std::uint64_t>(shape.pixels()) + 2);
}

Dataset make(const KnownSet& set, const Source& source, DataMemory& memory, std::size_t jobs) {
  const GeneratedSettings settings = generated_settings(source);
  memory.take(bytes_of(settings, set.problem.image), source.text());
  return set.kind == KnownSet::Kind::glyphs ? make_glyphs(settings, jobs)
                                            : make_textures(settings, jobs);
}

// ---- known sets

/// The location of a known set: the IDX files, or the folder or archive of CIFAR-10.
struct Found {
  fs::path place;
  IdxFiles idx;
  bool complete = false;
};

std::optional<Found> look_in(const KnownSet& set, const fs::path& folder) {
  if (set.kind == KnownSet::Kind::cifar) {
    const auto place = find_cifar(folder);
    return place ? std::optional(Found{*place, {}, true}) : std::nullopt;
  }
  IdxFiles files = find_idx_files(folder);
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
      fmt::format("run `minima data fetch {}`, or name its folder with --data-dir", set.name));
}

Dataset read_known(const KnownSet& set, const std::vector<fs::path>& folders,
                   const DataMemory& memory) {
  const std::optional<Found> found = find_known(set, folders);
  if (!found) throw not_found(set, folders);
  Dataset dataset = set.kind == KnownSet::Kind::cifar ? read_cifar(found->place, memory)
                                                      : read_idx(found->idx, set.problem, memory);
  if (!set.class_names.empty()) dataset.class_names = set.class_names;
  return dataset;
}

// ---- paths

/// Settings of image folders do not apply to files that determine size and channels.
void refuse_image_settings(const Source& source, const char* format) {
  for (const char* key : {"size", "channels", "test_share", "fit", "skip_bad"}) {
    if (!source.settings.contains(key)) continue;
    throw input_error({source.name, ""},
                      fmt::format("holds {}, which the setting {} does not apply to", format, key),
                      fmt::format("leave {} out", key));
  }
}

ImageFolderSettings image_settings(const Source& source) {
  ImageFolderSettings settings;
  if (const auto found = source.settings.find("size"); found != source.settings.end()) {
    const std::vector<std::string> sides = split(found->second, 'x');
    settings.size = ImageSize{static_cast<int>(parse_integer(sides.at(0)).value()),
                              static_cast<int>(parse_integer(sides.at(1)).value())};
  }
  if (const auto channels = integer_setting(source, "channels")) {
    settings.channels = static_cast<int>(*channels);
  }
  settings.test_share = number_setting(source, "test_share");
  settings.skip_bad = source.settings.contains("skip_bad");  // only "true" differs from the default
  if (const auto found = source.settings.find("fit"); found != source.settings.end()) {
    settings.fit = parse_word<Fit>(found->second).value();
  }
  return settings;
}

void check_path(const Source& source) {
  std::error_code error;
  const fs::path path(source.name);
  if (!fs::exists(path, error)) {
    const std::string meant = known_set_suggestion(source.name);
    throw input_error(
        {source.name, ""}, "no such dataset, folder or archive",
        meant.empty() ? "check the path; `minima data list` shows the named datasets" : meant);
  }
  if (fs::exists(path / "cifar-10-batches-py", error) || fs::exists(path / "data_batch_1", error)) {
    throw input_error({source.name, ""}, "holds the Python version of CIFAR-10",
                      "the binary version is read; run `minima data fetch cifar-10`");
  }
  if (!fs::is_directory(path, error)) {
    throw input_error(
        {source.name, ""},
        "is a file, but neither a NumPy archive (.npz) nor the CIFAR-10 binary version",
        "name the folder that holds the images or IDX files");
  }
}

/// Reads a path in the format that its first bytes or the names of the files in it tell.
Dataset read_path(const Source& source, const DataMemory& memory) {
  if (is_npz(source.name)) {
    refuse_image_settings(source, "a NumPy archive");
    return read_npz(source.name, memory);
  }
  if (const auto place = find_cifar(source.name)) {
    refuse_image_settings(source, "CIFAR-10 batches");
    return read_cifar(*place, memory);
  }
  if (const IdxFiles files = find_idx_files(source.name); files.any()) {
    refuse_image_settings(source, "IDX files");
    return read_idx(files, std::nullopt, memory);
  }
  check_path(source);
  return read_image_folder(source.name, image_settings(source), memory);
}

// ---- steps common to all sources

void keep_first(Split& split, const Source& source, const char* key, const ImageShape& shape) {
  const auto wanted = integer_setting(source, key);
  if (!wanted) return;
  const auto count = static_cast<std::size_t>(*wanted);
  if (count > split.count()) {
    throw input_error(
        {source.text(), ""},
        fmt::format("{}={} asks for more images than the {} there are", key, count, split.count()),
        fmt::format("lower {} or leave it out", key));
  }
  split.labels.resize(count);
  split.labels.shrink_to_fit();
  split.images.resize(count * static_cast<std::size_t>(shape.pixels()));
  split.images.shrink_to_fit();
}

Error no_validation(const Source& source, std::size_t images, double share) {
  return input_error({source.text(), ""},
                     fmt::format("of {} training images, validation_share={} leaves none to "
                                 "choose by",
                                 images, shortest(share)),
                     "change validation_share or add images");
}

void hold_out_validation(Dataset& dataset, const Source& source) {
  const auto share = number_setting(source, "validation_share");
  if (!share) return;
  if (dataset.validation.count() > 0) {
    throw input_error({source.text(), ""}, "has a validation split of its own",
                      "leave validation_share out");
  }
  dataset.validation = hold_out(dataset.train, dataset.shape, dataset.problem().classes, *share);
  if (dataset.validation.count() == 0) throw no_validation(source, dataset.train.count(), *share);
}

void check_classes(const Source& source, int classes) {
  if (classes >= 2) return;
  throw input_error({source.name, ""}, "all images are of one class",
                    "a classification task needs at least two");
}

Dataset load(const Source& source, const std::vector<fs::path>& folders, DataMemory memory,
             std::size_t jobs) {
  const KnownSet* set = find_known_set(source.name);
  Dataset dataset = set == nullptr     ? read_path(source, memory)
                    : set->generated() ? make(*set, source, memory, jobs)
                                       : read_known(*set, folders, memory);
  const bool is_from_files = set == nullptr || !set->generated();
  if (is_from_files) drop_empty_classes(dataset);
  keep_first(dataset.train, source, "train", dataset.shape);
  keep_first(dataset.test, source, "test", dataset.shape);
  check_classes(source, dataset.problem().classes);
  hold_out_validation(dataset, source);
  if (is_from_files) inspect(dataset);
  dataset.name = source.text();
  dataset.checksum = content_checksum(dataset);
  return dataset;
}

}  // namespace

std::vector<fs::path> search_path(const fs::path& data_dir) {
  std::vector<fs::path> folders;
  if (!data_dir.empty()) folders.push_back(data_dir);
  if (const char* list = std::getenv("MINIMA_DATA")) {
    for (const std::string& folder : split(list, ':')) {
      if (!folder.empty()) folders.emplace_back(folder);
    }
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    folders.push_back(fs::path(home) / ".cache" / "minima");
  }
  return folders;
}

Dataset load(const Source& source, const std::vector<fs::path>& folders, std::uint64_t most_bytes,
             std::size_t jobs) {
  try {
    return load(source, folders, DataMemory(most_bytes), jobs);
  } catch (const std::bad_alloc&) {
    throw work_error({source.text(), ""}, "there is not enough memory for these data",
                     "take fewer or smaller images, or close other programs");
  }
}

std::optional<Outline> outline(const Source& source, std::uint64_t most_bytes) {
  const KnownSet* set = find_known_set(source.name);
  if (set == nullptr || !set->generated()) return std::nullopt;
  const GeneratedSettings settings = generated_settings(source);
  check(set->name, settings);
  DataMemory(most_bytes).take(bytes_of(settings, set->problem.image), source.text());
  Outline outline{.problem = set->problem,
                  .train = settings.train,
                  .test = settings.test,
                  .origin = kGeneratedOrigin};
  if (const auto share = number_setting(source, "validation_share")) {
    const auto labels = train_labels(set->name, settings, set->problem.classes);
    outline.validation = held_out_count(labels, set->problem.classes, *share);
    outline.train -= outline.validation;
    if (outline.validation == 0) throw no_validation(source, labels.size(), *share);
  }
  check_classes(source, set->problem.classes);
  return outline;
}

std::vector<KnownSource> known_sources(const std::vector<fs::path>& folders) {
  std::vector<KnownSource> sources;
  for (const KnownSet& set : known_sets()) {
    KnownSource source{set.name, set.description, set.generated(), set.generated(), {}};
    if (!set.generated()) {
      const std::optional<Found> found = find_known(set, folders);
      source.available = found && found->complete;
      if (source.available) source.found = found->place;
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace minima::data
