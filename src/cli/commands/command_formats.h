// minima data formats: what is read, and Python that converts the rest.
#pragma once

#include <CLI/CLI.hpp>

namespace minima::cli {

/// Adds `minima data formats` to `minima data`.
void add_formats(CLI::App& data);

}  // namespace minima::cli
