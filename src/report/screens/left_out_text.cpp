#include "report/screens/left_out_text.h"

#include <fmt/format.h>

#include "report/text/style.h"

namespace minima::report {

std::string left_out_text(const LeftOut& left_out) {
  if (left_out.tasks == 0) return "";
  const std::string runs = left_out.runs > 0 ? counted(left_out.runs, "run") : "their runs";
  return fmt::format(
      "{} left out: the weights of {} were not kept; `{}` trains {} again, with the same results",
      counted(left_out.tasks, "compression task"), runs, left_out.remedy,
      left_out.runs == 1 ? "this run" : "these runs");
}

}  // namespace minima::report
