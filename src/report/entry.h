// Labelled lines of text.
#pragma once

#include <string>
#include <string_view>

#include "report/style.h"

namespace minima::report {

/// "label       text", wrapped at blanks, with continuation lines aligned to the text. A label has
/// at most 11 characters.
[[nodiscard]] std::string entry(std::string_view label, const std::string& text,
                                const TextStyle& style);

}  // namespace minima::report
