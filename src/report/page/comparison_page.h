// The page that compares two studies.
#pragma once

#include <string>

#include "report/screens/comparison_text.h"

namespace minima::report {

/// One self-contained HTML file, like page_html(). Text from the stores is escaped. `written`: time
/// of writing; empty: left out.
[[nodiscard]] std::string comparison_page(const ComparisonInput& input, const std::string& written);

}  // namespace minima::report
