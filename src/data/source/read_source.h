// Finds and reads the files of a dataset, before the steps that all sources have in common.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/fetch/known.h"
#include "data/limits.h"
#include "data/source/adapt.h"
#include "data/source/source.h"

namespace minima::data {

/// A dataset as its files have it.
struct ReadDataset {
  Dataset dataset;
  bool holds_out_test = false;  ///< the reader has already applied test_share
};

/// What the settings size, channels and fit ask for.
[[nodiscard]] Adaptation adaptation(const Source& source);

/// Reads a known set that is not generated, from the first folder that has all of it. Throws an
/// input error if it is in none of them.
[[nodiscard]] ReadDataset read_known(const KnownSet& set, const Source& source,
                                     const std::vector<std::filesystem::path>& folders,
                                     const DataMemory& memory);

/// Reads a path in the format that its first bytes or the names of its files tell. Throws an input
/// error that says what is there and how to fix it.
[[nodiscard]] ReadDataset read_path(const Source& source, const DataMemory& memory);

/// The folder or file of a known set, if one of the folders has all of it.
[[nodiscard]] std::optional<std::filesystem::path> place_of(
    const KnownSet& set, const std::vector<std::filesystem::path>& folders);

/// Whether `minima data fetch` knows the set.
[[nodiscard]] bool can_be_fetched(const KnownSet& set);

/// Whether the source is an image folder, which holds out test images without being told to.
/// Nothing is read; a path that does not exist counts as one.
[[nodiscard]] bool splits_by_default(const Source& source);

}  // namespace minima::data
