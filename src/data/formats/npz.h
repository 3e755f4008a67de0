// NumPy archives (.npz): a zip file of arrays. Two conventions of names are known:
//   Keras      x_train, y_train, x_test, y_test
//   MedMNIST   train_images, train_labels, val_images, val_labels, test_images, test_labels
// Capital letters do not matter, "valid" and "validation" are like "val", and "images" with
// "labels" (or x with y) alone are a training split.
// Images are [count][height][width] or [count][height][width][channels] of unsigned bytes with 1 or
// 3 channels; labels are integers, [count] or [count][1].
#pragma once

#include <filesystem>

#include "core/shape.h"
#include "data/dataset.h"
#include "data/limits.h"

namespace minima::data {

/// Whether a file is a zip archive of arrays, by its first bytes and the names in it. Throws an
/// input error if it is a damaged zip archive.
[[nodiscard]] bool is_npz(const std::filesystem::path& path);

/// Reads all splits; those of validation and test are empty if the archive has none. The largest
/// label determines the number of classes, which are named "0", "1", ... Arrays with other names
/// are refused, so that nothing is left out silently. Throws an input error that names the file and
/// the array: unknown or missing arrays, other types and shapes, counts that disagree, labels out
/// of range, corrupt data, and data that exceed `memory`.
[[nodiscard]] Dataset read_npz(const std::filesystem::path& path, DataMemory memory = DataMemory());

}  // namespace minima::data
