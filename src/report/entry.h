// Lines that begin with what they are about.
#pragma once

#include <string>
#include <string_view>

#include "report/style.h"

namespace minima::report {

/// "label       text", the text wrapped at blanks and continued under itself; a label has at most
/// 11 characters.
[[nodiscard]] std::string entry(std::string_view label, const std::string& text,
                                const TextStyle& style);

}  // namespace minima::report
