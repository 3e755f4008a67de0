// The figures of a report as files.
#pragma once

#include <cstddef>
#include <filesystem>

#include "cli/analyses.h"

namespace minima::cli {

struct FigureFiles {
  std::size_t figures = 0;
  bool drawn = false;  ///< whether there are SVG files, too
};

/// Each figure as ID.vl.json, its tables as ID.csv or ID.TABLE.csv, and drawn as ID.svg where Node
/// is installed; a line on standard error says so where it is not. The folder is created. Work
/// error: Node could not draw.
[[nodiscard]] FigureFiles write_figures(const std::filesystem::path& folder,
                                        const Analyses& analyses);

}  // namespace minima::cli
