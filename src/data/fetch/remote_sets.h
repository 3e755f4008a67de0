// The published data sets: their mirrors and expected content.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace minima::data {

/// Expected content of a fetched file after decompression; compression may differ between mirrors.
struct RemoteContent {
  std::string member;  ///< file name inside the tar archive; empty: the decompressed file itself
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// A file is checked by its contents or, if only that is published, by the SHA-256 of the file.
struct RemoteFile {
  std::string name;  ///< file name at the mirror and in the folder of the set
  std::vector<RemoteContent> contents = {};
  std::uint64_t packed_bytes = 0;  ///< size of the file, if `packed_sha256` is set
  std::string packed_sha256 = {};
};

struct RemoteSet {
  std::string name;                  ///< also its folder name
  std::vector<std::string> mirrors;  ///< a file is at MIRROR/FILE; tried in this order
  std::vector<RemoteFile> files;
  /// The only file is a zip archive: these of its files are put into the folder of the set, and the
  /// archive is removed. Empty: the files stay as they are.
  std::vector<std::string> unpacked = {};
};

/// Every set that `minima data fetch` knows.
[[nodiscard]] std::vector<RemoteSet> remote_sets();

}  // namespace minima::data
