// The answer for the terminal.
#pragma once

#include <string>

#include "analysis/population/answer.h"
#include "report/text/style.h"

namespace minima::report {

/// For each dataset a table, followed by the smallest architecture within the tolerance of the
/// best.
[[nodiscard]] std::string answer_text(const analysis::Answer& answer, const TextStyle& style);

}  // namespace minima::report
