#pragma once

#include <CLI/CLI.hpp>

namespace minima::cli {

/// Adds `minima data fetch` to `minima data`.
void add_fetch(CLI::App& data);

}  // namespace minima::cli
