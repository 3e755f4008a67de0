// The answer for the terminal.
#pragma once

#include <string>

#include "analysis/answer.h"
#include "report/style.h"

namespace minima::report {

/// A table per dataset and below it the smallest architecture within one point of the best. Where
/// `style.most_rows` leaves rows out, it says how many and that `all_command` shows them.
[[nodiscard]] std::string answer_text(const analysis::Answer& answer, const TextStyle& style,
                                      const std::string& all_command);

}  // namespace minima::report
