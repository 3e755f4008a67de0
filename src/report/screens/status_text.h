// The progress of a store, for the terminal.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "analysis/population/status.h"
#include "report/text/style.h"

namespace minima::report {

/// `store`: its path as given by the user. `bytes`: its size on disk.
[[nodiscard]] std::string status_text(const analysis::Status& status, const std::string& store,
                                      std::uint64_t bytes, const TextStyle& style);

/// One line per file whose weights are lost, and how to restore them; empty if none are lost.
[[nodiscard]] std::string lost_weights_text(std::span<const store::LostWeights> lost,
                                            const std::string& store);

/// A one-line warning. `changed`: as store::Reader::changed_values, not empty.
[[nodiscard]] std::string changed_values_text(const std::string& changed, const std::string& store);

}  // namespace minima::report
