#include "report/sections/compression_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "analysis/compression/whole_curves.h"
#include "core/text.h"
#include "report/text/entry.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

using analysis::FamilyCompression;
using analysis::PruningCurve;
using analysis::QuantizationCurve;
using analysis::TradeOff;

std::string sparsity_text(const std::optional<double>& sparsity) {
  return sparsity ? fmt::format("{:.1f}", 100.0 * *sparsity) : std::string("-");
}

std::string correlation_text(const RankCorrelation& correlation) {
  return fmt::format("rank correlation {:.2f}, p = {:.2g}", correlation.rho, correlation.p);
}

// ---- pruning ---------------------------------------------------------------------------------

std::string redundancy_text(const analysis::Redundancy& redundancy) {
  const auto& [runs, mean, sd, low, high] = redundancy.estimate;
  std::string text = fmt::format("{}{:.1f}", redundancy.beyond > 0 ? ">= " : "", 100.0 * mean);
  if (low && high) text += fmt::format(" [{:.1f}, {:.1f}]", 100.0 * *low, 100.0 * *high);
  return text;
}

std::string pruning_table(const std::vector<const PruningCurve*>& curves, const TextStyle& style) {
  TextTable table({{"  architecture", Align::left},
                   {"runs"},
                   {"dense %"},
                   {"redundancy %", Align::left},
                   {"flat to"},
                   {"collapse from"}});
  for (const PruningCurve* curve : curves) {
    table.add({"  " + curve->architecture, grouped(curve->runs), percent(curve->dense_accuracy),
               curve->stable_runs > 0 ? redundancy_text(curve->skill_redundancy) : "not stable",
               sparsity_text(curve->phases.flat_until),
               sparsity_text(curve->phases.collapse_from)});
  }
  return table.text(style, "pruning_redundancy");
}

// No verdict on depth: the claim in findings gives it.
std::string depth_text(const analysis::DepthEffect& effect) {
  if (effect.depths.size() < 2) return "not compared: fewer than two depths have stable networks";
  if (!effect.all) return "redundancy is the same at all depths of stable networks";
  std::string text = fmt::format("{} stable architectures: redundancy against depth, {}",
                                 effect.all->observations, correlation_text(*effect.all));
  if (!effect.of_width)
    return text + "; no two architectures of equal width differ in depth and redundancy";
  text += "; within widths, " + correlation_text(*effect.of_width);
  if (effect.of_size)
    text += "; within widths, corrected for parameters, " + correlation_text(*effect.of_size);
  return text;
}

std::string pruning_text(const FamilyCompression& family, const TextStyle& style) {
  std::string text;
  for (const auto& [protocol, curves] : analysis::whole_curves(family.pruning)) {
    text += entry("pruning", protocol, style) + pruning_table(curves, style);
    for (const analysis::DepthEffect& effect : family.depth) {
      if (effect.protocol != protocol) continue;
      text += entry("depth", depth_text(effect), style);
    }
  }
  return text;
}

// ---- quantization ----------------------------------------------------------------------------

std::string loss_text(const MeanEstimate& loss) {
  // Adding 0.0 turns -0.0 into 0.0, so a value that rounds to zero has no sign.
  const auto points = [](double value) {
    return fmt::format("{:.2f}", std::round(1e4 * value) / 100.0 + 0.0);
  };
  std::string text = points(loss.mean);
  if (loss.low && loss.high)
    text += fmt::format(" [{}, {}]", points(*loss.low), points(*loss.high));
  return text;
}

std::string format_table(const std::vector<const QuantizationCurve*>& curves,
                         const TextStyle& style) {
  TextTable table({{"  architecture", Align::left},
                   {"runs"},
                   {"dense %"},
                   {"smallest", Align::left},
                   {"loss, points", Align::left},
                   {"certain", Align::left}});
  for (const QuantizationCurve* curve : curves) {
    const auto name = [&](const std::optional<std::size_t>& point) {
      return point ? curve->points[*point].format.text() : std::string("-");
    };
    table.add({"  " + curve->architecture, grouped(curve->runs), percent(curve->dense_accuracy),
               name(curve->smallest),
               curve->smallest ? loss_text(curve->points[*curve->smallest].loss) : "-",
               name(curve->surely_smallest)});
  }
  return table.text(style, "quantization_formats");
}

// No verdict on size: the claim in findings gives it.
std::string sizes_text(const std::vector<const analysis::SizeEffect*>& effects) {
  std::vector<std::string> parts;
  for (const analysis::SizeEffect* effect : effects) {
    parts.push_back(fmt::format("{} {:.2f} (p = {:.2g})", effect->format, effect->correlation.rho,
                                effect->correlation.p));
  }
  return fmt::format("lost skill against parameters, rank correlation: {}", fmt::join(parts, ", "));
}

