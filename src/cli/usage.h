// From a command line that cannot be understood to one line that says why.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/error.h"

namespace minima::cli {

/// From now on an option or argument of any command that is given an empty text is refused: an
/// unset variable of a script must not count as "not given".
void refuse_empty_values(CLI::App& program);

/// The input error to a parse error: unknown commands and options get the nearest valid name.
[[nodiscard]] Error usage_error(const CLI::App& program, const CLI::ParseError& error);

}  // namespace minima::cli
