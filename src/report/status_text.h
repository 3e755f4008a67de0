// How far a store is, for the terminal.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "analysis/population/status.h"
#include "report/style.h"

namespace minima::report {

/// `store`: its path as the user wrote it. `bytes`: of it on the disk.
[[nodiscard]] std::string status_text(const analysis::Status& status, const std::string& store,
                                      std::uint64_t bytes, const TextStyle& style);

/// One line per file whose weights are gone, and what to do; empty: none are.
[[nodiscard]] std::string lost_weights_text(std::span<const store::LostWeights> lost,
                                            const std::string& store);

/// A warning of one line. `changed`: as store::Reader::changed_values, not empty.
[[nodiscard]] std::string changed_values_text(const std::string& changed, const std::string& store);

}  // namespace minima::report
