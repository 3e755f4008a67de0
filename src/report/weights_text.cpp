#include "report/weights_text.h"

#include <fmt/format.h>

#include <cmath>

#include "report/entry.h"
#include "report/text_table.h"

namespace minima::report {
namespace {

using analysis::FamilyProjection;
using analysis::FamilyWeights;
using analysis::LayerProjection;
using analysis::Separation;
using analysis::WeightFinding;

constexpr const char* kEqualArchitecture = "equal_architecture";

// What rounds to nothing has no sign.
std::string figure(double value) {
  return fmt::format("{:.2f}", std::round(100.0 * value) / 100.0 + 0.0);
}

std::string heading(const analysis::WeightFamily& family, const TextStyle& style) {
  std::string text = bold(fmt::format("{}, {}", family.dataset, family.family), style);
  text +=
      fmt::format(": weights of {}", counted(static_cast<std::int64_t>(family.runs.size()), "run"));
  if (family.left_out > 0) {
    text += fmt::format(", {} left out (not finite, or not recorded)", family.left_out);
  }
  return text + "\n";
}

std::string value_text(const WeightFinding& finding) {
  if (!finding.value) return "-";
  std::string text = figure(*finding.value);
  if (finding.low && finding.high) {
    text += fmt::format(" [{}, {}]", figure(*finding.low), figure(*finding.high));
  }
  return text;
}

std::string runs_text(const WeightFinding& finding) {
  if (finding.statistic == "share" || finding.statistic == "correlation") {
    return fmt::format("{}", finding.successful);
  }
  return fmt::format("{}/{}", finding.successful, finding.failed);
}

std::string words(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : c;
  return name;
}

// "fc1.weight fc2.weight" as "fc1-fc2".
std::string layer_text(const std::string& layer) {
  std::string text;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (layer.compare(i, 7, ".weight") == 0) {
      i += 6;
    } else {
      text += layer[i] == ' ' ? '-' : layer[i];
    }
  }
  return text;
}

std::string findings_table(const FamilyWeights& family, const TextStyle& style) {
  TextTable table({{"  finding", Align::left},
                   {"layer", Align::left},
                   {"among", Align::left},
                   {"value", Align::left},
                   {"runs"},
                   {"verdict", Align::left}});
  for (const WeightFinding& finding : family.findings) {
    if (finding.verdict == analysis::Verdict::not_tested) continue;
    table.add({"  " + words(finding.finding), layer_text(finding.layer),
               finding.scope == kEqualArchitecture ? "equals" : "all", value_text(finding),
               runs_text(finding), to_string(finding.verdict)});
  }
  const auto untested = static_cast<std::int64_t>(family.findings.size() - table.rows());
  std::string text = table.rows() > 0 ? table.text(style) : std::string();
  if (untested > 0) {
    text +=
        entry("not tested",
              fmt::format("{}: too few successful or failed runs", counted(untested, "comparison")),
              style);
  }
  return text;
}

std::string separation_row(const Separation& row) {
  return row.silhouette ? figure(*row.silhouette) : std::string("-");
}

std::string family_text(const FamilyProjection& family, const TextStyle& style) {
  TextTable table({{"  layer", Align::left},
                   {"space", Align::left},
                   {"among", Align::left},
                   {"points"},
                   {"silhouette"},
                   {"agree %"},
                   {"chance %"},
                   {"p"},
                   {"clusters", Align::left}});
  for (const LayerProjection& layer : family.layers) {
    for (const Separation& row : layer.separations) {
      // The planes lose what the features have; the table projection_separations has them too. Of
      // one architecture, all are equals.
      if (row.space != layer.features || row.verdict == analysis::Verdict::not_tested) continue;
      if (layer.architecture && (layer.role != "all" || row.scope != kEqualArchitecture)) continue;
      table.add({"  " + layer.architecture.value_or(layer.role), row.space,
                 row.scope == kEqualArchitecture ? "equals" : "all", fmt::format("{}", row.points),
                 separation_row(row), percent(row.agreement), percent(row.expected),
                 fmt::format("{:.2g}", row.p), to_string(row.verdict)});
    }
  }
  std::string text = heading(*family.of, style);
  if (table.rows() > 0) return text + table.text(style);
  return text + entry("clusters", "not tested: no two accuracy groups to tell apart", style);
}

}  // namespace

std::string weights_text(const analysis::Weights& weights, const TextStyle& style) {
  if (weights.families.empty()) return "";
  std::string text;
  for (const FamilyWeights& family : weights.families) {
    text += (text.empty() ? "" : "\n") + heading(*family.of, style);
    text += findings_table(family, style);
  }
  return text + fmt::format(
                    "\nSuccessful: the accuracy group high; failed: low and non. Intervals: {:.0f} "
                    "%.\ndocs/weights.md defines every finding; the tables weight_* hold the "
                    "figures.\n",
                    100.0 * weights.settings.confidence);
}

std::string projection_text(const analysis::Projection& projection, const TextStyle& style) {
  if (projection.families.empty()) return "";
  std::string text;
  for (const FamilyProjection& family : projection.families) {
    text += (text.empty() ? "" : "\n") + family_text(family, style);
  }
  return text +
         "\nAgreement: of a network with the one nearest to it, in accuracy group. The table\n"
         "projections has the places; docs/weights.md says how they come about.\n";
}

}  // namespace minima::report
