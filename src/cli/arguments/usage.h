// Converts a parse error of the command line to one line that explains it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/error.h"

namespace minima::cli {

/// Makes all commands refuse empty options and arguments. Otherwise an unset variable of a script
/// would count as "not given".
void refuse_empty_values(CLI::App& program);

/// The input error for a parse error; for unknown commands and options it suggests the nearest
/// name.
[[nodiscard]] Error usage_error(const CLI::App& program, const CLI::ParseError& error);

}  // namespace minima::cli
