// The papers' claims and the verdicts on them, for the terminal.
#pragma once

#include <string>

#include "analysis/claims/findings.h"
#include "report/text/style.h"

namespace minima::report {

/// A complete sentence for each claim, by verdict, with the effect, its interval and the adjusted
/// p.
[[nodiscard]] std::string findings_text(const analysis::Findings& findings, const TextStyle& style);

}  // namespace minima::report
