// The IDX format of MNIST and its relatives: four files, each a big-endian header (magic number,
// one size per dimension) and then unsigned bytes.
#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/formats/limits.h"

namespace minima::data {

/// The four files of a set; the path of a missing file is empty.
struct IdxFiles {
  std::filesystem::path folder;
  std::filesystem::path train_images;
  std::filesystem::path train_labels;
  std::filesystem::path test_images;
  std::filesystem::path test_labels;

  [[nodiscard]] bool any() const;
  [[nodiscard]] bool complete() const;
};

/// Looks in `folder` and in `folder`/raw, torchvision's layout. Standard names:
/// train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-... or test-..., also with a dot before
/// idx. Files are plain, .gz or .xz; plain ones are preferred.
[[nodiscard]] IdxFiles find_idx_files(const std::filesystem::path& folder);

/// Reads all four files. With `expected`, other image shapes and labels out of range are refused;
/// otherwise the largest label determines the number of classes. Classes are named "0", "1", ...
/// Throws an input error naming the file and the byte offset. Errors include missing files, wrong
/// magic numbers, counts that disagree, too few or too many bytes, and data that exceed `memory`.
[[nodiscard]] Dataset read_idx(const IdxFiles& files,
                               const std::optional<Problem>& expected = std::nullopt,
                               DataMemory memory = DataMemory());

}  // namespace minima::data
