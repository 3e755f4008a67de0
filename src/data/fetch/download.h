// Downloads one file over HTTP(S) into a partial file that a later attempt can continue.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace minima::data {

struct DownloadRequest {
  std::string url;
  std::filesystem::path part;    ///< continued where it ends, created if missing
  std::uint64_t most_bytes = 0;  ///< a larger file cannot be correct
  int stall_seconds = 30;        ///< gives up if (almost) nothing arrives for this long
  int connect_seconds = 15;
  /// Current and final size of the partial file in bytes (final size 0: unknown).
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;
  std::stop_token stop;
};

struct DownloadResult {
  bool complete = false;
  bool grew = false;    ///< the partial file grew, so another attempt is worthwhile
  std::string problem;  ///< if not complete: the reason, for display, without the URL
};

/// Requests the rest of `part` (HTTP Range). If the server sends the whole file, it replaces the
/// old content. The content of a complete download is not checked; the caller must do so. Throws a
/// work error if the partial file cannot be written. Throws Error::Kind::interrupted, and keeps the
/// partial file, if `stop` is requested.
[[nodiscard]] DownloadResult download(const DownloadRequest& request);

}  // namespace minima::data
