// One file over HTTP(S) into a partial file that a later attempt can continue.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace minima::data {

struct DownloadRequest {
  std::string url;
  std::filesystem::path part;    ///< continued where it ends, made when missing
  std::uint64_t most_bytes = 0;  ///< more than this cannot be right
  int stall_seconds = 30;        ///< given up when (almost) nothing arrives for so long
  int connect_seconds = 15;
  /// Bytes that the partial file holds, and bytes that it will hold (0: unknown).
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;
  std::stop_token stop;
};

struct DownloadResult {
  bool complete = false;
  bool grew = false;    ///< the partial file holds more than before: worth another attempt
  std::string problem;  ///< when not complete, for people, without the URL
};

/// Asks for the rest of `part` (HTTP Range); a server that sends the whole file instead replaces
/// what was there. A complete download has not been checked: its content is the caller's concern.
/// Throws a work error when the partial file cannot be written, and Error::Kind::interrupted, with
/// the partial file kept, when `stop` is requested.
[[nodiscard]] DownloadResult download(const DownloadRequest& request);

}  // namespace minima::data
