#include "analysis/highlights.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "analysis/compression/whole_curves.h"
#include "record/run_row.h"
#include "statistics/distributions.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

constexpr std::array kBudgets = {1e3,  2e3,  4e3,   8e3,   16e3,  // bytes
                                 32e3, 64e3, 128e3, 256e3, 1e6};

/// The families of one dataset, and the architecture that its answer recommends ("" if none).
struct Place {
  std::string dataset;
  std::string recommended;
  std::vector<const FamilyCompression*> families;
};

FailureHighlight failures_of(const HighlightInput& input, const std::string& dataset) {
  FailureHighlight highlight;
  std::map<Diagnosis, std::int64_t> reasons;
  for (const FamilyConvergence& family : input.convergence.families) {
    if (family.dataset != dataset) continue;
    highlight.runs += static_cast<std::int64_t>(family.selection.runs.size());
    for (const RunDiagnosis& diagnosis : family.diagnoses) {
      ++highlight.failed;
      ++reasons[diagnosis.diagnosis];
      highlight.largest =
          std::max(highlight.largest, input.population.runs[diagnosis.run].parameters);
    }
  }
  for (const auto& [reason, runs] : reasons) {
    if (runs <= highlight.of_reason) continue;
    highlight.reason = to_string(reason);
    highlight.of_reason = runs;
  }
  return highlight;
}

// ---- compression -----------------------------------------------------------------------------

/// The curves of whole networks over all families of a place, by protocol.
template <typename Curve>
std::map<std::string, std::vector<const Curve*>> curves_of(
    const Place& place, std::vector<Curve> FamilyCompression::*member) {
  std::map<std::string, std::vector<const Curve*>> protocols;
  for (const FamilyCompression* family : place.families) {
    for (const auto& [protocol, curves] : whole_curves(family->*member)) {
      auto& all = protocols[protocol];
      all.insert(all.end(), curves.begin(), curves.end());
    }
  }
  return protocols;
}

PruningHighlight pruned_by(const std::string& protocol,
                           const std::vector<const PruningCurve*>& curves, const Place& place) {
  const bool any_stable =
      std::ranges::any_of(curves, [](const auto* curve) { return curve->stable_runs > 0; });
  PruningHighlight highlight{.protocol = protocol};
  std::vector<double> redundancies;
  for (const PruningCurve* curve : curves) {
    const MeanEstimate& estimate = curve->redundancy.estimate;
    if (curve->architecture == place.recommended) highlight.recommended = estimate;
    if (!any_stable || curve->stable_runs > 0) redundancies.push_back(estimate.mean);
  }
  highlight.architectures = static_cast<std::int64_t>(redundancies.size());
  highlight.median = quantile(redundancies, 0.5);
  return highlight;
}

std::optional<PruningHighlight> pruning_of(const Place& place) {
  std::optional<PruningHighlight> best;
  const auto protocols = curves_of(place, &FamilyCompression::pruning);
  for (const auto& [protocol, curves] : protocols) {
    PruningHighlight one = pruned_by(protocol, curves, place);
    if (!best || one.median > best->median) best = std::move(one);
  }
  if (best) best->protocols = protocols.size();
  return best;
}

std::optional<QuantizationHighlight> quantization_of(const Place& place) {
  const auto protocols = curves_of(place, &FamilyCompression::quantization);
  const auto points = [](const auto& protocol) {
    std::size_t sum = 0;
    for (const QuantizationCurve* curve : protocol.second) sum += curve->points.size();
    return sum;
  };
  const auto most = std::ranges::max_element(protocols, {}, points);
  if (most == protocols.end()) return std::nullopt;
  QuantizationHighlight highlight{.protocol = most->first};
  std::map<int, std::int64_t> enough;  // by bits
  for (const QuantizationCurve* curve : most->second) {
    ++highlight.architectures;
    const FormatPoint* smallest = curve->smallest ? &curve->points[*curve->smallest] : nullptr;
    if (smallest != nullptr) ++enough[smallest->bits];
    if (curve->architecture != place.recommended) continue;
    highlight.has_recommended = true;
    if (smallest != nullptr) highlight.recommended = smallest->format.text();
  }
  std::int64_t sum = 0;
  for (const auto& [bits, architectures] : enough) {
    sum += architectures;
    if (2 * sum < highlight.architectures) continue;
    highlight.bits = bits;
    highlight.enough = sum;
    break;
  }
  return highlight;
}

/// How badly a network takes the compression of one tensor; the largest value is most sensitive.
double sensitivity(const PruningCurve& curve) {
  return -curve.redundancy.estimate.mean;
}
double sensitivity(const QuantizationCurve& curve) {
  return curve.points.empty() ? 0.0 : curve.points.back().loss.mean;
}

/// The tensor with the largest value; empty if several share it.
std::string single_largest(const std::map<std::string, double>& values) {
  const auto most =
      std::ranges::max_element(values, {}, [](const auto& each) { return each.second; });
  const auto equal =
      std::ranges::count_if(values, [&](const auto& each) { return each.second == most->second; });
  return equal == 1 ? most->first : "";
}

