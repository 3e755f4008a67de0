// The IDX format of MNIST and its relatives: four files, each a big-endian header (magic number,
// one size per dimension) and then unsigned bytes.
#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/formats/limits.h"

namespace minima::data {

/// The four files of a set; an empty path where one was not found.
struct IdxFiles {
  std::filesystem::path folder;
  std::filesystem::path train_images;
  std::filesystem::path train_labels;
  std::filesystem::path test_images;
  std::filesystem::path test_labels;

  [[nodiscard]] bool any() const;
  [[nodiscard]] bool complete() const;
};

/// Looks for the standard names (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-... or
/// test-..., also with a dot before idx; plain, .gz or .xz, plain first) in `folder` and in
/// `folder`/raw, as torchvision lays them out.
[[nodiscard]] IdxFiles find_idx_files(const std::filesystem::path& folder);

/// Reads all four files. With `expected`, images of another shape and labels out of its range are
/// refused; else the largest label gives the number of classes. Classes are called "0", "1", ...
/// Throws an input error naming the file and the byte, also for missing files, wrong magic numbers,
/// counts that disagree, bytes too few or too many, and more than `memory` has room for.
[[nodiscard]] Dataset read_idx(const IdxFiles& files,
                               const std::optional<Problem>& expected = std::nullopt,
                               DataMemory memory = DataMemory());

/// Shape and number of classes from the headers and the labels, without reading the images.
[[nodiscard]] Problem idx_problem(const IdxFiles& files);

}  // namespace minima::data
