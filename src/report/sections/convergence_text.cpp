#include "report/sections/convergence_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/text.h"
#include "record/run_row.h"
#include "report/sections/series_text.h"
#include "report/text/entry.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

using analysis::FamilyConvergence;

constexpr std::size_t kNamedRuns = 6;  // runs that did not converge and are named

std::string groups_text(const FamilyConvergence& family, const TextStyle& style) {
  const analysis::Groups& groups = family.groups;
  if (!groups.defined) {
    return entry("groups",
                 "not defined: the paper has no accuracy bands for this dataset and family", style);
  }
  TextTable table({{"", Align::left}, {"runs"}, {"of all"}, {"min %"}, {"median"}, {"max"}});
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

std::string shape_text(const FamilyConvergence& family) {
  const auto describe = [](const analysis::ShapeEffect& effect) {
    return fmt::format(
        "{:.1f} % [{:.1f}, {:.1f}] of the variance of test accuracy; the number of parameters "
        "explains {:.1f} %, the seeds {:.1f} %",
        100.0 * effect.shape.value, 100.0 * effect.shape.low, 100.0 * effect.shape.high,
        100.0 * effect.parameters.value, 100.0 * effect.seed.value);
  };
  const analysis::ShapeEffect& all = family.shape.all;
  if (!all.missing.empty()) return "unknown: " + all.missing;
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

// The phases of the largest architecture.
std::string phases_text(const FamilyConvergence& family) {
  if (family.phases.empty()) return "none";
  const auto shown = family.phases.end() - 1;
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
    const record::RunRow& run = population.runs[family.diagnoses[i].run];
    text += entry("",
                  fmt::format("{} ({}): {}", run.architecture, run.id,
                              analysis::describe(family.diagnoses[i])),
                  style);
  }
  if (family.diagnoses.size() > shown) {
    text += entry(
        "", fmt::format("and {} more in the table diagnoses", family.diagnoses.size() - shown),
        style);
  }
  return text;
}

std::string family_text(const FamilyConvergence& family, const analysis::Population& population,
                        const TextStyle& style) {
  std::string text =
      heading(fmt::format("{}, {}", family.dataset, family.selection.family),
              counted(static_cast<std::int64_t>(family.selection.runs.size()), "run"), style);
  text += groups_text(family, style);
  text += entry("shape", shape_text(family), style);
  text += entry("phases", phases_text(family), style);
  text += entry("failed", failures_text(family), style);
  return text + failed_runs(family, population, style);
}

}  // namespace

std::string convergence_text(const analysis::Convergence& convergence,
                             const analysis::Population& population, const TextStyle& style) {
  if (convergence.families.empty()) return "No run has been recorded yet.\n";
  std::string text;
  for (const analysis::DatasetConvergence& dataset : convergence.datasets) {
    text += (text.empty() ? "" : "\n") + dataset_text(dataset, convergence, style);
    for (const FamilyConvergence& family : convergence.families) {
      if (family.dataset == dataset.dataset) text += "\n" + family_text(family, population, style);
    }
  }
  return text + fmt::format(
                    "\n[a, b]: {:.0f} % interval; open: no limit. docs/convergence.md defines "
                    "every\nquantity: P_min, regimes, groups, phases and diagnoses.\n",
                    100.0 * convergence.settings.confidence);
}

}  // namespace minima::report
