// When and where the program was at work on a store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace minima::store {

/// One call of `minima run`. What is unknown is empty or zero.
struct SessionRecord {
  std::string id;       ///< 16 hexadecimal digits, unlike those of any other session
  std::string started;  ///< UTC, "2026-11-21T10:14:00Z"
  std::string ended;    ///< likewise; empty: killed, failed, or still at work
  std::string shard;    ///< "1/4", or empty
  std::string program_version;
  std::int64_t jobs = 0;
  std::string processor;
  std::int64_t cores = 0;
  std::int64_t memory_bytes = 0;
  std::string system;                 ///< "Debian GNU/Linux 12, Linux 6.1.0"
  std::optional<double> cpu_seconds;  ///< of all threads; nothing before it ended
  /// Pieces of compression that it left undone; nothing where it did not come to them, or has not
  /// ended.
  std::optional<std::int64_t> compression_left;
};

}  // namespace minima::store
