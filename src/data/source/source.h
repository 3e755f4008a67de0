// The one-line notation of datasets, and the function that loads a dataset from it.
//
//   mnist                                    a known set, found via the search path
//   glyphs difficulty=0.7 train=2000         a generated set with settings
//   my/folder size=28x28 channels=1          a path: image folder, IDX files, NumPy archive (.npz),
//                                            table of pixels (.csv) or CIFAR binary files
//
// A name or path is followed by settings key=value in any order. The canonical text sorts the
// settings and omits those at their defaults. A path that exists wins over the notation: a folder
// may be called "x a=b". docs/data.md is the page for users.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "data/limits.h"

namespace minima::data {

/// A parsed dataset notation; the dataset is not loaded yet.
struct Source {
  std::string name;                             ///< "mnist", "glyphs", "my/folder"
  std::map<std::string, std::string> settings;  ///< only those that differ from their defaults
  std::filesystem::path base = {};  ///< folder that a relative path starts in; empty: the working
                                    ///< folder

  [[nodiscard]] std::string text() const;  ///< canonical notation; parses to an equal Source
  [[nodiscard]] bool is_path() const;      ///< not the name of a known set
  [[nodiscard]] std::filesystem::path path() const;  ///< of a path: where it leads
  /// Equal for all spellings of a dataset: the real path, without links, and the settings.
  [[nodiscard]] std::string identity() const;
};

/// Throws an input error naming the setting and the nearest valid one. Opens no files; looks only
/// whether paths exist and what a folder holds. `base`: the folder of the study file.
[[nodiscard]] Source parse_source(std::string_view text, const std::filesystem::path& base = {});

/// Folders searched for named sets, in order: `data_dir` if not empty, $MINIMA_DATA if set,
/// ~/.cache/minima.
[[nodiscard]] std::vector<std::filesystem::path> search_path(const std::filesystem::path& data_dir);

/// Loads or generates the whole dataset. Settings of every source, in this order: test_share=S
/// holds out a fraction of each class of the training images if there is no test split
/// (data/validation.h). train=N and test=N keep the first N images of a split (generated sets: make
/// N). validation_share=S holds out a fraction of each class of the rest. channels=C and size=HxW
/// convert all images (data/source/adapt.h). Throws an input error that names the file, the
/// location and how to fix it, also if the data need more than `most_bytes` of memory.
/// Throws a work error if that memory is not available. `jobs`: threads that draw generated images;
/// their number changes no byte.
[[nodiscard]] Dataset load(const Source& source, const std::vector<std::filesystem::path>& folders,
                           std::uint64_t most_bytes = kUnlimitedBytes, std::size_t jobs = 1);

/// Properties of a dataset without its images.
struct Outline {
  Problem problem;
  std::int64_t train = 0;
  std::int64_t validation = 0;
  std::int64_t test = 0;
  std::string origin;
};

/// The outline of a generated set, computed from its labels alone; nullopt for other sets, which
/// must be loaded. Throws like `load`.
[[nodiscard]] std::optional<Outline> outline(const Source& source,
                                             std::uint64_t most_bytes = kUnlimitedBytes);

/// An entry of `minima data list`.
struct KnownSource {
  std::string name;
  std::string description;  ///< one line
  bool generated = false;
  bool available = false;       ///< generated, or found in the search path
  bool can_be_fetched = false;  ///< by `minima data fetch`
  std::filesystem::path found;  ///< the folder it was found in
};
[[nodiscard]] std::vector<KnownSource> known_sources(
    const std::vector<std::filesystem::path>& folders);

}  // namespace minima::data
