// Comma-separated values (RFC 4180) with the line break of this system.
#pragma once

#include <span>
#include <string>

#include "store/store.h"

namespace minima::report {

/// An unknown value is an empty field; numbers read back as the same double.
[[nodiscard]] std::string csv_field(const record::Cell& cell);

/// One record with its line break.
[[nodiscard]] std::string csv_line(std::span<const std::string> header);
[[nodiscard]] std::string csv_line(std::span<const record::Cell> cells);

}  // namespace minima::report
