// What a reader wants to know first: the answer, and what was found of the papers' claims.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
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
        "<p class=\"big\"><span>Smallest within {} of the best</span> {}</p>"
        "<p><span>Best</span> {}</p>",
        points_text(dataset.tolerance), named(dataset.architectures[*dataset.smallest]),
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

/// Claim by claim, those with a verdict first.
std::string claims_html(const analysis::Findings& findings) {
  std::vector<std::vector<std::string>> rows;
  for (const Verdict verdict : {Verdict::supported, Verdict::contradicted, Verdict::differs,
                                Verdict::undecided, Verdict::described}) {
    for (const Finding& finding : findings.findings) {
      if (finding.verdict == verdict) rows.push_back(claim_cells(finding));
    }
  }
  if (rows.empty()) return "";
  return html_table({"verdict", "claim", "statistic", "effect [interval]", "adjusted p"}, rows, {});
}

std::string untested_html(const analysis::Findings& findings) {
  std::string items;
  int count = 0;
  for (const Finding& finding : findings.findings) {
    if (finding.verdict != Verdict::not_tested) continue;
    ++count;
    items += fmt::format("<li>Claim: {}. {} A study that would test it has {}</li>\n",
                         escaped(finding.statement), escaped(finding.sentence),
                         "<pre>" + escaped(finding.study) + "</pre>");
  }
  if (count == 0) return "";
  return fmt::format(
      "<details><summary>{} cannot be tested here, and studies that would</summary><ul>\n{}</ul>"
      "</details>\n",
      counted(count, "claim"), items);
}

std::vector<std::string> part_cells(const Finding& finding, const analysis::FindingPart& part) {
  const analysis::ClaimTest& test = part.test;
  std::string place = test.dataset;
  for (const std::string& more : {test.family, test.scope}) {
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
  return "<details><summary>All tests behind these verdicts</summary>\n<div class=\"tests\">" +
         html_table({"claim", "tested on", "role", "statistic", "effect [interval]", "sample",
                     "adjusted p"},
                    rows, {}) +
         "</div></details>\n";
}

}  // namespace

PageSection answer_section(const PageInput& input) {
  std::string html = "<div class=\"cards\">\n";
  for (const DatasetAnswer& dataset : input.answer.datasets) html += dataset_card(input, dataset);
  return {"answer", "The answer", html + "</div>\n" + trade_offs_html(input)};
}

PageSection findings_section(const PageInput& input) {
  const std::string html = fmt::format(
      "<p>What two papers claim, tested on this store. Each claim has one verdict; it combines the "
      "tests on all datasets. p is adjusted for the number of claims (Holm 1979), at {:.0f} "
      "%.</p>\n",
      100.0 * input.findings.settings.confidence);
  return {"findings", "Findings",
          html + claims_html(input.findings) + untested_html(input.findings) +
              tests_html(input.findings)};
}

}  // namespace minima::report
