#include "report/summary_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "core/error.h"
#include "core/text.h"
#include "report/claim_tallies.h"
#include "report/entry.h"
#include "report/series_text.h"
#include "report/size_strip.h"
#include "report/text_table.h"

namespace minima::report {
namespace {

using analysis::ArchitectureAnswer;
using analysis::DatasetAnswer;
using analysis::SeriesConvergence;
using analysis::TradeOff;
using analysis::Verdict;

constexpr std::size_t kDatasetLines = 24;  // of all datasets together
constexpr std::size_t kLeastFindings = 6;  // lines of theirs, however long the rest is
constexpr std::size_t kLongestName = 100;  // of what comes from outside
constexpr std::size_t kMostSeries = 5;     // of a dataset

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

std::int64_t size_of(const auto& things) {
  return static_cast<std::int64_t>(things.size());
}

/// A name that may be as long as a path, on one line.
std::string shown(const std::string& name) {
  return printable(name, kLongestName);
}

// ---- what was studied ------------------------------------------------------------------------

std::string heading(const SummaryInput& input, const TextStyle& style) {
  std::int64_t planned = 0;
  std::int64_t recorded = 0;
  std::set<std::string> architectures;
  for (const DatasetAnswer& dataset : input.answer.datasets) {
    planned += dataset.runs_planned;
    recorded += dataset.runs_recorded;
    for (const auto& row : dataset.architectures) architectures.insert(row.architecture);
  }
  std::string text = fmt::format("{} of {} on {}", counted(recorded, "run"),
                                 counted(size_of(architectures), "architecture"),
                                 counted(size_of(input.answer.datasets), "dataset"));
  if (recorded < planned)
    text = fmt::format("{} of {} so far", grouped(recorded), counted(planned, "run"));
  if (const auto variants = size_of(input.population.variants); variants > 0) {
    text += fmt::format("; {}", counted(variants, "compressed network"));
  }
  return bold(shown(input.answer.study), style) + ": " + text + "\n";
}

// ---- one dataset -----------------------------------------------------------------------------

std::string named(const ArchitectureAnswer& row) {
  return fmt::format("{}, {}, {} %", row.architecture, counted(row.parameters, "parameter"),
                     percent(row.accuracy_mean));
}

bool any_learned(const DatasetAnswer& dataset) {
  return std::ranges::any_of(dataset.architectures,
                             [](const auto& row) { return row.learned > 0; });
}

std::string answer_lines(const DatasetAnswer& dataset, const TextStyle& style) {
  const std::string head = bold(shown(dataset.dataset), style);
  if (dataset.architectures.empty()) return head + ": no run has been recorded yet\n";
  std::string out = fmt::format("{}: {} of {}\n", head, counted(dataset.runs_recorded, "run"),
                                counted(size_of(dataset.architectures), "architecture"));
  if (!any_learned(dataset)) return out + "No run learned more than to give the largest class.\n";
  const std::string smallest = named(dataset.architectures[*dataset.smallest]);
  out += entry("smallest", smallest + ", within 1 point of best", style);
  return out + entry("best", named(dataset.architectures[*dataset.best]), style);
}

/// From which size on training is reliable, with a plot of accuracy against size. Series of one
/// size have no answer and no line.
std::string series_lines(const SummaryInput& input, const std::string& dataset,
                         const TextStyle& style) {
  std::vector<const SeriesConvergence*> shown;
  StripScale scale;
  for (const store::DatasetRecord& record : input.population.datasets) {
    if (record.name == dataset) scale.lowest = record.majority_share;
  }
  for (const SeriesConvergence& series : input.convergence.series) {
    if (series.dataset != dataset || series.minimal.levels.size() < 2) continue;
    if (shown.size() == kMostSeries) break;
    shown.push_back(&series);
    scale.add(series);
  }
  if (shown.empty()) return "";
  const study::AnalysisSettings& settings = input.convergence.settings;
  const std::string plot =
      fmt::format("{} to {} parameters", grouped(scale.smallest), grouped(scale.largest));
  TextTable table({{"series", Align::left},
                   {plot, Align::left},
                   {"P_min"},
                   {fmt::format("{:.0f} % reach {} %", 100.0 * settings.reliability,
                                percent(shown.front()->reliability.threshold))}});
  for (const SeriesConvergence* series : shown) {
    const SeriesText text = series_text(*series, settings);
    table.add({text.name, size_strip(*series, scale, display_width(plot), style.unicode),
               text.minimal, text.reliable});
  }
  return table.text(style);
}

/// The row of fewest bytes that loses at most `points` to the most accurate one.
const TradeOff* smallest_within(const std::vector<TradeOff>& rows, double points) {
  const TradeOff* best = nullptr;
  for (const TradeOff& row : rows) {
    if (best == nullptr || row.accuracy.mean > best->accuracy.mean) best = &row;
  }
  const TradeOff* smallest = best;
  for (const TradeOff& row : rows) {
    if (row.accuracy.mean >= best->accuracy.mean - points && row.bytes < smallest->bytes) {
      smallest = &row;
    }
  }
  return smallest;
}

std::string named(const TradeOff& row) {
  std::string text =
      fmt::format("{}, {} %: {}", human_bytes(static_cast<std::uint64_t>(std::llround(row.bytes))),
                  percent(row.accuracy.mean), row.architecture);
  if (!row.pruning.empty()) text += fmt::format(", {:.0f} % pruned", 100.0 * row.sparsity);
  return text + (row.quantization.empty() ? "" : ", " + row.format);
}

/// Few bytes and much accuracy: the best trade-offs.
std::string trade_off_lines(const SummaryInput& input, const std::string& dataset,
                            const TextStyle& style) {
  struct Asked {
    const char* label;
    double points;
  };
  constexpr Asked kAsked[] = {{"in bytes", 0.0}, {"within 1 pt", 0.01}, {"within 5 pt", 0.05}};
  std::string out;
  for (const auto& trade_offs : input.compression.trade_offs) {
    if (trade_offs.dataset != dataset || trade_offs.rows.empty()) continue;
    const TradeOff* last = nullptr;
    for (const auto& [label, points] : kAsked) {
      const TradeOff* row = smallest_within(trade_offs.rows, points);
      if (row != last) out += entry(label, named(*row), style);
      last = row;
    }
  }
  return out;
}

std::string datasets_text(const SummaryInput& input, const TextStyle& style) {
  std::vector<std::string> brief;
  std::vector<std::string> whole;
  std::size_t lines = 0;
  for (const DatasetAnswer& dataset : input.answer.datasets) {
    brief.push_back("\n" + answer_lines(dataset, style));
    whole.push_back(brief.back());
    if (any_learned(dataset)) {  // of guesses there is no smallest size, nor fewest bytes
      whole.back() += series_lines(input, dataset.dataset, style) +
                      trade_off_lines(input, dataset.dataset, style);
    }
    lines += lines_of(whole.back());
  }
  const std::vector<std::string>& blocks = lines <= kDatasetLines ? whole : brief;
  std::string out;
  std::int64_t left = size_of(blocks);
  for (const std::string& block : blocks) {
    if (lines_of(out) + lines_of(block) > kDatasetLines) break;
    out += block;
    --left;
  }
  if (left > 0) out += fmt::format("\nand {} more\n", counted(left, "dataset"));
  return out;
}

// ---- findings --------------------------------------------------------------------------------

TextTable claims_table(const std::vector<const ClaimTally*>& tallies) {
  TextTable table({{"claim of the papers, and its tests on this store", Align::left},
                   {"for"},
                   {"against"},
                   {"open"}});
  for (const ClaimTally* tally : tallies) {
    table.add({tally->claim->statement, grouped(tally->of(Verdict::supported)),
               grouped(tally->of(Verdict::contradicted)), grouped(tally->of(Verdict::undecided))});
  }
  return table;
}

std::string findings_text(const analysis::Findings& findings, std::size_t most_lines,
                          const TextStyle& style) {
  const std::vector<ClaimTally> tallies = claim_tallies(findings);
  std::vector<const ClaimTally*> drawn;
  std::string text;
  std::int64_t untested = 0;
  std::int64_t left = 0;
  for (const ClaimTally& tally : tallies) {
    if (!tally.is_tested()) {
      ++untested;
      continue;
    }
    drawn.push_back(&tally);
    std::string longer = claims_table(drawn).text(style);
    if (left > 0 || lines_of(longer) + 1 > most_lines) {
      drawn.pop_back();
      ++left;
      continue;
    }
    text = std::move(longer);
  }
  std::string rest = left > 0 ? fmt::format("and {} more", grouped(left)) : "";
  if (untested > 0) {
    rest += fmt::format("{}{} cannot be tested here", rest.empty() ? "" : "; ",
                        counted(untested, "claim"));
  }
  return text + (rest.empty() ? "" : rest + "\n");
}

// ---- and where the rest is -------------------------------------------------------------------

std::string ways_text(const SummaryInput& input, const TextStyle& style) {
  std::string out;
  if (!input.page.empty()) out += entry("figures", input.page, style);
  return out + entry("tables", "minima report " + input.store + " --all", style);
}

}  // namespace

std::string summary_text(const SummaryInput& input, const TextStyle& style) {
  const std::string datasets = datasets_text(input, style);
  const std::string ways = ways_text(input, style);
  std::string out = heading(input, style) + datasets;
  const std::size_t used = lines_of(out) + lines_of(ways) + 2;  // two blank lines
  const std::size_t left = std::max(kLeastFindings, kSummaryLines - std::min(used, kSummaryLines));
  if (!input.findings.findings.empty()) {
    out += "\n" + findings_text(input.findings, left, style);
  }
  return out + "\n" + ways;
}

}  // namespace minima::report
