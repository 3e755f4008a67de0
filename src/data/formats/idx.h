// The IDX format of MNIST and its relatives: four files, each a big-endian header (magic number,
// one size per dimension) and then unsigned bytes. The labels of QMNIST are 32-bit integers in
// eight columns, of which the first is the class.
#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/formats/idx_files.h"
#include "data/limits.h"

namespace minima::data {

/// Reads all four files, or the two of the training split if there are no others. With `expected`,
/// other image shapes and labels out of range are refused; otherwise the largest label determines
/// the number of classes. Classes are named "0", "1", ..., those of EMNIST by their characters
/// (data/formats/emnist.h). Throws an input error naming the file and the byte offset. Errors
/// include missing files, wrong magic numbers, counts that disagree, too few or too many bytes, and
/// data that exceed `memory`.
[[nodiscard]] Dataset read_idx(const IdxFiles& files,
                               const std::optional<Problem>& expected = std::nullopt,
                               DataMemory memory = DataMemory());

}  // namespace minima::data
