// Records when and where the program worked on a store.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>

namespace minima::record {

/// What computed results. Results of different backends or instruction sets differ in their last
/// bits. Empty: not recorded, by a version before 10 of the store.
struct BackendRecord {
  std::string name;             ///< "cpu"
  std::string instruction_set;  ///< of elementwise loops: "AVX3"
  std::string matrix_products;  ///< "libxsmm 1.17 (cpx)"

  [[nodiscard]] bool is_known() const { return !name.empty(); }
  /// "cpu with AVX3 and libxsmm 1.17 (cpx)"
  [[nodiscard]] std::string text() const {
    return name + " with " + instruction_set + " and " + matrix_products;
  }
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14.
  auto operator<=>(const BackendRecord&) const = default;
};

/// What one backend contributed to a store.
struct BackendUse {
  BackendRecord backend;
  std::int64_t runs = 0;          ///< trained
  std::int64_t compressions = 0;  ///< compression tasks
};

/// One call of `minima run`. Unknown values are empty or zero.
struct SessionRecord {
  std::string id;       ///< 16 hexadecimal digits, unique
  std::string started;  ///< UTC, "2026-11-21T10:14:00.250Z"
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
  BackendRecord backend;
  /// Number of compression tasks left out, because the weights of their runs were not kept; nullopt
  /// like compression_left, and if an older version recorded the session.
  std::optional<std::int64_t> left_out = {};
};

/// Number of compression tasks that the last session of each part of the study left out. A session
/// of the whole study counts for all parts before it. `sessions`: in the order of their start.
[[nodiscard]] inline std::int64_t left_out(std::span<const SessionRecord> sessions) {
  std::set<std::string> counted;  // shards
  std::int64_t tasks = 0;
  for (std::size_t i = sessions.size(); i-- > 0;) {
    const SessionRecord& session = sessions[i];
    if (!session.left_out || !counted.insert(session.shard).second) continue;
    tasks += *session.left_out;
    if (session.shard.empty()) break;
  }
  return tasks;
}

}  // namespace minima::record
