// Fetches published data sets from the first mirror with correct content.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "data/fetch/remote_sets.h"

namespace minima::data {

struct FetchProgress {
  std::string file;         ///< "mnist/train-images-idx3-ubyte.gz"
  std::string url;          ///< current source
  std::uint64_t done = 0;   ///< bytes on disk so far
  std::uint64_t total = 0;  ///< total bytes; 0: unknown
};

struct FetchOptions {
  std::filesystem::path destination;  ///< the data folder; files go to DESTINATION/SET/FILE
  /// If not empty, used in place of the known mirrors. Laid out like a data folder
  /// (MIRROR/SET/FILE), so that any data folder served over HTTP is a mirror.
  std::vector<std::string> mirrors;
  std::function<void(const FetchProgress&)> on_progress;
  std::function<void(const std::string& line)> on_trouble;  ///< a mirror failed; trying the next
  std::stop_token stop;
  int stall_seconds = 30;
  int connect_seconds = 15;
};

struct FetchedFile {
  std::filesystem::path path;
  std::string url;  ///< empty: a correct file already existed
};

/// Fetches every file of a named set, such as "mnist" (all names: remote_sets). If
/// `options.mirrors` is empty, uses those in $MINIMA_MIRROR (separated by spaces) if it is set.
/// Throws an input error for an unknown name, otherwise like fetch_set.
std::vector<FetchedFile> fetch(const std::string& name, const FetchOptions& options);

/// Fetches the files of `set`. A file is downloaded next to its final path as FILE.<mirror>.part,
/// continuing an earlier attempt. It is checked by the SHA-256 of its content and only then
/// renamed. A file that fails the check is removed and the next mirror is tried. A correct file is
/// not fetched again. An archive that is to be unpacked is removed afterwards. Throws an input
/// error for a mirror that is not an http(s) URL and for a folder that cannot be created. Throws a
/// work error if every mirror fails, naming each mirror and its problem. Throws
/// Error::Kind::interrupted after a stop request. Partial files are kept for the next attempt.
std::vector<FetchedFile> fetch_set(const RemoteSet& set, const FetchOptions& options);

}  // namespace minima::data
