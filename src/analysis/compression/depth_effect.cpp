// Redundancy against depth.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/compression/pruning.h"
#include "analysis/population/same_but_widths.h"
#include "network/notation/architecture.h"

namespace minima::analysis {
namespace {

struct EqualWidths {
  int depth = 0;
  int width = 0;
};

// nullopt for networks without hidden layers, with layers of several widths, or of other families.
std::optional<EqualWidths> equal_widths(const std::string& architecture) {
  const auto parsed = network::Architecture::parse(architecture);
  const auto* dnn = std::get_if<network::Dnn>(&parsed.shape());
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
    means[shape.depth].add(curve->skill_redundancy.estimate.mean);
    runs[shape.depth] += curve->stable_runs;
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

/// Residuals of y from a straight line over ln(x).
std::vector<double> residuals_over_log(const std::vector<double>& x, const std::vector<double>& y) {
  Moments of_x;
  Moments of_y;
  for (const double value : x) of_x.add(std::log(value));
  for (const double value : y) of_y.add(value);
  double products = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    products += (std::log(x[i]) - of_x.mean()) * (y[i] - of_y.mean());
  }
  const double squares = of_x.population_variance() * static_cast<double>(x.size());
  const double slope = squares > 0.0 ? products / squares : 0.0;
  std::vector<double> residuals;
  for (std::size_t i = 0; i < x.size(); ++i) residuals.push_back(y[i] - slope * std::log(x[i]));
  return residuals;
}

enum class Among { all, equal_widths, equal_sizes };

std::optional<RankCorrelation> correlation_of(const std::vector<Member>& members, Among among,
                                              const study::AnalysisSettings& settings,
                                              const std::string& subject) {
  std::vector<double> parameters;
  std::vector<double> redundancies;
  for (const Member& member : members) {
    parameters.push_back(static_cast<double>(member.curve->parameters));
    redundancies.push_back(member.curve->skill_redundancy.estimate.mean);
  }
  if (among == Among::equal_sizes) redundancies = residuals_over_log(parameters, redundancies);
  std::vector<RankedPair> pairs;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const EqualWidths& shape = members[i].shape;
    pairs.push_back({.x = static_cast<double>(shape.depth),
                     .y = redundancies[i],
                     .group = among == Among::all ? std::string() : std::to_string(shape.width)});
  }
  return rank_correlation(pairs, settings.permutations,
                          RandomStream(settings.seed, subject_of(subject), Purpose::bootstrap,
                                       static_cast<std::uint32_t>(among)),
                          settings.confidence);
}

}  // namespace

std::vector<DepthEffect> depth_effects(const std::vector<PruningCurve>& curves,
                                       const CompressedFamily& family,
                                       const study::AnalysisSettings& settings) {
  std::map<std::string, std::set<int>> depths;  // over all runs that learned
  std::map<std::string, std::vector<Member>> protocols;
  if (family.family != network::Family::dnn) return {};
  std::set<std::string> architectures;
  for (const PruningCurve& curve : curves) architectures.insert(curve.architecture);
  const std::set<std::string> compared = same_but_widths(architectures);
  for (const PruningCurve& curve : curves) {
    if (!curve.tensor.empty() || !compared.contains(curve.architecture)) continue;
    const auto shape = equal_widths(curve.architecture);
    if (!shape) continue;
    depths[curve.protocol].insert(shape->depth);
    auto& stable = protocols[curve.protocol];  // empty if no architecture is stable
    if (curve.stable_runs > 0) stable.push_back({*shape, &curve});
  }
  std::vector<DepthEffect> effects;
  for (const auto& [protocol, stable] : protocols) {
    if (depths[protocol].size() < 2) continue;
    DepthEffect effect{.protocol = protocol,
                       .depths = depths_of(stable),
                       .all = {},
                       .of_width = {},
                       .of_size = {}};
    const std::string subject =
        fmt::format("redundancy against depth: {}, {}", family.dataset, protocol);
    effect.all = correlation_of(stable, Among::all, settings, subject);
    effect.of_width = correlation_of(stable, Among::equal_widths, settings, subject);
    effect.of_size = correlation_of(stable, Among::equal_sizes, settings, subject);
    effects.push_back(std::move(effect));
  }
  return effects;
}

}  // namespace minima::analysis
