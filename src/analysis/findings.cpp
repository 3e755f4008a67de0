#include "analysis/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "analysis/columns.h"

namespace minima::analysis {
namespace {

std::string place_of(const ClaimTest& test) {
  std::string place = test.dataset;
  for (const std::string& part : {test.family, test.scope}) {
    if (!part.empty()) place += (place.empty() ? "" : ", ") + part;
  }
  return place;
}

std::string effect_of(const ClaimTest& test) {
  std::string text = fmt::format("{} {:.3g}", test.statistic, test.effect);
  if (test.low && test.high) text += fmt::format(" [{:.3g}, {:.3g}]", *test.low, *test.high);
  if (test.bound != 0.0) text += fmt::format(" against {:.3g}", test.bound);
  return text;
}

Verdict verdict_of(const ClaimTest& test, double adjusted_p, double confidence) {
  if (!(adjusted_p <= 1.0 - confidence)) return Verdict::undecided;
  const bool is_above = test.effect > test.bound;
  return is_above == (test.claimed == Side::above) ? Verdict::supported : Verdict::contradicted;
}

std::string sentence_of(const Claim& claim, const Finding& finding) {
  if (!finding.test) return fmt::format("Not tested here: it needs {}.", claim.needs);
  const std::string place = place_of(*finding.test);
  switch (finding.verdict) {
    case Verdict::supported:
      return fmt::format("{}: {}.", place, claim.statement);
    case Verdict::contradicted:
      return fmt::format("{}: {}.", place, claim.opposite);
    default:
      return fmt::format("{}: these runs do not tell whether {}.", place, claim.statement);
  }
}

Finding finding_of(const Claim& claim) {
  return {.claim = claim.name, .source = claim.source, .statement = claim.statement};
}

}  // namespace

std::string figures_of(const Finding& finding) {
  if (!finding.test || !finding.adjusted_p) return "";
  return fmt::format("{}, n = {} ({}), p = {:.2g}", effect_of(*finding.test), finding.test->count,
                     finding.test->counted, *finding.adjusted_p);
}

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double factor = static_cast<double>(p.size() - rank);
    largest = std::max(largest, std::min(1.0, factor * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

Findings findings_of(const Evidence& evidence, const std::vector<Claim>& claims) {
  Findings result{.settings = evidence.settings, .runs = evidence.convergence.runs, .findings = {}};
  std::vector<double> p;
  std::vector<const Claim*> origin;
  for (const Claim& claim : claims) {
    std::vector<ClaimTest> tests = claim.tests ? claim.tests(evidence) : std::vector<ClaimTest>();
    if (tests.empty()) {
      result.findings.push_back(finding_of(claim));
      origin.push_back(&claim);
    }
    for (ClaimTest& test : tests) {
      p.push_back(test.p);
      result.findings.push_back(finding_of(claim));
      result.findings.back().test = std::move(test);
      origin.push_back(&claim);
    }
  }
  const std::vector<double> adjusted = holm(p);
  auto next = adjusted.begin();
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    Finding& finding = result.findings[i];
    if (finding.test) {
      finding.adjusted_p = *next++;
      finding.verdict =
          verdict_of(*finding.test, *finding.adjusted_p, evidence.settings.confidence);
    }
    finding.sentence = sentence_of(*origin[i], finding);
  }
  return result;
}

Findings findings_of(const Evidence& evidence) {
  return findings_of(evidence, claims());
}

namespace {

template <typename Get>
ColumnOf<Finding> of_test(std::string name, const Get& get) {
  return {std::move(name), [get](const Finding& finding) -> store::Cell {
            return finding.test ? store::Cell(get(*finding.test)) : store::Cell();
          }};
}

}  // namespace

store::AnalysisRecord record_of(const Findings& findings, const std::string& program_version) {
  using Row = Finding;
  const std::vector<ColumnOf<Row>> columns = {
      {"claim", [](const Row& row) { return row.claim; }},
      {"source", [](const Row& row) { return row.source; }},
      {"statement", [](const Row& row) { return row.statement; }},
      of_test("dataset", [](const ClaimTest& test) { return test.dataset; }),
      of_test("family", [](const ClaimTest& test) { return test.family; }),
      of_test("scope", [](const ClaimTest& test) { return test.scope; }),
      {"verdict", [](const Row& row) { return to_string(row.verdict); }},
      of_test("statistic", [](const ClaimTest& test) { return test.statistic; }),
      of_test("effect", [](const ClaimTest& test) { return test.effect; }),
      of_test("low", [](const ClaimTest& test) { return cell_or_null(test.low); }),
      of_test("high", [](const ClaimTest& test) { return cell_or_null(test.high); }),
      of_test("bound", [](const ClaimTest& test) { return test.bound; }),
      of_test("n", [](const ClaimTest& test) { return test.count; }),
      of_test("counted", [](const ClaimTest& test) { return test.counted; }),
      of_test("p", [](const ClaimTest& test) { return test.p; }),
      {"adjusted_p", [](const Row& row) { return cell_or_null(row.adjusted_p); }},
      {"sentence", [](const Row& row) { return row.sentence; }}};
  return {.name = "findings",
          .settings = findings.settings.text(),
          .program_version = program_version,
          .runs = findings.runs,
          .tables = {{"findings", table_of(columns, findings.findings)}},
          .labels = {}};
}

}  // namespace minima::analysis
