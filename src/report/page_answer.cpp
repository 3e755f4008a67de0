// What a reader wants to know first: the answer, and what was found of the papers' claims.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/claim_tallies.h"
#include "report/html.h"
#include "report/page.h"
#include "report/series_text.h"
#include "report/style.h"

namespace minima::report {
namespace {

using analysis::ArchitectureAnswer;
using analysis::DatasetAnswer;
using analysis::Finding;
using analysis::TradeOff;
using analysis::Verdict;

/// A p below what a double can tell from 0 is still not 0.
std::string p_text(double p) {
  return p > 0.0 ? fmt::format("{:.2g}", p) : "below 1e-300";
}

constexpr std::size_t kMostTradeOffs = 12;

std::string named(const ArchitectureAnswer& row) {
  return fmt::format("<strong>{}</strong>, {}, {} %", foreign(row.architecture),
                     counted(row.parameters, "parameter"), percent(row.accuracy_mean));
}

std::string runs_text(const DatasetAnswer& dataset) {
  if (dataset.runs_recorded < dataset.runs_planned) {
    return fmt::format("{} of {} so far", grouped(dataset.runs_recorded),
                       counted(dataset.runs_planned, "run"));
  }
  return counted(dataset.runs_recorded, "run");
}

/// From which size on training is reliable, series by series.
std::string reliable_text(const PageInput& input, const std::string& dataset) {
  std::string items;
  for (const auto& series : input.convergence.series) {
    if (series.dataset != dataset || series.minimal.levels.size() < 2) continue;
    const SeriesText text = series_text(series, input.convergence.settings);
    items += fmt::format("<li>{}: P<sub>min</sub> {} ({})", foreign(text.name), text.minimal,
                         text.status);
    if (series.reliability.missing.empty()) {
      items += fmt::format("; {:.0f} % of runs reach {} % from {}",
                           100.0 * input.convergence.settings.reliability,
                           percent(series.reliability.threshold), text.reliable);
    }
    if (!text.extrapolated.empty()) items += "; extrapolated: " + text.extrapolated;
    items += "</li>";
  }
  return items.empty() ? "" : "<ul>" + items + "</ul>";
}

std::string dataset_card(const PageInput& input, const DatasetAnswer& dataset) {
  std::string out = fmt::format(
      "<article class=\"card\"><h3>{}</h3><p class=\"dim\">{}, {} on {}; the largest class has {} "
      "%.</p>",
      foreign(dataset.dataset), runs_text(dataset),
      counted(static_cast<std::int64_t>(dataset.architectures.size()), "architecture"),
      counted(dataset.test_count, "test image"), percent(dataset.majority_share));
  const bool learned =
      std::ranges::any_of(dataset.architectures, [](const auto& row) { return row.learned > 0; });
  if (dataset.architectures.empty()) {
    out += "<p>No run has been recorded yet.</p>";
  } else if (!learned) {
    out += "<p>No run learned more than to give the largest class.</p>";
  } else {
    out += fmt::format(
        "<p class=\"big\"><span>Smallest within one point of the best</span> {}</p>"
        "<p><span>Best</span> {}</p>",
        named(dataset.architectures[*dataset.smallest]),
        named(dataset.architectures[*dataset.best]));
    out += reliable_text(input, dataset.dataset);
  }
  return out + "</article>\n";
}

std::vector<const TradeOff*> front_of(const analysis::DatasetTradeOffs& dataset) {
  std::vector<const TradeOff*> front;
  for (const TradeOff& row : dataset.rows) {
    if (row.on_front) front.push_back(&row);
  }
  std::ranges::stable_sort(front, std::ranges::greater(),
                           [](const TradeOff* row) { return row->accuracy.mean; });
  if (front.size() > kMostTradeOffs) front.resize(kMostTradeOffs);
  return front;
}

std::string trade_offs_html(const PageInput& input) {
  std::string out;
  for (const auto& dataset : input.compression.trade_offs) {
    std::vector<std::vector<std::string>> rows;
    for (const TradeOff* row : front_of(dataset)) {
      rows.push_back({foreign(row->architecture),
                      row->pruning.empty() ? "-" : fmt::format("{:.0f} %", 100.0 * row->sparsity),
                      escaped(row->format),
                      human_bytes(static_cast<std::uint64_t>(std::llround(row->bytes))),
                      percent(row->accuracy.mean), grouped(row->accuracy.runs)});
    }
    if (rows.empty()) continue;
    out += fmt::format(
        "<h3>Best trade-offs: {}</h3>\n<p class=\"dim\">No other network is as "
        "accurate in as few bytes. The most accurate first.</p>\n",
        foreign(dataset.dataset));
    out += html_table({"architecture", "sparsity", "format", "bytes", "test %", "runs"}, rows,
                      {1, 3, 4, 5});
  }
  return out;
}

// ---- findings --------------------------------------------------------------------------------

std::string effect_html(const Finding& finding) {
  if (!finding.test) return "";
  const auto& test = *finding.test;
  std::string text = fmt::format("{:.3g}", test.effect);
  if (test.low && test.high) text += fmt::format(" [{:.3g}, {:.3g}]", *test.low, *test.high);
  return text;
}

const char* class_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::supported:
      return "yes";
    case Verdict::contradicted:
      return "no";
    case Verdict::undecided:
      return "open";
    case Verdict::not_tested:
      break;
  }
  return "none";
}