template <typename Curve>
LayerHighlight most_sensitive(const Place& place, std::vector<Curve> FamilyCompression::*member) {
  std::map<std::string, std::map<std::string, double>> architectures;  // by tensor
  for (const FamilyCompression* family : place.families) {
    for (const Curve& curve : family->*member) {
      if (curve.tensor.empty()) continue;
      const auto [at, is_new] =
          architectures[curve.architecture].emplace(curve.tensor, sensitivity(curve));
      at->second = std::max(at->second, sensitivity(curve));
    }
  }
  LayerHighlight highlight;
  std::map<std::string, std::int64_t> votes;  // also of tensors that never lead
  std::size_t fewest_tensors = std::numeric_limits<std::size_t>::max();
  for (const auto& [architecture, tensors] : architectures) {
    if (tensors.size() < 2) continue;
    ++highlight.architectures;
    fewest_tensors = std::min(fewest_tensors, tensors.size());
    const std::string leader = single_largest(tensors);
    for (const auto& [tensor, value] : tensors) votes[tensor] += tensor == leader ? 1 : 0;
  }
  for (const auto& [tensor, count] : votes) {
    if (count <= highlight.most_sensitive) continue;
    highlight.tensor = tensor;
    highlight.most_sensitive = count;
  }
  if (highlight.most_sensitive > 0) {
    const double chance = 1.0 / static_cast<double>(fewest_tensors);
    highlight.p = std::min(
        1.0, static_cast<double>(votes.size()) *
                 binomial_upper_tail(highlight.most_sensitive, highlight.architectures, chance));
  }
  return highlight;
}

std::optional<LayerHighlight> layers_of(const Place& place) {
  LayerHighlight pruned = most_sensitive(place, &FamilyCompression::pruning);
  if (pruned.architectures > 0) return pruned;
  LayerHighlight quantized = most_sensitive(place, &FamilyCompression::quantization);
  if (quantized.architectures == 0) return std::nullopt;
  quantized.by_pruning = false;
  return quantized;
}

std::vector<BudgetHighlight> budgets_of(const DatasetTradeOffs& trade_offs) {
  const std::vector<const TradeOff*> front = rising_front(trade_offs);
  std::vector<BudgetHighlight> budgets;
  const TradeOff* last = nullptr;
  for (const double budget : kBudgets) {
    const auto beyond =
        std::ranges::upper_bound(front, budget, {}, [](const TradeOff* row) { return row->bytes; });
    if (beyond == front.begin() || *(beyond - 1) == last) continue;
    last = *(beyond - 1);
    budgets.push_back({budget, *last});
  }
  return budgets;
}

// ---- classes ---------------------------------------------------------------------------------

std::optional<ClassHighlight> classes_of(const HighlightInput& input, const Place& place) {
  if (input.outcomes == nullptr) return std::nullopt;
  const ArchitectureOutcomes* of = input.outcomes->find(place.dataset, place.recommended);
  if (of == nullptr || !of->classes.worst) return std::nullopt;
  const auto dataset =
      std::ranges::find(input.outcomes->datasets, place.dataset, &DatasetOutcomes::dataset);
  const ClassAccuracy& worst = *of->classes.worst;
  ClassHighlight highlight{.architecture = place.recommended,
                           .name = dataset->class_name(worst.label),
                           .accuracy = worst.accuracy,
                           .is_clear = worst.accuracy.high < of->test.mean};
  if (!of->confusion) return highlight;
  std::int64_t most = 0;
  for (std::size_t predicted = 0; predicted < of->confusion->classes(); ++predicted) {
    const std::int64_t count = of->confusion->count(worst.label, predicted);
    if (predicted == worst.label || count <= most) continue;
    most = count;
    highlight.mistaken_for = dataset->class_name(predicted);
    highlight.mistaken_share =
        static_cast<double>(count) / static_cast<double>(of->confusion->images_of(worst.label));
  }
  return highlight;
}

}  // namespace

std::vector<const TradeOff*> rising_front(const DatasetTradeOffs& trade_offs) {
  std::vector<const TradeOff*> front;
  for (const TradeOff& row : trade_offs.rows) {
    if (row.on_front) front.push_back(&row);
  }
  std::ranges::stable_sort(front, {}, [](const TradeOff* row) { return row->bytes; });
  std::vector<const TradeOff*> rising;
  for (const TradeOff* row : front) {
    if (rising.empty() || row->accuracy.mean > rising.back()->accuracy.mean) rising.push_back(row);
  }
  return rising;
}

std::vector<DatasetHighlights> highlights_of(const HighlightInput& input) {
  std::vector<DatasetHighlights> all;
  for (const DatasetHeadline& headline : input.headline.datasets) {
    Place place{.dataset = headline.dataset,
                .recommended = headline.smallest ? headline.smallest->architecture : ""};
    for (const FamilyCompression& family : input.compression.families) {
      if (family.dataset == headline.dataset) place.families.push_back(&family);
    }
    DatasetHighlights& highlights = all.emplace_back();
    highlights.dataset = headline.dataset;
    highlights.failures = failures_of(input, headline.dataset);
    highlights.pruning = pruning_of(place);
    highlights.quantization = quantization_of(place);
    highlights.layers = layers_of(place);
    highlights.classes = classes_of(input, place);
    for (const DatasetTradeOffs& trade_offs : input.compression.trade_offs) {
      if (trade_offs.dataset == headline.dataset) highlights.budgets = budgets_of(trade_offs);
    }
  }
  return all;
}

}  // namespace minima::analysis
