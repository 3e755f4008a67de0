// Records when and where the program runs, for the store.
#pragma once

#include <cstddef>
#include <string>

#include "engine/backend.h"
#include "record/session.h"

namespace minima::run {

/// A session of this process on this machine that begins now.
[[nodiscard]] record::SessionRecord session_beginning(std::size_t jobs, const std::string& shard,
                                                      const std::string& program_version,
                                                      const engine::BackendInfo& backend);

[[nodiscard]] record::BackendRecord record_of(const engine::BackendInfo& backend);

/// The given session with its end set to now, and the processor time of the process.
[[nodiscard]] record::SessionRecord session_ending(record::SessionRecord session);

}  // namespace minima::run
