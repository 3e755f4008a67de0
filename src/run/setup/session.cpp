#include "run/setup/session.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>

#include "core/codes/sha256.h"
#include "run/setup/machine.h"

namespace minima::run {
namespace {

/// With milliseconds, because sessions are ordered by their start and may follow each other at
/// once.
std::string utc_now() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::system_clock::now();
  const auto since_1970 = std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)), since_1970 % 1000);
}

/// Processes that start in the same nanosecond run on different hosts or have different ids.
std::string new_id() {
  char host[256] = {};
  static_cast<void>(::gethostname(host, sizeof host - 1));
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return sha256(fmt::format("{} {} {}", host, ::getpid(), now)).substr(0, 16);
}

}  // namespace

record::SessionRecord session_beginning(std::size_t jobs, const std::string& shard,
                                        const std::string& program_version,
                                        const engine::BackendInfo& backend) {
  const Machine machine = this_machine();
  return {.id = new_id(),
          .started = utc_now(),
          .ended = "",
          .shard = shard,
          .program_version = program_version,
          .jobs = static_cast<std::int64_t>(jobs),
          .processor = machine.processor,
          .cores = machine.cores,
          .memory_bytes = static_cast<std::int64_t>(machine.memory_bytes),
          .system = machine.system,
          .cpu_seconds = std::nullopt,
          .compression_left = std::nullopt,
          .backend = record_of(backend)};
}

record::BackendRecord record_of(const engine::BackendInfo& backend) {
  return {.name = backend.name,
          .instruction_set = backend.instruction_set,
          .matrix_products = backend.matrix_products};
}

record::SessionRecord session_ending(record::SessionRecord session) {
  // The clock may have been set back during the session.
  session.ended = std::max(utc_now(), session.started);
  session.cpu_seconds = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  return session;
}

}  // namespace minima::run
