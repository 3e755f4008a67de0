// The answer as cards of the page, one for each dataset.
#pragma once

#include <string>

#include "analysis/headline.h"

namespace minima::report {

/// The same content as summary_text, without its line limit.
[[nodiscard]] std::string headline_html(const analysis::Headline& headline);

}  // namespace minima::report
