#include "report/sections/weights_text.h"

#include <fmt/format.h>

#include <cmath>

#include "report/text/entry.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

using analysis::FamilyProjection;
using analysis::FamilyWeights;
using analysis::LayerProjection;
using analysis::LayerRole;
using analysis::Separation;
using analysis::WeightFigure;
using analysis::WeightFinding;
using analysis::WeightScope;
using analysis::WeightStatistic;

// Adding 0.0 turns -0.0 into 0.0, so a value that rounds to zero has no sign.
std::string figure(double value) {
  return fmt::format("{:.2f}", std::round(100.0 * value) / 100.0 + 0.0);
}

std::string heading_of(const analysis::WeightFamily& family, const TextStyle& style) {
  std::string facts =
      fmt::format("weights of {}", counted(static_cast<std::int64_t>(family.runs.size()), "run"));
  if (family.left_out > 0) {
    facts += fmt::format(", {} left out (not finite, or not recorded)", family.left_out);
  }
  return report::heading(fmt::format("{}, {}", family.dataset, family.family), facts, style);
}

std::string words(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : c;
  return name;
}

// The statistics of each group at the start and at the end.
std::string groups_table(const analysis::WeightFamily& family, const TextStyle& style) {
  TextTable table({{"  layer", Align::left},
                   {"group", Align::left},
                   {"runs"},
                   {"sigma: start"},
                   {"end"},
                   {"strength: start"},
                   {"end"}});
  for (const LayerRole role : analysis::roles_of(family)) {
    for (const analysis::AccuracyGroup group : analysis::kAccuracyGroups) {
      const auto course = family.courses.find({role, group});
      if (course == family.courses.end()) continue;
      const auto start = course->second.find(0);
      const analysis::CoursePoint& end = course->second.rbegin()->second;
      const bool has_start = start != course->second.end();
      table.add({"  " + to_string(role), to_string(group), fmt::format("{}", end.runs),
                 has_start ? fmt::format("{:.3g}", start->second.sd) : "-",
                 fmt::format("{:.3g}", end.sd),
                 has_start ? fmt::format("{:.3g}", start->second.node_strength) : "-",
                 fmt::format("{:.3g}", end.node_strength)});
    }
  }
  return table.rows() > 0 ? table.text(style) : std::string();
}

// A difference of logarithms as a percentage: "-12".
std::string ratio_text(double logarithm) {
  return fmt::format("{:+.0f}", 100.0 * std::expm1(logarithm));
}

std::string effect_text(const WeightFinding& finding) {
  if (!finding.value) return "-";
  const bool is_ratio = finding.statistic == WeightStatistic::log_ratio;
  const auto text = [&](double value) { return is_ratio ? ratio_text(value) : figure(value); };
  std::string result = text(*finding.value) + (is_ratio ? " %" : "");
  if (finding.low && finding.high) {
    result += fmt::format(" [{}, {}]", text(*finding.low), text(*finding.high));
  }
  return result;
}

std::string p_text(const WeightFinding& finding, const study::AnalysisSettings& settings) {
  if (!finding.p) return "too few";
  if (*finding.least_p > 1.0 - settings.confidence) return "too few";
  return fmt::format("{:.2g}", *finding.p);
}

// The comparison over the whole population that corresponds to a pooled one.
const WeightFinding* described(const FamilyWeights& family, const WeightFinding& pooled) {
  for (const WeightFinding& row : family.findings) {
    if (row.scope == WeightScope::equal_architecture) continue;
    if (row.finding == pooled.finding && row.layer == pooled.layer) return &row;
  }
  return nullptr;
}

// Spread, density and correlation are shown only for all layers together; the table weight_findings
// has every layer.
bool is_shown(const WeightFinding& row) {
  if (row.scope != WeightScope::equal_architecture) return false;
  if (row.statistic == WeightStatistic::accuracy_correlation) return false;
  return row.layer == LayerRole::all || row.finding == WeightFigure::sigma ||
         row.finding == WeightFigure::node_strength ||
         row.finding == WeightFigure::sigma_output_less_others;
}

std::string findings_table(const FamilyWeights& family, const study::AnalysisSettings& settings,
                           const TextStyle& style) {
  TextTable table({{"  figure", Align::left},
                   {"layer", Align::left},
                   {"all: start"},
                   {"end"},
                   {"within arch.: change", Align::left},
                   {"arch."},
                   {"p"}});
  for (const WeightFinding& row : family.findings) {
    if (!is_shown(row)) continue;
    const WeightFinding* all = described(family, row);
    if (row.architectures == 0 && (all == nullptr || !all->value)) continue;
    const auto of_all = [&](const std::optional<double> WeightFinding::*value) {
      return all != nullptr && all->*value ? figure(*(all->*value)) : std::string("-");
    };
    table.add({"  " + words(to_string(row.finding)), to_string(row.layer),
               of_all(&WeightFinding::start_value), of_all(&WeightFinding::value), effect_text(row),
               fmt::format("{}", row.architectures), p_text(row, settings)});
  }
  if (table.rows() > 0) return table.text(style);
  return entry("groups", "not compared: this needs runs of the group high, and runs of low or mid",
               style);
}

std::string silhouette_text(const Separation& row) {
  return row.silhouette ? figure(*row.silhouette) : std::string("-");
}

