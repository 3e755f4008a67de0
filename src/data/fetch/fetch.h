// Fetches published data sets from the first mirror that has them right.
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
  std::string url;          ///< where it is being fetched from
  std::uint64_t done = 0;   ///< bytes here
  std::uint64_t total = 0;  ///< bytes in all; 0: unknown
};

struct FetchOptions {
  std::filesystem::path destination;  ///< the data folder; files go to DESTINATION/SET/FILE
  /// Used instead of the known ones when not empty. Laid out like a data folder (MIRROR/SET/FILE),
  /// so that any served data folder is a mirror.
  std::vector<std::string> mirrors;
  std::function<void(const FetchProgress&)> on_progress;
  std::function<void(const std::string& line)> on_trouble;  ///< a mirror failed, the next is tried
  std::stop_token stop;
  int stall_seconds = 30;
  int connect_seconds = 15;
};

struct FetchedFile {
  std::filesystem::path path;
  std::string url;  ///< empty: a correct file was there already
};

/// Fetches every file of a named set: "mnist", "fashion-mnist" or "cifar-10". Without
/// `options.mirrors`, those in $MINIMA_MIRROR (separated by spaces) are used when it is set.
/// Throws an input error for an unknown name, and otherwise as below.
std::vector<FetchedFile> fetch(const std::string& name, const FetchOptions& options);

/// Fetches the files of `set`. A file is downloaded beside its place as FILE.<mirror>.part,
/// continued where an earlier attempt ended, checked by the SHA-256 of its content, and only then
/// renamed; what fails the check is removed and the next mirror tried. A correct file is not
/// fetched again. Throws an input error for a mirror that is no http(s) URL and a folder that
/// cannot be made, a work error when a file can be had from no mirror, naming each and what went
/// wrong, and Error::Kind::interrupted after a stop request; partial files are kept for the next
/// attempt.
std::vector<FetchedFile> fetch_set(const RemoteSet& set, const FetchOptions& options);

}  // namespace minima::data
