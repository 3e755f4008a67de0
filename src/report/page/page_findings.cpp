// The verdicts on the papers' claims.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "report/page/html.h"
#include "report/page/page.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

using analysis::Finding;
using analysis::Verdict;

// ---- findings --------------------------------------------------------------------------------

/// "0.31 [0.2, 0.41]"
template <typename Effect>
std::string effect_html(double value, const Effect& effect) {
  std::string text = fmt::format("{:.3g}", value);
  if (effect.low && effect.high)
    text += fmt::format(" [{:.3g}, {:.3g}]", *effect.low, *effect.high);
  if (effect.bound != 0.0) text += fmt::format(" against {:.3g}", effect.bound);
  return text;
}

const char* class_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::supported:
      return "yes";
    case Verdict::contradicted:
    case Verdict::differs:
      return "no";
    case Verdict::undecided:
      return "open";
    case Verdict::described:
    case Verdict::not_tested:
      break;
  }
  return "none";
}

std::string verdict_html(Verdict verdict) {
  return fmt::format("<span class=\"verdict {}\">{}</span>", class_of(verdict), to_string(verdict));
}

std::vector<std::string> claim_cells(const Finding& finding) {
  return {verdict_html(finding.verdict),
          fmt::format("{}<br><small class=\"dim\">{}: {}</small>", foreign(finding.sentence),
                      escaped(finding.source), escaped(finding.protocol)),
          finding.effect ? escaped(finding.effect->statistic) : "",
          finding.effect ? effect_html(finding.effect->value, *finding.effect) : "",
          finding.adjusted_p ? escaped(analysis::p_text(*finding.adjusted_p)) : ""};
}

constexpr std::initializer_list<const char*> kColumns = {"verdict", "claim", "statistic",
                                                         "effect [interval]", "adjusted p"};

/// One row per claim; those without a decision are folded.
std::string verdicts_html(const analysis::Findings& findings) {
  std::vector<std::vector<std::string>> decided;
  std::vector<std::vector<std::string>> open;
  for (const Verdict verdict : {Verdict::supported, Verdict::contradicted, Verdict::differs,
                                Verdict::undecided, Verdict::described}) {
    const bool is_open = verdict == Verdict::undecided || verdict == Verdict::described;
    for (const Finding& finding : findings.findings) {
      if (finding.verdict == verdict) (is_open ? open : decided).push_back(claim_cells(finding));
    }
  }
  const std::vector<std::string> header(kColumns.begin(), kColumns.end());
  std::string out = decided.empty() ? "" : html_table(header, decided);
  if (!open.empty()) {
    out += fmt::format("<details><summary>{} undecided or only described</summary>\n{}</details>\n",
                       counted(static_cast<std::int64_t>(open.size()), "claim"),
                       html_table(header, open));
  }
  return out;
}

std::string untested_html(const analysis::Findings& findings) {
  std::string items;
  int count = 0;
  for (const Finding& finding : findings.findings) {
    if (finding.verdict != Verdict::not_tested) continue;
    ++count;
    items +=
        fmt::format("<li>Claim: {}. {} This would test it: {}</li>\n", escaped(finding.statement),
                    escaped(finding.sentence), "<pre>" + escaped(finding.study) + "</pre>");
  }
  if (count == 0) return "";
  return fmt::format(
      "<details><summary>{} cannot be tested on this store; studies that would test "
      "them</summary><ul>\n{}</ul>"
      "</details>\n",
      counted(count, "claim"), items);
}

std::vector<std::string> part_cells(const Finding& finding, const analysis::FindingPart& part) {
  const analysis::ClaimTest& test = part.test;
  std::string place = test.dataset;
  for (const std::string& more : {test.family ? word_text(*test.family) : "", test.scope}) {
    if (!more.empty()) place += (place.empty() ? "" : ", ") + more;
  }
  return {escaped(finding.claim),
          foreign(place),
          to_string(part.role),
          escaped(test.statistic),
          effect_html(test.effect, test),
          fmt::format("{} ({})", test.count, escaped(test.counted)),
          part.adjusted_p ? escaped(analysis::p_text(*part.adjusted_p)) : ""};
}

std::string tests_html(const analysis::Findings& findings) {
  std::vector<std::vector<std::string>> rows;
  for (const Finding& finding : findings.findings) {
    for (const analysis::FindingPart& part : finding.parts) {
      rows.push_back(part_cells(finding, part));
    }
  }
  if (rows.empty()) return "";
  return "<details><summary>All tests on which the verdicts are based</summary>\n<div "
         "class=\"tests\">" +
         html_table({"claim", "tested on", "role", "statistic", "effect [interval]", "sample",
                     "adjusted p"},
                    rows, {}) +
         "</div></details>\n";
}

}  // namespace

std::string claims_html(const PageInput& input) {
  return verdicts_html(input.findings) +
         fmt::format(
             "<p class=\"dim\">Each claim has one verdict, which combines the tests on all "
             "datasets. "
             "p is adjusted for the number of claims (Holm 1979). The confidence is {:.0f} "
             "%.</p>\n",
             100.0 * input.findings.settings.confidence) +
         untested_html(input.findings) + tests_html(input.findings);
}

}  // namespace minima::report