std::string quantization_text(const FamilyCompression& family, const TextStyle& style) {
  std::string text;
  for (const auto& [protocol, curves] : analysis::whole_curves(family.quantization)) {
    text += entry("formats", protocol, style) + format_table(curves, style);
    std::vector<const analysis::SizeEffect*> effects;
    for (const analysis::SizeEffect& effect : family.sizes) {
      if (effect.protocol == protocol) effects.push_back(&effect);
    }
    if (effects.empty()) continue;
    text += entry("sizes", sizes_text(effects), style);
  }
  return text;
}

// The sensitivity of tensors needs plots; the text only refers to it.
std::string tensors_text(const FamilyCompression& family, const TextStyle& style) {
  const auto of_one = [](const auto& curve) { return !curve.tensor.empty(); };
  std::vector<std::string> tables;
  if (std::ranges::any_of(family.pruning, of_one)) {
    tables.insert(tables.end(), {"pruning_sensitivity", "pruning_tensors"});
  }
  if (std::ranges::any_of(family.quantization, of_one))
    tables.emplace_back("quantization_sensitivity");
  if (tables.empty()) return "";
  return entry("tensors",
               fmt::format("compressed one at a time: tables {}", fmt::join(tables, ", ")), style);
}

std::string family_text(const FamilyCompression& family, const TextStyle& style) {
  std::string text = heading(
      fmt::format("{}, {}", family.dataset, family.family),
      fmt::format("{} that learned, pruned or quantized", counted(family.runs, "run")), style);
  text += pruning_text(family, style);
  text += quantization_text(family, style);
  return text + tensors_text(family, style);
}

// ---- accuracy against bytes ------------------------------------------------------------------

std::string accuracy_text(const AccuracySummary& accuracy) {
  std::string text = percent(accuracy.mean);
  if (accuracy.sd) text += " +- " + percent(*accuracy.sd);
  return text;
}

std::string front_text(const analysis::DatasetTradeOffs& dataset, const TextStyle& style) {
  std::vector<const TradeOff*> front;
  for (const TradeOff& row : dataset.rows) {
    if (row.on_front) front.push_back(&row);
  }
  std::ranges::stable_sort(front, std::ranges::greater(),
                           [](const TradeOff* row) { return row->accuracy.mean; });
  std::string text =
      heading(dataset.dataset,
              fmt::format("the front of accuracy against bytes, {} of {}", front.size(),
                          counted(static_cast<std::int64_t>(dataset.rows.size()), "network")),
              style);
  TextTable table({{"  architecture", Align::left},
                   {"sparsity %"},
                   {"format", Align::left},
                   {"bytes"},
                   {"test % +- sd", Align::left},
                   {"runs"}});
  for (const TradeOff* row : front) {
    const bool is_pruned = !row->pruning.empty();
    table.add({"  " + row->architecture,
               sparsity_text(is_pruned ? std::optional(row->sparsity) : std::nullopt),
               row->format.text(), bytes_text(row->bytes), accuracy_text(row->accuracy),
               grouped(row->accuracy.runs)});
  }
  return text + table.text(style, "trade_offs");
}

}  // namespace

std::string compression_text(const analysis::Compression& compression,
                             const analysis::Population& population, const TextStyle& style) {
  if (population.variants.empty()) return "";
  if (compression.families.empty()) return "No run that learned was pruned or quantized.\n";
  std::string text;
  for (const FamilyCompression& family : compression.families) {
    text += (text.empty() ? "" : "\n") + family_text(family, style);
  }
  for (const analysis::DatasetTradeOffs& dataset : compression.trade_offs) {
    text += "\n" + front_text(dataset, style);
  }
  return text +
         fmt::format(
             "\nSkill is test accuracy minus the fraction of the largest class. An architecture\n"
             "is stable if most of its runs reach {:.0f} % of the best skill. Redundancy is the\n"
             "largest sparsity that costs at most {:.1f} % of skill, or less than the test\n"
             "images can show. flat to, collapse from: sparsities in %. smallest: the format\n"
             "with the fewest bits that loses at most {} points. certain: the same, if its\n"
             "whole interval is within these points. The front has the networks for which no\n"
             "other one is both as small and as accurate. It is chosen on validation images,\n"
             "if there are any; the table shows test accuracy. Intervals are over runs, at\n"
             "{:.0f} %. docs/compression.md defines every quantity. The table trade_offs has the\n"
             "protocols of the front.\n",
             100.0 * compression.settings.stable_skill,
             100.0 * compression.settings.compression_tolerance,
             percent(compression.settings.compression_tolerance),
             100.0 * compression.settings.confidence);
}

}  // namespace minima::report
