// Finds the IDX files of a set by their published names: those of MNIST, and with a prefix those of
// EMNIST and QMNIST.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace minima::data {

/// The four files of a set; the path of a missing file is empty.
struct IdxFiles {
  std::filesystem::path folder;
  std::string prefix;  ///< "emnist-letters", "qmnist"; empty for the names of MNIST
  std::filesystem::path train_images;
  std::filesystem::path train_labels;
  std::filesystem::path test_images;
  std::filesystem::path test_labels;
  std::filesystem::path mapping;  ///< of EMNIST: which characters a label stands for

  [[nodiscard]] bool any() const;
  [[nodiscard]] bool complete() const;
  /// Training images and labels are there, and no test file.
  [[nodiscard]] bool lacks_test_files() const;
};

/// Names of the files and folders beside those of the set: in the folder `place`, and in
/// files.folder if that is a folder in `place`. The packed form of a file that is read (.gz, .xz)
/// is not among them.
[[nodiscard]] std::vector<std::string> names_beside(const IdxFiles& files,
                                                    const std::filesystem::path& place);

/// Looks in `folder`, and if there is nothing in `folder`/raw (torchvision's layout) and
/// `folder`/gzip (the archive of EMNIST). Names: [PREFIX-]train-images-idx3-ubyte,
/// [PREFIX-]train-labels-idx1-ubyte (or idx2-int), [PREFIX-]t10k-... or test-..., also with a dot
/// before idx. Files are plain, .gz or .xz; plain ones are preferred. Returns the sets by prefix.
[[nodiscard]] std::vector<IdxFiles> find_idx_sets(const std::filesystem::path& folder);

/// The set of find_idx_sets with that prefix; files without paths if there is none.
[[nodiscard]] IdxFiles find_idx_files(const std::filesystem::path& folder,
                                      const std::string& prefix = "");

/// The set that a path names: a folder with one set, a file of a set, or FOLDER/PREFIX. Throws an
/// input error that names the sets if a folder has several.
[[nodiscard]] std::optional<IdxFiles> idx_files_at(const std::filesystem::path& path);

}  // namespace minima::data
