#include "analysis/compression/pruning.h"

#include <algorithm>
#include <map>

#include "record/variant.h"

namespace minima::analysis {
namespace {

// Sparsity of the pruned part: the single tensor or the whole network.
double sparsity_of(const record::Variant& variant) {
  if (variant.tensor.empty()) return variant.sparsity();
  for (const record::VariantTensor& tensor : variant.tensors) {
    if (tensor.name != variant.tensor || tensor.weights == 0) continue;
    return 1.0 - static_cast<double>(tensor.kept) / static_cast<double>(tensor.weights);
  }
  return variant.sparsity_asked;
}

struct SparsityMoments {
  Moments sparsity;
  Moments accuracy;
  Moments loss;
  Moments skill_loss;  // over the stable runs
  Moments bytes;
  Moments dead_units;
};

// Data for the curve of an architecture.
struct CurveRuns {
  Moments dense;
  std::map<double, SparsityMoments> points;  // by target sparsity
  std::vector<RunRedundancy> redundancies;
  std::vector<RunRedundancy> of_skill;  // over the stable runs
  Moments tolerances;                   // over the stable runs
};

void collect(const CompressedRun& member, const CompressedFamily& family, double tolerance,
             CurveRuns& collected) {
  const double dense = member.run->result.test_accuracy;
  std::vector<LossPoint> losses;
  std::vector<LossPoint> skills;
  const bool is_stable = family.stable.contains(member.run);
  for (const record::Variant* variant : member.variants) {
    SparsityMoments& point = collected.points[variant->sparsity_asked];
    const double accuracy = family.accuracy_of(*variant);
    losses.push_back({.sparsity = sparsity_of(*variant), .loss = dense - accuracy});
    skills.push_back({losses.back().sparsity, family.skill_loss(*member.run, *variant)});
    if (is_stable) point.skill_loss.add(skills.back().loss);
    point.sparsity.add(losses.back().sparsity);
    point.accuracy.add(accuracy);
    point.loss.add(losses.back().loss);
    point.bytes.add(static_cast<double>(variant->bytes.packed));
    point.dead_units.add(static_cast<double>(variant->dead_units));
  }
  collected.dense.add(dense);
  collected.redundancies.push_back(redundancy_of(std::move(losses), tolerance));
  if (!is_stable) return;
  const double of_skill =
      skill_tolerance(dense, family.majority_share, family.test_count, tolerance);
  collected.tolerances.add(of_skill);
  collected.of_skill.push_back(monotone_redundancy(std::move(skills), of_skill));
}

// Of points with equal sparsity only the last counts. They occur if a layer has nothing left to
// lose.
std::vector<AccuracyPoint> accuracy_curve(const PruningCurve& curve) {
  std::map<double, double> points;
  for (const PruningPoint& point : curve.points) {
    points[point.sparsity] = curve.dense_accuracy - point.loss;
  }
  points[0.0] = curve.dense_accuracy;
  std::vector<AccuracyPoint> all;
  for (const auto& [sparsity, accuracy] : points) all.push_back({sparsity, accuracy});
  return all;
}

PruningCurve pruning_curve_of(const CurveKey& key, const std::vector<CompressedRun>& runs,
                              const CompressedFamily& family,
                              const study::AnalysisSettings& settings) {
  CurveRuns collected;
  for (const CompressedRun& run : runs) {
    collect(run, family, settings.compression_tolerance, collected);
  }
  PruningCurve curve{.architecture = key.architecture,
                     .parameters = key.parameters,
                     .protocol = key.protocol,
                     .tensor = key.tensor,
                     .runs = collected.dense.count(),
                     .dense_accuracy = collected.dense.mean(),
                     .points = {},
                     .redundancy = {},
                     .skill_redundancy = {},
                     .phases = {}};
  for (const auto& [asked, point] : collected.points) {
    curve.points.push_back({.asked = asked,
                            .sparsity = point.sparsity.mean(),
                            .accuracy = summary_of(point.accuracy),
                            .loss = point.loss.mean(),
                            .skill_loss = point.skill_loss.count() > 0
                                              ? std::optional(point.skill_loss.mean())
                                              : std::nullopt,
                            .packed_bytes = point.bytes.mean(),
                            .dead_units = point.dead_units.mean()});
  }
  curve.redundancy = redundancy_over(collected.redundancies, settings.confidence);
  curve.stable_runs = static_cast<std::int64_t>(collected.of_skill.size());
  curve.skill_redundancy = redundancy_over(collected.of_skill, settings.confidence);
  curve.skill_tolerance = collected.tolerances.mean();
  curve.phases = pruning_phases(accuracy_curve(curve), {family.majority_share, family.least_error},
                                settings.compression_tolerance);
  return curve;
}

}  // namespace

std::vector<PruningCurve> pruning_curves(const CompressedFamily& family,
                                         const study::AnalysisSettings& settings) {
  std::vector<PruningCurve> curves;
  for (const auto& [key, runs] : runs_of_pruning_curves(family)) {
    curves.push_back(pruning_curve_of(key, runs, family, settings));
  }
  return curves;
}

}  // namespace minima::analysis
