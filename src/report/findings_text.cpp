#include "report/findings_text.h"

#include <fmt/format.h>

#include <vector>

#include "report/entry.h"

namespace minima::report {
namespace {

using analysis::Finding;
using analysis::Verdict;

std::string sentence_text(const Finding& finding) {
  const std::string figures = analysis::figures_of(finding);
  return figures.empty() ? finding.sentence : fmt::format("{} ({})", finding.sentence, figures);
}

}  // namespace

std::string findings_text(const analysis::Findings& findings, const TextStyle& style) {
  std::string text = bold("findings", style) + ": claims of the papers, tested on this store\n";
  std::string study;
  for (const auto& [verdict, label] :
       {std::pair(Verdict::supported, "supported"), std::pair(Verdict::contradicted, "contrary"),
        std::pair(Verdict::differs, "differs"), std::pair(Verdict::undecided, "undecided"),
        std::pair(Verdict::described, "described"), std::pair(Verdict::not_tested, "not tested")}) {
    bool is_first = true;
    for (const Finding& finding : findings.findings) {
      if (finding.verdict != verdict) continue;
      text += entry(is_first ? label : "", sentence_text(finding), style);
      is_first = false;
      if (!finding.study.empty()) study = "the table findings, column study";
    }
  }
  if (!study.empty()) text += entry("to test", study, style);
  return text;
}

}  // namespace minima::report
