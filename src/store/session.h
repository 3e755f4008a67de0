// Records when and where the program worked on a store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace minima::store {

/// One call of `minima run`. Unknown values are empty or zero.
struct SessionRecord {
  std::string id;       ///< 16 hexadecimal digits, unique
  std::string started;  ///< UTC, "2026-11-21T10:14:00Z"
  std::string ended;    ///< UTC, same format; empty: killed, failed, or still running
  std::string shard;    ///< "1/4", or empty
  std::string program_version;
  std::int64_t jobs = 0;
  std::string processor;
  std::int64_t cores = 0;
  std::int64_t memory_bytes = 0;
  std::string system;                 ///< "Debian GNU/Linux 12, Linux 6.1.0"
  std::optional<double> cpu_seconds;  ///< of all threads; nullopt before the session ends
  /// Number of compression tasks left undone; nullopt if the session did not reach them or has not
  /// ended.
  std::optional<std::int64_t> compression_left;
};

}  // namespace minima::store