std::string separations_table(const FamilyProjection& family, const TextStyle& style) {
  TextTable table({{"  layer", Align::left},
                   {"space", Align::left},
                   {"among", Align::left},
                   {"points"},
                   {"silhouette"},
                   {"start %"},
                   {"agree %"},
                   {"chance %"},
                   {"p"}});
  for (const LayerProjection& layer : family.layers) {
    for (const Separation& row : layer.separations) {
      // Only the features: the planes lose information, and the table projection_separations has
      // them. With one architecture, both scopes are the same.
      if (row.space != layer.features) continue;
      const bool among_equals = row.scope == WeightScope::equal_architecture;
      if (layer.architecture && (layer.role != LayerRole::all || !among_equals)) continue;
      table.add({"  " + layer.architecture.value_or(to_string(layer.role)), to_string(row.space),
                 among_equals ? "within" : "all", fmt::format("{}", row.points),
                 silhouette_text(row), row.start_agreement ? percent(*row.start_agreement) : "-",
                 percent(row.agreement), percent(row.expected),
                 row.p ? fmt::format("{:.2g}", *row.p) : "-"});
    }
  }
  return table.rows() > 0 ? table.text(style) : std::string();
}

std::string dispersion_text(const std::optional<analysis::PooledEffect>& effect) {
  if (!effect) return "-";
  std::string text = figure(effect->effect);
  if (effect->low && effect->high) {
    text += fmt::format(" [{}, {}]", figure(*effect->low), figure(*effect->high));
  }
  return text;
}

std::string contrasts_table(const FamilyProjection& family, const TextStyle& style) {
  TextTable table({{"  layer", Align::left},
                   {"arch."},
                   {"high/other"},
                   {"R2 %"},
                   {"chance %"},
                   {"p"},
                   {"dispersion", Align::left}});
  for (const LayerProjection& layer : family.layers) {
    if (!layer.contrast || layer.architecture) continue;
    const analysis::GroupContrast& contrast = *layer.contrast;
    table.add({"  " + to_string(layer.role), fmt::format("{}", contrast.architectures),
               fmt::format("{}/{}", contrast.successful, contrast.suboptimal),
               percent(contrast.location.r_squared), percent(contrast.location.expected),
               fmt::format("{:.2g}", contrast.location.p_above),
               dispersion_text(contrast.dispersion)});
  }
  return table.rows() > 0 ? table.text(style) : std::string();
}

std::string family_text(const FamilyProjection& family, const TextStyle& style) {
  std::string text = heading_of(*family.of, style);
  const std::string separations = separations_table(family, style);
  if (separations.empty()) {
    return text + entry("groups", "not compared: fewer than two accuracy groups", style);
  }
  const std::string contrasts = contrasts_table(family, style);
  text += separations;
  if (contrasts.empty()) {
    return text + entry("high/other", "not compared: no architecture has runs of both", style);
  }
  return text + contrasts;
}

std::string similarities_table(const analysis::Projection& projection, const TextStyle& style) {
  TextTable table({{"  distance to successful networks of", Align::left},
                   {"arch."},
                   {"high/other", Align::left},
                   {"p"}});
  for (const analysis::Similarity& row : projection.similarities) {
    const analysis::PooledEffect& effect = row.effect;
    std::string text = ratio_text(effect.effect) + " %";
    if (effect.low && effect.high) {
      text += fmt::format(" [{}, {}]", ratio_text(*effect.low), ratio_text(*effect.high));
    }
    const bool too_few = effect.least_p > 1.0 - projection.settings.confidence;
    table.add({fmt::format("  {}, {}: {}", row.dataset, row.family, to_string(row.scope)),
               fmt::format("{}", effect.architectures), text,
               too_few ? "too few" : fmt::format("{:.2g}", effect.p)});
  }
  return table.rows() > 0 ? "\n" + table.text(style) : std::string();
}

}  // namespace

std::string weights_text(const analysis::Weights& weights, const TextStyle& style) {
  if (weights.families.empty()) return "";
  std::string text;
  for (const FamilyWeights& family : weights.families) {
    text += (text.empty() ? "" : "\n") + heading_of(*family.of, style);
    text += groups_table(*family.of, style);
    text += findings_table(family, weights.settings, style);
  }
  return text +
         fmt::format(
             "\nThe first table has means over the runs of an accuracy group, before (start) and\n"
             "after training (end). sigma: standard deviation of the weights of a layer;\n"
             "strength: mean node strength, the sum of |weight| over the inputs of a unit.\n"
             "The second table compares the group high with low and mid.\n"
             "all: over all runs, Cliff's delta or the difference of spreads. A difference\n"
             "that exists at the start is not an effect of training.\n"
             "within arch.: how much more training changed the figure in runs of the group\n"
             "high than in other runs of the same architecture, with its {:.0f} % interval.\n"
             "arch.: number of architectures that have both. p: permutation test that changes\n"
             "the signs of architectures; it needs at least six. The findings have the\n"
             "verdicts, docs/weights.md has the definitions.\n",
             100.0 * weights.settings.confidence);
}

std::string projection_text(const analysis::Projection& projection, const TextStyle& style) {
  if (projection.families.empty()) return "";
  std::string text;
  for (const FamilyProjection& family : projection.families) {
    text += (text.empty() ? "" : "\n") + family_text(family, style);
  }
  return text + similarities_table(projection, style) +
         "\nagree: networks whose nearest neighbour belongs to their accuracy group; start:\n"
         "the same for the initial weights; chance: expected by chance. among: all\n"
         "networks, or only those of the same architecture (within). R2: fraction of the\n"
         "variation within architectures that goes with the group (PERMANOVA). dispersion:\n"
         "mean distance from the centroid of the group, high minus other (PERMDISP). The\n"
         "table projections has the coordinates. docs/weights.md has the definitions.\n";
}

}  // namespace minima::report
