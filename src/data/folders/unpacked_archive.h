// The pictures or tables of an archive as a folder, so that they are read like any other folder.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/files/scratch_folder.h"
#include "data/files/archive_kind.h"
#include "data/limits.h"

namespace minima::data {

/// Unpacks the pictures, or the IDX files and tables, into a temporary folder, which only this user
/// can read and which is removed with the object. Other files become empty files, so that they are
/// counted as left out. Names that lead out of the folder, links and devices are left out; the
/// notes say so.
class UnpackedArchive {
 public:
  /// `content`: images or tables. Throws an input error for a damaged archive, a file that occurs
  /// twice, more than kMaxImages files or a picture of more than kMaxImageFileBytes, and if the
  /// files exceed `memory`; a text needs up to kCsvBytesOfPixel for a byte of it. Throws a work
  /// error if the folder cannot be written.
  UnpackedArchive(const std::filesystem::path& archive, ArchiveFormat format,
                  ArchiveContent content, DataMemory memory);

  /// The folder of the dataset: the archive's own folder is passed if all files are in it.
  [[nodiscard]] std::filesystem::path folder() const;

  /// A message about the temporary folder as a message about the archive. If its remedy is to name
  /// a file or folder, that is one of the unpacked archive.
  [[nodiscard]] std::string in_archive(std::string message) const;

  [[nodiscard]] std::vector<std::string> notes() const;

 private:
  void unpack(ArchiveFormat format, DataMemory memory);
  void make_folders(const std::vector<std::string>& names);
  void unpack_file(const std::string& name, ByteStream& content, DataMemory& memory);
  void copy(ByteStream& content, const std::string& name, std::ofstream& out, DataMemory& memory);
  [[nodiscard]] bool is_wanted(const std::string& name) const;

  std::filesystem::path archive_;
  ScratchFolder root_{"minima-unpacked"};
  ArchiveContent content_;
  std::size_t files_ = 0;
  PassedOver unsafe_;  ///< names that lead out of the folder
  PassedOver links_;
};

}  // namespace minima::data
