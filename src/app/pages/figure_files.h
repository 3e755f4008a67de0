// Writes the figures of a report to files.
#pragma once

#include <cstddef>
#include <filesystem>

#include "app/analyses/analyses.h"

namespace minima::app {

struct FigureFiles {
  std::size_t figures = 0;
  bool drawn = false;  ///< whether SVG files were also written
};

/// Writes each figure as ID.vl.json, its tables as ID.csv or ID.TABLE.csv, and a drawing as ID.svg
/// if Node is installed: one figure for each dataset, family and protocol, which ID names. Without
/// Node, a line on standard error says so. Creates the folder. Work error if Node fails to draw.
[[nodiscard]] FigureFiles write_figures(const std::filesystem::path& folder,
                                        const analysis::Headline& headline,
                                        const Analyses& analyses);

}  // namespace minima::app
