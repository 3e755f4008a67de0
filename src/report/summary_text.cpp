#include "report/summary_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "core/error.h"
#include "core/text.h"
#include "report/entry.h"
#include "report/size_strip.h"
#include "report/text_table.h"

namespace minima::report {
namespace {

using analysis::ArchitectureAnswer;
using analysis::DatasetAnswer;
using analysis::FamilyConvergence;
using analysis::TradeOff;
using analysis::Verdict;

constexpr std::size_t kDatasetLines = 24;  // of all datasets together
constexpr std::size_t kLeastFindings = 6;  // lines of theirs, however long the rest is
constexpr std::size_t kLongestName = 100;  // of what comes from outside
constexpr std::size_t kMostFamilies = 5;   // of a dataset

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

/// From which size on training is reliable, with a plot of accuracy against size.
std::string family_lines(const SummaryInput& input, const std::string& dataset,
                         const TextStyle& style) {
  std::vector<const FamilyConvergence*> families;
  StripScale scale;
  for (const store::DatasetRecord& record : input.population.datasets) {
    if (record.name == dataset) scale.lowest = record.majority_share;
  }
  for (const FamilyConvergence& family : input.convergence.families) {
    if (family.dataset != dataset || families.size() == kMostFamilies) continue;
    families.push_back(&family);
    scale.add(family);
  }
  if (families.empty()) return "";
  const double asked = input.convergence.settings.reliability;
  const std::string plot =
      fmt::format("accuracy, {} to {} parameters", grouped(scale.smallest), grouped(scale.largest));
  TextTable table({{"family", Align::left},
                   {plot, Align::left},
                   {"P_min"},
                   {fmt::format("{:.0f} % reach", 100.0 * asked)},
                   {"from"}});
  const auto size = [](const std::optional<std::int64_t>& parameters) {
    return parameters ? grouped(*parameters) : std::string("-");
  };
  for (const FamilyConvergence* family : families) {
    const auto& sizes = family->reliability.sizes;
    const auto at = std::ranges::find(sizes, asked, &analysis::SizeForReliability::reliability);
    table.add({family->selection.family,
               size_strip(*family, scale, display_width(plot), style.unicode),
               size(family->minimal.size.parameters), percent(family->reliability.threshold) + " %",
               at == sizes.end() ? "-" : size(at->size.parameters)});
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
      whole.back() += family_lines(input, dataset.dataset, style) +
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

std::string findings_text(const analysis::Findings& findings, std::size_t most_lines,
                          const TextStyle& style) {
  const auto count = [&](analysis::Verdict verdict) {
    return std::ranges::count(findings.findings, verdict, &analysis::Finding::verdict);
  };
  std::string text = bold("claims of the papers", style) + "\n";
  for (const std::string& line : decided_sentences(findings, most_lines - 2)) {
    text += "  " + line + "\n";
  }
  return text + fmt::format("  {} open, {} cannot be tested here\n",
                            count(analysis::Verdict::undecided),
                            count(analysis::Verdict::not_tested));
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
