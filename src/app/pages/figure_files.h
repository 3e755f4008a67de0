// Writes the figures of a report to files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "app/analyses/analyses.h"
#include "app/pages/figure_drawings.h"
#include "report/figures/figure.h"

namespace minima::app {

struct FigureFiles {
  std::size_t figures = 0;
  Drawings drawings = Drawings::none;
};

/// Writes each figure as ID.vl.json, its tables as ID.csv or ID.TABLE.csv, and drawings as
/// draw_figures() does: one figure for each dataset, family and protocol, which ID names.
/// figures.csv lists them, with captions. Creates the folder. Removes the files of an earlier call,
/// as its figures.csv lists them. `jobs`: processes that draw.
[[nodiscard]] FigureFiles write_figures(const std::filesystem::path& folder,
                                        const std::vector<report::Figure>& figures,
                                        std::size_t jobs);

/// All figures of a store.
[[nodiscard]] std::vector<report::Figure> figures_of(const analysis::Headline& headline,
                                                     const Analyses& analyses);

}  // namespace minima::app
