// The frame of a page: head, contents, sections and scripts in one self-contained HTML file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace minima::report {

/// A section of the page: anchor, heading, short name for the contents, and HTML.
struct PageSection {
  std::string id;
  std::string title;
  std::string short_title;
  std::string html;
};

struct PageFrame {
  std::string title;      ///< plain text
  std::string selectors;  ///< HTML; empty: nothing to select
  std::string header;     ///< HTML
  std::vector<PageSection> sections;
};

/// Whether a file that begins so is a page that minima wrote.
[[nodiscard]] bool is_page(std::string_view beginning);

/// The whole file. A content security policy permits only the page's own scripts.
[[nodiscard]] std::string framed_page(const PageFrame& frame);

}  // namespace minima::report
