#include "analysis/weights/similarity.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "measure/wasserstein.h"

namespace minima::analysis {
namespace {

bool is_reference(const WeightRun& run) {
  return run.successful() && !run.whole.relative_quantiles.empty();
}

std::vector<const WeightFamily*> references_for(const WeightFamily& family,
                                                const WeightFamilies& all, SimilarityScope scope) {
  std::vector<const WeightFamily*> others;
  for (const auto& other : all) {
    const bool same_dataset = other->dataset == family.dataset;
    const bool same_family = other->family == family.family;
    const bool fits = scope == SimilarityScope::other_datasets ? same_family && !same_dataset
                                                               : same_dataset && !same_family;
    if (fits && std::ranges::any_of(other->runs, is_reference)) others.push_back(other.get());
  }
  return others;
}

double distance_from(const WeightRun& run, const WeightFamily& other) {
  double sum = 0.0;
  double count = 0.0;
  for (const WeightRun& reference : other.runs) {
    if (!is_reference(reference)) continue;
    sum += measure::wasserstein_distance(run.whole.relative_quantiles,
                                         reference.whole.relative_quantiles);
    count += 1.0;
  }
  return sum / count;
}

double mean_distance_from(const WeightRun& run, const std::vector<const WeightFamily*>& others) {
  double sum = 0.0;
  for (const WeightFamily* other : others) sum += distance_from(run, *other);
  return sum / static_cast<double>(others.size());
}

// The logarithms of the distances of the compared runs.
std::vector<ContrastedRun> distances_of(const WeightFamily& family,
                                        const std::vector<const WeightFamily*>& others) {
  std::vector<ContrastedRun> runs;
  for (const WeightRun& run : family.runs) {
    if (!(run.successful() || run.suboptimal()) || run.whole.relative_quantiles.empty()) continue;
    const double distance = mean_distance_from(run, others);
    if (!(distance > 0.0)) continue;
    runs.push_back({std::log(distance), run.successful(), run.run->architecture});
  }
  return runs;
}

// Counts the runs of architectures with an effect; the mean distance is over the successful ones.
void count_runs(const std::vector<ContrastedRun>& runs,
                const std::vector<ArchitectureEffect>& effects, Similarity& row) {
  std::set<std::string> used;
  for (const ArchitectureEffect& effect : effects) used.insert(effect.architecture);
  for (const ContrastedRun& run : runs) {
    if (!used.contains(run.architecture)) continue;
    ++(run.successful ? row.successful : row.suboptimal);
    if (run.successful) row.mean_distance += std::exp(run.value);
  }
  row.mean_distance /= static_cast<double>(row.successful);
}

std::optional<Similarity> similarity(const WeightFamily& family, const WeightFamilies& all,
                                     SimilarityScope scope,
                                     const study::AnalysisSettings& settings) {
  const auto others = references_for(family, all, scope);
  if (others.empty()) return std::nullopt;
  const std::vector<ContrastedRun> runs = distances_of(family, others);
  const std::vector<ArchitectureEffect> effects = mean_differences(runs);
  const auto effect = pooled(effects, settings.confidence, settings.permutations,
                             {settings.seed,
                              subject_of("similarity|" + family.dataset + "|" +
                                         word_text(family.family) + "|" + to_string(scope)),
                              Purpose::weight_statistics});
  if (!effect) return std::nullopt;
  Similarity row{.dataset = family.dataset, .family = family.family, .scope = scope};
  for (const WeightFamily* other : others) {
    row.references += std::ranges::count_if(other->runs, is_reference);
  }
  count_runs(runs, effects, row);
  row.effect = *effect;
  return row;
}

}  // namespace

std::vector<Similarity> similarities(const WeightFamilies& families,
                                     const study::AnalysisSettings& settings) {
  std::vector<Similarity> rows;
  for (const auto& family : families) {
    for (const auto scope : {SimilarityScope::other_datasets, SimilarityScope::other_families}) {
      if (auto row = similarity(*family, families, scope, settings)) rows.push_back(*row);
    }
  }
  return rows;
}

}  // namespace minima::analysis
