// minima data preview: pictures of a dataset.
#pragma once

#include <CLI/CLI.hpp>

namespace minima::cli {

void add_preview(CLI::App& data);

}  // namespace minima::cli
