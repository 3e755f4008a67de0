// The notation of datasets, one line of text, and the one function that loads what it names.
//
//   mnist                                    a known set, looked for in the search path
//   glyphs difficulty=0.7 train=2000         a generated set with settings
//   my/folder size=28x28 channels=1          a path: image folder, IDX files or CIFAR binary
//
// A name or path, then settings key=value in any order; the canonical text has the settings sorted,
// those at their default left out.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "data/formats/limits.h"

namespace minima::data {

/// A dataset as named, not yet loaded.
struct Source {
  std::string name;                             ///< "mnist", "glyphs", "my/folder"
  std::map<std::string, std::string> settings;  ///< only those that differ from their defaults

  [[nodiscard]] std::string text() const;  ///< canonical notation; parses back to the same
};

/// Throws an input error naming the setting and the nearest valid one; touches no file.
[[nodiscard]] Source parse_source(std::string_view text);

/// Folders searched for named sets, in order: `data_dir` when not empty, $MINIMA_DATA when set,
/// ~/.cache/minima.
[[nodiscard]] std::vector<std::filesystem::path> search_path(const std::filesystem::path& data_dir);

/// Loads or generates it whole. Settings every source takes: train=N and test=N keep the first N
/// images of a split (generated sets: make N); validation_share=S then holds out a share of each
/// class of the training images (data/validation.h).
/// Throws an input error that names the file, the place and the mend, also where the data take more
/// than `most_bytes` of memory; a work error where there is less.
[[nodiscard]] Dataset load(const Source& source, const std::vector<std::filesystem::path>& folders,
                           std::uint64_t most_bytes = kUnlimitedBytes);

/// What a dataset is, without its images.
struct Outline {
  Problem problem;
  std::int64_t train = 0;
  std::int64_t validation = 0;
  std::int64_t test = 0;
  std::string origin;
};

/// Of a generated set, in the time of its labels; nothing for others, which must be loaded. Throws
/// as `load`.
[[nodiscard]] std::optional<Outline> outline(const Source& source,
                                             std::uint64_t most_bytes = kUnlimitedBytes);

/// Shape and number of classes without keeping the images (for `plan`); loads them where it must.
[[nodiscard]] Problem problem_of(const Source& source,
                                 const std::vector<std::filesystem::path>& folders);

/// What `minima data list` shows.
struct KnownSource {
  std::string name;
  std::string description;  ///< one line
  bool generated = false;
  bool available = false;       ///< generated, or found in the search path
  std::filesystem::path found;  ///< the folder it was found in
};
[[nodiscard]] std::vector<KnownSource> known_sources(
    const std::vector<std::filesystem::path>& folders);

}  // namespace minima::data
