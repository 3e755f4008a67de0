// The published data sets: where they can be fetched from, and what must arrive.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace minima::data {

/// What a fetched file must hold, after decompression: mirrors may compress as they like.
struct RemoteContent {
  std::string member;  ///< file name inside the tar archive; empty: the decompressed file itself
  std::uint64_t bytes = 0;
  std::string sha256;
};

struct RemoteFile {
  std::string name;  ///< file name at the mirror and in the folder of the set
  std::vector<RemoteContent> contents;
};

struct RemoteSet {
  std::string name;                  ///< also the name of its folder
  std::vector<std::string> mirrors;  ///< a file lies at MIRROR/FILE; tried in this order
  std::vector<RemoteFile> files;
};

/// Every set that `minima data fetch` knows.
[[nodiscard]] std::vector<RemoteSet> remote_sets();

}  // namespace minima::data
