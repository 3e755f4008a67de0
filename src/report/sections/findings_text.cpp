#include "report/sections/findings_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "report/text/entry.h"

namespace minima::report {
namespace {

using analysis::Finding;
using analysis::Verdict;

std::string sentence_text(const Finding& finding) {
  const std::string figures = analysis::figures_of(finding);
  return figures.empty() ? finding.sentence : fmt::format("{} ({})", finding.sentence, figures);
}

/// Claims that the store cannot test, by reason: most reasons hold for several claims.
std::string untested_text(const analysis::Findings& findings, const TextStyle& style) {
  std::vector<std::pair<std::string, std::string>> reasons;  // reason, claims
  for (const Finding& finding : findings.findings) {
    if (finding.verdict != Verdict::not_tested) continue;
    const auto known =
        std::ranges::find(reasons, finding.sentence, [](const auto& each) { return each.first; });
    if (known == reasons.end()) {
      reasons.emplace_back(finding.sentence, finding.statement);
    } else {
      known->second += "; " + finding.statement;
    }
  }
  std::string text;
  for (const auto& [reason, claims] : reasons) {
    text += entry(text.empty() ? "not tested" : "",
                  fmt::format("{} {}: {}.", reason,
                              claims.find("; ") == std::string::npos ? "Claim" : "Claims", claims),
                  style);
  }
  return text;
}

}  // namespace

std::string findings_text(const analysis::Findings& findings, const TextStyle& style) {
  std::string text = bold("findings", style) + ": claims of two papers, tested on this store\n";
  for (const auto& [verdict, label] :
       {std::pair(Verdict::supported, "supported"),
        std::pair(Verdict::contradicted, "contradicted"), std::pair(Verdict::differs, "differs"),
        std::pair(Verdict::undecided, "undecided"), std::pair(Verdict::described, "described")}) {
    bool is_first = true;
    for (const Finding& finding : findings.findings) {
      if (finding.verdict != verdict) continue;
      text += entry(is_first ? label : "", sentence_text(finding), style);
      is_first = false;
    }
  }
  const std::string untested = untested_text(findings, style);
  if (untested.empty()) return text;
  return text + untested +
         entry("to test", "the column study of the table findings has a study for each claim",
               style);
}

}  // namespace minima::report
