// Files that the build puts into the program; docs/decisions/0011-report-page.md.
#pragma once

#include <string_view>

namespace minima::report {

/// Text as it was at build time. What npm brings is empty where it was not there.
struct PageAssets {
  std::string_view style;   ///< page/page.css
  std::string_view script;  ///< page/page.js
  std::string_view chart;   ///< page/chart.js: how charts look
  std::string_view svg;     ///< page/svg.js: a program for Node
  std::string_view vega;
  std::string_view vega_lite;
  std::string_view vega_embed;
  std::string_view licenses;  ///< of all that is in these three

  [[nodiscard]] bool can_draw() const { return !vega.empty(); }
};

[[nodiscard]] PageAssets page_assets();

}  // namespace minima::report
