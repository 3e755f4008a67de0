// What is special about the IDX files of EMNIST (Cohen et al. 2017): images are transposed, the
// letters are labelled from 1, and a mapping file says which characters a label stands for.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace minima::data {

/// Whether a prefix of IDX files is one of EMNIST's six sets: "emnist-letters", "emnist-balanced",
/// "emnist-byclass", "emnist-bymerge", "emnist-digits", "emnist-mnist".
[[nodiscard]] bool is_emnist(const std::string& prefix);

/// Names of the classes by label from 0, such as "A" ... "Z" for the letters.
[[nodiscard]] std::vector<std::string> emnist_class_names(const std::string& prefix);

/// Brings a set that was read from EMNIST's files upright, lets the labels of the letters begin at
/// 0, and names the classes; from the mapping file if `mapping` is not empty. Notes what it did.
/// Throws an input error for a mapping file that cannot be read or lacks a label.
void restore_emnist(Dataset& dataset, const std::string& prefix,
                    const std::filesystem::path& mapping);

}  // namespace minima::data
