// How far a store is, for the terminal.
#pragma once

#include <cstdint>
#include <string>

#include "analysis/status.h"
#include "report/style.h"

namespace minima::report {

/// `bytes`: of the store on the disk.
[[nodiscard]] std::string status_text(const analysis::Status& status, std::uint64_t bytes,
                                      const TextStyle& style);

}  // namespace minima::report