std::vector<std::string> finding_cells(const Finding& finding) {
  const auto& test = finding.test;
  const std::string verdict = fmt::format("<span class=\"verdict {}\">{}</span>",
                                          class_of(finding.verdict), to_string(finding.verdict));
  return {verdict,
          foreign(finding.sentence) +
              fmt::format("<br><small class=\"dim\">{}</small>", escaped(finding.source)),
          test ? escaped(test->statistic) : "",
          effect_html(finding),
          test ? fmt::format("{} ({})", test->count, escaped(test->counted)) : "",
          finding.adjusted_p ? p_text(*finding.adjusted_p) : ""};
}

/// Claim by claim, those with a verdict first.
std::string claims_html(const std::vector<ClaimTally>& tallies) {
  const auto count = [](const ClaimTally& tally, Verdict verdict) {
    const std::int64_t tests = tally.of(verdict);
    if (tests == 0) return std::string();
    return fmt::format("<span class=\"verdict {}\">{}</span>", class_of(verdict), tests);
  };
  std::vector<std::vector<std::string>> rows;
  for (const ClaimTally& tally : tallies) {
    if (!tally.is_tested()) continue;
    rows.push_back({fmt::format("{}<br><small class=\"dim\">{}</small>",
                                escaped(tally.claim->statement), escaped(tally.claim->source)),
                    count(tally, Verdict::supported), count(tally, Verdict::contradicted),
                    count(tally, Verdict::undecided)});
  }
  if (rows.empty()) return "";
  return html_table({"claim", "supported", "contradicted", "undecided"}, rows, {1, 2, 3});
}

std::string untested_html(const std::vector<ClaimTally>& tallies) {
  std::string items;
  int count = 0;
  for (const ClaimTally& tally : tallies) {
    if (tally.is_tested()) continue;
    ++count;
    items += fmt::format("<li>{}. <span class=\"dim\">{}</span></li>\n",
                         escaped(tally.claim->statement), escaped(tally.claim->sentence));
  }
  if (count == 0) return "";
  return fmt::format(
      "<details><summary>{} cannot be tested here</summary><ul>\n{}</ul></details>\n",
      counted(count, "claim"), items);
}

std::string tests_table(const analysis::Findings& findings, const std::vector<Verdict>& verdicts) {
  std::vector<std::vector<std::string>> rows;
  for (const Verdict verdict : verdicts) {
    for (const Finding& finding : findings.findings) {
      if (finding.verdict == verdict) rows.push_back(finding_cells(finding));
    }
  }
  if (rows.empty()) return "";
  return html_table({"verdict", "finding", "statistic", "effect [interval]", "sample", "p"}, rows,
                    {5});
}

/// Those with a verdict to be seen, the others folded up.
std::string tests_html(const analysis::Findings& findings) {
  std::string html = tests_table(findings, {Verdict::supported, Verdict::contradicted});
  if (!html.empty()) html = "<h3>Tests with a verdict</h3>\n" + html;
  const std::string undecided = tests_table(findings, {Verdict::undecided});
  if (!undecided.empty()) {
    html += "<details><summary>Undecided tests</summary>\n" + undecided + "</details>\n";
  }
  return "<div class=\"tests\">" + html + "</div>\n";
}

}  // namespace

PageSection answer_section(const PageInput& input) {
  std::string html = "<div class=\"cards\">\n";
  for (const DatasetAnswer& dataset : input.answer.datasets) html += dataset_card(input, dataset);
  return {"answer", "The answer", html + "</div>\n" + trade_offs_html(input)};
}

PageSection findings_section(const PageInput& input) {
  const std::vector<ClaimTally> tallies = claim_tallies(input.findings);
  const std::string html = fmt::format(
      "<p>What two papers claim, tested on this store: a test for each dataset, family and "
      "protocol "
      "that allows one. A verdict stands at {:.0f} % after Holm&#39;s correction for all tests "
      "together.</p>\n",
      100.0 * input.findings.settings.confidence);
  return {"findings", "Findings",
          html + claims_html(tallies) + tests_html(input.findings) + untested_html(tallies)};
}

}  // namespace minima::report
