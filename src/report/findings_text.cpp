#include "report/findings_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <vector>

#include "report/entry.h"

namespace minima::report {
namespace {

using analysis::Finding;
using analysis::Verdict;

std::string tested_text(const analysis::Findings& findings, Verdict verdict,
                        const TextStyle& style) {
  std::string text;
  for (const Finding& finding : findings.findings) {
    if (finding.verdict != verdict) continue;
    const char* label = verdict == Verdict::supported ? "supported" : "contrary";
    text += entry(text.empty() ? label : "",
                  finding.sentence + " (" + analysis::figures_of(finding) + ")", style);
  }
  return text;
}

}  // namespace

std::string findings_text(const analysis::Findings& findings, const TextStyle& style) {
  std::string text = bold("findings", style) + ": claims of the papers, tested on this store\n";
  for (const Verdict verdict : {Verdict::supported, Verdict::contradicted}) {
    text += tested_text(findings, verdict, style);
  }
  std::size_t undecided = 0;
  std::set<std::string> missing;
  for (const Finding& finding : findings.findings) {
    undecided += finding.verdict == Verdict::undecided ? 1 : 0;
    if (finding.verdict == Verdict::not_tested) missing.insert(finding.claim);
  }
  if (undecided > 0) {
    text += entry("undecided",
                  counted(static_cast<std::int64_t>(undecided), "test") +
                      ": the runs do not tell; see the table findings",
                  style);
  }
  if (!missing.empty()) {
    text += entry("not tested", fmt::format("{}", fmt::join(missing, ", ")), style);
  }
  return text;
}

}  // namespace minima::report
