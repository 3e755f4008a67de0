// From a command line that cannot be understood to one line that says why.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/error.h"

namespace minima::cli {

/// The input error to a parse error: unknown commands and options get the nearest valid name.
[[nodiscard]] Error usage_error(const CLI::App& program, const CLI::ParseError& error);

}  // namespace minima::cli
