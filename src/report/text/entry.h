// Labelled lines of text.
#pragma once

#include <string>
#include <string_view>

#include "report/text/style.h"

namespace minima::report {

/// "label       text", wrapped at blanks, with continuation lines aligned to the text. "95 %" and
/// "p = 0.1" stay on one line. A label of 12 characters or more has a line of its own.
[[nodiscard]] std::string entry(std::string_view label, const std::string& text,
                                const TextStyle& style);

/// "name: facts" with the name in bold, on two lines if one is too short.
[[nodiscard]] std::string heading(const std::string& name, const std::string& facts,
                                  const TextStyle& style);

}  // namespace minima::report
