// Compares compressed networks with their runs in one pass over the outcomes of all variants.
#include <map>
#include <tuple>

#include "analysis/images/outcome_context.h"
#include "record/predictions.h"
#include "record/variant.h"

namespace minima::analysis {
namespace {

/// Compression of a run; sorts as a store sorts its variants.
using Way = std::tuple<std::string, double, std::string, std::string, study::ValueFormat>;
using SumsByWay = std::map<Way, PairedSums>;

void finish_group(const SumsByWay& ways, const study::AnalysisSettings& settings,
                  ArchitectureOutcomes& result) {
  for (const auto& [way, sums] : ways) {
    const auto& [pruning, sparsity, tensor, quantization, format] = way;
    result.compressed.push_back(
        {.pruning = pruning,
         .sparsity_asked = sparsity,
         .quantization = quantization,
         .format = format,
         .tensor = tensor,
         .loss = sums.result(settings.compression_tolerance, settings.confidence,
                             settings.constant_prediction)});
  }
}

}  // namespace

void add_compressed(
    const OutcomeGroups& groups, std::span<const OutcomeContext> datasets,
    const OutcomeSource& source,
    const std::function<std::optional<std::vector<std::uint8_t>>(std::size_t run)>& is_right,
    const study::AnalysisSettings& settings, std::span<ArchitectureOutcomes> results) {
  if (!source.outcomes) return;
  std::map<std::size_t, SumsByWay> open;
  GroupCompletion completion(groups, [&](std::size_t group) {
    const auto at = open.find(group);
    if (at == open.end()) return;
    finish_group(at->second, settings, results[group]);
    open.erase(at);
  });
  std::optional<std::size_t> current;  // the run whose outcomes are in `before`
  std::optional<std::vector<std::uint8_t>> before;
  source.outcomes([&](const std::string& run_id, const record::Variant& which,
                      record::VariantOutcomes&& outcomes) {
    const OutcomeGroups::Place* place = groups.find(run_id);
    if (place == nullptr) return;
    const OutcomeContext& dataset = datasets[groups.groups()[place->group].dataset];
    if (!dataset.labels || outcomes.test.size() != dataset.labels->test.size()) return;
    completion.reach(place->run);
    if (current != place->run) before = is_right(place->run);
    current = place->run;
    if (!before) return;
    const Way way{which.pruning, which.sparsity_asked, which.tensor, which.quantization,
                  which.format};
    SumsByWay& ways = open[place->group];
    const auto sums = ways.try_emplace(way, dataset.labels->test, dataset.classes).first;
    sums->second.add(*before, outcomes.test);
  });
  completion.finish();
}

}  // namespace minima::analysis
