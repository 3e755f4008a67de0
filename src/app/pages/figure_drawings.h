// Drawings of figures for print.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace minima::app {

/// Widths of the drawings in millimeters: one column of a journal and two. Each has a folder of
/// this name.
inline constexpr std::array kDrawingFolders = {"88mm", "180mm"};

enum class Drawings { none, svg, svg_and_pdf };

/// Draws FOLDER/ID.vl.json as FOLDER/88mm/ID.svg, FOLDER/88mm/ID.pdf and the same 180 mm wide, with
/// at most `jobs` processes. Fonts are embedded or outlined. Needs Node, and rsvg-convert for PDF
/// files and outlines; a line on standard error says which is missing. Work error if a figure could
/// not be drawn, after all others.
[[nodiscard]] Drawings draw_figures(const std::filesystem::path& folder,
                                    const std::vector<std::string>& ids, std::size_t jobs);

}  // namespace minima::app
