// Redundancy against depth.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/pruning.h"
#include "study/architecture.h"

namespace minima::analysis {
namespace {

struct EqualWidths {
  int depth = 0;
  int width = 0;
};

// Nothing for networks without hidden layers, with layers of several widths, or of other families.
std::optional<EqualWidths> equal_widths(const std::string& architecture) {
  const auto parsed = study::Architecture::parse(architecture);
  const auto* dnn = std::get_if<study::Dnn>(&parsed.shape());
  if (dnn == nullptr || dnn->hidden.empty()) return std::nullopt;
  const int width = dnn->hidden.front();
  if (std::ranges::any_of(dnn->hidden, [&](int each) { return each != width; })) return {};
  return EqualWidths{static_cast<int>(dnn->hidden.size()), width};
}

struct Member {
  EqualWidths shape;
  const PruningCurve* curve;
};

std::vector<DepthRedundancy> depths_of(const std::vector<Member>& members) {
  std::map<int, Moments> means;
  std::map<int, std::int64_t> runs;
  for (const auto& [shape, curve] : members) {
    means[shape.depth].add(curve->redundancy.estimate.mean);
    runs[shape.depth] += curve->runs;
  }
  std::vector<DepthRedundancy> depths;
  for (const auto& [depth, moments] : means) {
    DepthRedundancy& row = depths.emplace_back();
    row.depth = depth;
    row.architectures = moments.count();
    row.runs = runs[depth];
    row.mean = moments.mean();
    if (moments.count() > 1) row.sd = moments.sample_sd();
  }
  return depths;
}

std::optional<RankCorrelation> correlation_of(const std::vector<Member>& members, bool by_width,
                                              const study::AnalysisSettings& settings,
                                              const std::string& subject) {
  std::vector<RankedPair> pairs;
  for (const auto& [shape, curve] : members) {
    pairs.push_back({.x = static_cast<double>(shape.depth),
                     .y = curve->redundancy.estimate.mean,
                     .group = by_width ? std::to_string(shape.width) : std::string()});
  }
  return rank_correlation(
      pairs, settings.permutations,
      RandomStream(settings.seed, subject_of(subject), Purpose::bootstrap, by_width ? 1U : 0U));
}

}  // namespace

std::vector<DepthEffect> depth_effects(const std::vector<PruningCurve>& curves,
                                       const CompressedFamily& family,
                                       const study::AnalysisSettings& settings) {
  std::map<std::string, std::vector<Member>> protocols;
  for (const PruningCurve& curve : curves) {
    if (!curve.tensor.empty() || family.family != "dnn") continue;
    if (const auto shape = equal_widths(curve.architecture)) {
      protocols[curve.protocol].push_back({*shape, &curve});
    }
  }
  std::vector<DepthEffect> effects;
  for (const auto& [protocol, members] : protocols) {
    DepthEffect effect{
        .protocol = protocol, .depths = depths_of(members), .all = {}, .of_width = {}};
    if (effect.depths.size() < 2) continue;
    const std::string subject =
        fmt::format("redundancy against depth: {}, {}", family.dataset, protocol);
    effect.all = correlation_of(members, false, settings, subject);
    effect.of_width = correlation_of(members, true, settings, subject);
    effects.push_back(std::move(effect));
  }
  return effects;
}

}  // namespace minima::analysis
