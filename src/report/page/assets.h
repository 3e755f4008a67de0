// Files that the build embeds in the program; docs/decisions/0011-report-page.md.
#pragma once

#include <string_view>

namespace minima::report {

/// File contents at build time. Files from npm packages are empty if these were not installed.
struct PageAssets {
  std::string_view style;    ///< page/web/page.css
  std::string_view script;   ///< page/web/page.js: selectors, contents, reloading
  std::string_view figures;  ///< page/web/figures.js: draws and saves figures
  std::string_view chart;    ///< page/web/chart.js: how charts look
  std::string_view svg;      ///< page/web/svg.js: a program for Node
  std::string_view vega;
  std::string_view vega_lite;
  std::string_view vega_embed;
  std::string_view licenses;  ///< licences of these three

  [[nodiscard]] bool can_draw() const { return !vega.empty(); }
};

[[nodiscard]] PageAssets page_assets();

}  // namespace minima::report
