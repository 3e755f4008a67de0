// Tells what an archive (.zip, .tar, .tar.gz, ...) holds, from the names of its files.
#pragma once

#include <filesystem>
#include <optional>

#include "data/files/bytes.h"

namespace minima::data {

enum class ArchiveContent {
  numpy,         ///< arrays: .npy
  cifar_10,      ///< data_batch_1.bin ... test_batch.bin
  cifar_100,     ///< train.bin, test.bin
  cifar_python,  ///< the pickled version of CIFAR-10 or CIFAR-100
  images,        ///< .png, .jpg and other pictures
  tables,        ///< IDX files or tables of pixels (.csv, .tsv), plain, .gz or .xz
  other,
};

/// The format of a file: zip by its first bytes, tar by its name (.tar, .tar.gz, .tgz, .tar.xz,
/// .txz, .tar.bz2, .tbz2); nullopt: not an archive.
[[nodiscard]] std::optional<ArchiveFormat> archive_format(const std::filesystem::path& path);

/// Whether a file of that name holds IDX data or a table of pixels, or names their classes.
[[nodiscard]] bool has_table_name(const std::filesystem::path& path);

/// The kind of the first file whose name tells it, and reads no further than that file. Tables lie
/// beside other data, too, so an archive is only one of tables if no file tells another kind.
/// Throws an input error if the archive is damaged.
[[nodiscard]] ArchiveContent archive_content(const std::filesystem::path& path,
                                             ArchiveFormat format);

}  // namespace minima::data
