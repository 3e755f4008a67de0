#include "report/convergence_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/text.h"
#include "report/entry.h"
#include "report/text_table.h"

namespace minima::report {
namespace {

using analysis::FamilyConvergence;
using analysis::SizeEstimate;

constexpr std::size_t kNamedRuns = 6;    // runs that did not converge, one by one
constexpr std::size_t kNamedShapes = 3;  // architectures at one size

std::string interval_text(const SizeEstimate& size) {
  if (!size.has_interval) return "(no interval: too few replicates)";
  const auto bound = [](const std::optional<std::int64_t>& value) {
    return value ? grouped(*value) : std::string("beyond");
  };
  return fmt::format("[{}, {}]", bound(size.low), bound(size.high));
}

std::string joined(const std::vector<std::string>& texts, std::size_t most) {
  std::string all;
  for (std::size_t i = 0; i < std::min(texts.size(), most); ++i) {
    all += (i == 0 ? "" : ", ") + texts[i];
  }
  if (texts.size() > most) all += fmt::format(" and {} more", texts.size() - most);
  return all;
}

std::string groups_text(const FamilyConvergence& family, const TextStyle& style) {
  const analysis::Groups& groups = family.groups;
  if (!groups.defined) {
    return entry("groups", "the paper has no bands for this data set and family", style);
  }
  TextTable table({{"", Align::left}, {"runs"}, {"share"}, {"min %"}, {"median"}, {"max"}});
  const auto accuracy = [](const std::optional<double>& value) {
    return value ? percent(*value) : std::string("-");
  };
  for (const analysis::GroupRow& row : groups.rows) {
    if (row.count == 0) continue;
    table.add({fmt::format("  {}", analysis::to_string(row.group)), grouped(row.count),
               fmt::format("{:.0f} %", 100.0 * row.share), accuracy(row.min), accuracy(row.median),
               accuracy(row.max)});
  }
  const bool by_train = groups.accuracy == study::AccuracyKind::train;
  return entry("groups", fmt::format("by {} accuracy", by_train ? "training" : "test"), style) +
         table.text(style);
}

std::string minimal_text(const FamilyConvergence& family, const study::AnalysisSettings& settings) {
  const analysis::MinimalParameters& minimal = family.minimal;
  if (!minimal.size.parameters) return "not reached: " + analysis::to_string(minimal.status);
  std::string text =
      fmt::format("{} parameters {}: {}; within {} points of the largest networks ({} %)",
                  grouped(*minimal.size.parameters), interval_text(minimal.size),
                  joined(minimal.architectures, kNamedShapes), percent(settings.accuracy_tolerance),
                  percent(minimal.accuracy_at_largest));
  if (minimal.status == analysis::MinimalStatus::found) {
    text += fmt::format(", sd up to {}", percent(settings.spread_tolerance));
  } else {
    text += "; " + analysis::to_string(minimal.status);
  }
  if (minimal.failure_limit) {
    text += fmt::format("; failures rarer than {:.1f} % would not have shown",
                        100.0 * *minimal.failure_limit);
  }
  return text;
}

std::string reliability_text(const FamilyConvergence& family) {
  std::string text =
      fmt::format("above {} % test accuracy in", percent(family.reliability.threshold));
  bool is_first = true;
  for (const auto& [reliability, size] : family.reliability.sizes) {
    text += fmt::format("{} {:.0f} % of runs ", is_first ? "" : ",", 100.0 * reliability);
    is_first = false;
    if (size.parameters) {
      text += fmt::format("from {} parameters {}", grouped(*size.parameters), interval_text(size));
    } else {
      text += "at no size trained";
    }
  }
  return text;
}

std::string regimes_text(const FamilyConvergence& family) {
  const analysis::Regimes& regimes = family.regimes;
  const std::int64_t first = regimes.levels.front().parameters;
  std::string text;
  const std::optional<std::int64_t>& stable = regimes.stable_from.parameters;
  if (!stable) return "unstable at every size trained";
  text = *stable > first ? fmt::format("unstable below {} {}", grouped(*stable),
                                       interval_text(regimes.stable_from))
                         : "no unstable sizes";
  const std::optional<std::int64_t>& over = regimes.overfitting_from.parameters;
  if (!regimes.loss_known) return text + ", learning; overfitting not known: no test losses";
  if (!over) return text + ", learning from there; no overfitting";
  if (*over > *stable) text += ", learning";
  return text + fmt::format(", overfitting from {} {}", grouped(*over),
                            interval_text(regimes.overfitting_from));
}

std::string shape_text(const FamilyConvergence& family) {
  const auto describe = [](const analysis::ShapeEffect& effect) {
    return fmt::format(
        "{:.1f} % [{:.1f}, {:.1f}] of the variance of test accuracy, parameters {:.1f} %, seeds "
        "{:.1f} %",
        100.0 * effect.shape.value, 100.0 * effect.shape.low, 100.0 * effect.shape.high,
        100.0 * effect.parameters.value, 100.0 * effect.seed.value);
  };
  const analysis::ShapeEffect& all = family.shape.all;
  if (!all.missing.empty()) return "not known: " + all.missing;
  return "explains " + describe(all);
}

std::string pieces_text(const std::vector<analysis::CurvePiece>& pieces) {
  std::string text;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::string name = analysis::to_string(pieces[i].phase);
    if (i > 0 && pieces[i].phase == pieces[i - 1].phase) continue;
    text += (text.empty() ? "" : ", ") +
            (i == 0 ? name : fmt::format("{} from epoch {}", name, pieces[i].first_epoch));
  }
  return text;
}

// Of the smallest sufficient architecture, or of the largest one.
std::string phases_text(const FamilyConvergence& family) {
  if (family.phases.empty()) return "none";
  const auto& names = family.minimal.architectures;
  auto shown = std::ranges::find_if(family.phases, [&](const auto& phases) {
    return !names.empty() && phases.architecture == names.front();
  });
  if (shown == family.phases.end()) shown = family.phases.end() - 1;
  if (!shown->missing.empty()) return fmt::format("of {}: {}", shown->architecture, shown->missing);
  std::string text = fmt::format("of {}: {}", shown->architecture, pieces_text(shown->loss.pieces));
  if (shown->convergence.runs > 0) {
    text += fmt::format("; converged after {:.1f} epochs (median {:.0f})", shown->convergence.mean,
                        shown->convergence.median);
  }
  return text;
}

std::string failures_text(const FamilyConvergence& family) {
  if (family.diagnoses.empty()) return "none";
  std::map<analysis::Diagnosis, int> counts;
  for (const auto& diagnosis : family.diagnoses) ++counts[diagnosis.diagnosis];
  std::string text = counted(static_cast<std::int64_t>(family.diagnoses.size()), "run") + ": ";
  bool is_first = true;
  for (const auto& [diagnosis, count] : counts) {
    text += fmt::format("{}{} {}", is_first ? "" : ", ", count, analysis::to_string(diagnosis));
    is_first = false;
  }
  return text;
}

std::string failed_runs(const FamilyConvergence& family, const analysis::Population& population,
                        const TextStyle& style) {
  std::string text;
  const std::size_t shown = std::min(family.diagnoses.size(), kNamedRuns);
  for (std::size_t i = 0; i < shown; ++i) {
    const store::RunRow& run = population.runs[family.diagnoses[i].run];
    text += entry("",
                  fmt::format("{} ({}): {}", run.architecture, run.id,
                              analysis::describe(family.diagnoses[i])),
                  style);
  }
  if (family.diagnoses.size() > shown) {
    text += entry(
        "", fmt::format("and {} more, in the table diagnoses", family.diagnoses.size() - shown),
        style);
  }
  return text;
}

std::string family_text(const FamilyConvergence& family, const analysis::Convergence& convergence,
                        const analysis::Population& population, const TextStyle& style) {
  const auto& levels = family.regimes.levels;
  std::string text = bold(fmt::format("{}, {}", family.dataset, family.selection.family), style);
  text += fmt::format(": {}, {} to {} parameters\n",
                      counted(static_cast<std::int64_t>(family.selection.runs.size()), "run"),
                      grouped(levels.front().parameters), grouped(levels.back().parameters));
  text += groups_text(family, style);
  text += entry("P_min", minimal_text(family, convergence.settings), style);
  text += entry("reliable", reliability_text(family), style);
  text += entry("regimes", regimes_text(family), style);
  text += entry("shape", shape_text(family), style);
  text += entry("phases", phases_text(family), style);
  text += entry("failed", failures_text(family), style);
  return text + failed_runs(family, population, style);
}

}  // namespace

std::string convergence_text(const analysis::Convergence& convergence,
                             const analysis::Population& population, const TextStyle& style) {
  if (convergence.families.empty()) return "No run is recorded yet.\n";
  std::string text;
  for (const FamilyConvergence& family : convergence.families) {
    text += (text.empty() ? "" : "\n") + family_text(family, convergence, population, style);
  }
  return text + fmt::format("\nIntervals: {:.0f} %. docs/convergence.md defines every quantity.\n",
                            100.0 * convergence.settings.confidence);
}

}  // namespace minima::report
