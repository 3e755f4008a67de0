// Findings as text and as the tables of a store.
#include <fmt/format.h>

#include "analysis/claims/findings.h"
#include "analysis/tables/columns.h"
#include "record/analysis.h"

namespace minima::analysis {

std::string effect_text(const FindingEffect& effect) {
  std::string text = fmt::format("{} {:.3g}", effect.statistic, effect.value);
  if (effect.low && effect.high)
    text += fmt::format(" [{:.3g}, {:.3g}]", *effect.low, *effect.high);
  if (effect.bound != 0.0) text += fmt::format(" against {:.3g}", effect.bound);
  return text;
}

std::string p_text(double p) {
  constexpr double kLeast = 1e-15;  // smaller normal tail probabilities are not reliable
  return p < kLeast ? "p < 1e-15" : fmt::format("p = {:.2g}", p);
}

std::string figures_of(const Finding& finding) {
  if (!finding.effect) return "";
  std::string text = effect_text(*finding.effect);
  if (finding.adjusted_p) text += ", " + p_text(*finding.adjusted_p);
  return text;
}

std::vector<std::string> decided_sentences(const Findings& findings, std::size_t most) {
  std::vector<std::string> sentences;
  for (const Finding& finding : findings.findings) {
    const bool is_decided = finding.verdict == Verdict::supported ||
                            finding.verdict == Verdict::contradicted ||
                            finding.verdict == Verdict::differs;
    if (!is_decided || sentences.size() >= most) continue;
    // For a claim with verdict `differs`, the first sentence is enough here.
    std::string text = finding.sentence.substr(0, finding.sentence.find(". "));
    if (text.ends_with('.')) text.pop_back();
    if (finding.verdict != Verdict::differs) {
      text += fmt::format(" ({})", p_text(*finding.adjusted_p));
    }
    sentences.push_back(std::move(text));
  }
  return sentences;
}

namespace {

template <typename Get>
ColumnOf<Finding> of_effect(std::string name, const Get& get) {
  return {std::move(name), [get](const Finding& finding) -> record::Cell {
            return finding.effect ? record::Cell(get(*finding.effect)) : record::Cell();
          }};
}

record::Table findings_table(const Findings& findings) {
  using Row = Finding;
  const std::vector<ColumnOf<Row>> columns = {
      {"claim", [](const Row& row) { return row.claim; }},
      {"source", [](const Row& row) { return row.source; }},
      {"statement", [](const Row& row) { return row.statement; }},
      {"protocol", [](const Row& row) { return row.protocol; }},
      {"verdict", [](const Row& row) { return to_string(row.verdict); }},
      {"sentence", [](const Row& row) { return row.sentence; }},
      {"datasets", [](const Row& row) { return row.datasets; }},
      of_effect("statistic", [](const FindingEffect& effect) { return effect.statistic; }),
      of_effect("effect", [](const FindingEffect& effect) { return effect.value; }),
      of_effect("low", [](const FindingEffect& effect) { return cell_or_null(effect.low); }),
      of_effect("high", [](const FindingEffect& effect) { return cell_or_null(effect.high); }),
      of_effect("bound", [](const FindingEffect& effect) { return effect.bound; }),
      {"p", [](const Row& row) { return cell_or_null(row.p); }},
      {"adjusted_p", [](const Row& row) { return cell_or_null(row.adjusted_p); }},
      {"study", [](const Row& row) { return row.study; }}};
  return table_of(columns, findings.findings);
}

struct PartRow {
  std::string claim;
  FindingPart part;
};

record::Table parts_table(const Findings& findings) {
  using Row = PartRow;
  const auto p_of = [](const Row& row) -> record::Cell {
    return row.part.role == PartRole::description ? record::Cell() : record::Cell(row.part.test.p);
  };
  const std::vector<ColumnOf<Row>> columns = {
      {"claim", [](const Row& row) { return row.claim; }},
      {"dataset", [](const Row& row) { return row.part.test.dataset; }},
      {"family",
       [](const Row& row) {
         const auto& family = row.part.test.family;
         return family ? word_text(*family) : std::string();
       }},
      {"scope", [](const Row& row) { return row.part.test.scope; }},
      {"role", [](const Row& row) { return to_string(row.part.role); }},
      {"verdict", [](const Row& row) { return to_string(row.part.verdict); }},
      {"statistic", [](const Row& row) { return row.part.test.statistic; }},
      {"effect", [](const Row& row) { return row.part.test.effect; }},
      {"low", [](const Row& row) { return cell_or_null(row.part.test.low); }},
      {"high", [](const Row& row) { return cell_or_null(row.part.test.high); }},
      {"bound", [](const Row& row) { return row.part.test.bound; }},
      {"n", [](const Row& row) { return row.part.test.count; }},
      {"counted", [](const Row& row) { return row.part.test.counted; }},
      {"p", p_of},
      {"adjusted_p", [](const Row& row) { return cell_or_null(row.part.adjusted_p); }}};
  std::vector<Row> rows;
  for (const Finding& finding : findings.findings) {
    for (const FindingPart& part : finding.parts) rows.push_back({finding.claim, part});
  }
  return table_of(columns, rows);
}

}  // namespace

record::AnalysisRecord record_of(const Findings& findings, const std::string& program_version) {
  return {
      .name = "findings",
      .settings = findings.settings.text(),
      .program_version = program_version,
      .runs = findings.runs,
      .tables = {{"findings", findings_table(findings)}, {"finding_tests", parts_table(findings)}},
      .labels = {}};
}

}  // namespace minima::analysis
