// What the papers claim, and what a store says of it, for the terminal.
#pragma once

#include <string>

#include "analysis/findings.h"
#include "report/style.h"

namespace minima::report {

/// A line per verdict and its sentences; claims that were not tested in one line.
[[nodiscard]] std::string findings_text(const analysis::Findings& findings, const TextStyle& style);

}  // namespace minima::report
