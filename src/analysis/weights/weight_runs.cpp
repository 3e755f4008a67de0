#include "analysis/weights/weight_runs.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>
#include <unordered_map>

#include "core/numbers/random.h"
#include "measure/weight_histogram.h"
#include "network/families/lower.h"
#include "record/study.h"

namespace minima::analysis {
namespace {

using Summaries = std::vector<record::WeightSummary>;
using Roles = std::map<std::string, LayerRole, std::less<>>;  // of the matrices, by their names

// The summaries of one stage in their order; `epoch` matters only for intermediate stages.
Summaries of_stage(const Summaries& summaries, record::WeightStage stage, int epoch = 0) {
  Summaries some;
  std::ranges::copy_if(summaries, std::back_inserter(some), [&](const auto& summary) {
    return summary.stage == stage &&
           (stage != record::WeightStage::epoch || summary.epoch == epoch);
  });
  return some;
}

std::set<int> epochs_on_the_way(const Summaries& summaries) {
  std::set<int> epochs;
  for (const record::WeightSummary& summary : summaries) {
    if (summary.stage == record::WeightStage::epoch) epochs.insert(summary.epoch);
  }
  return epochs;
}

// The same tensor at initialisation.
const record::WeightSummary* start_of(const record::WeightSummary& end, const Summaries& start) {
  const auto found = std::ranges::find(start, end.tensor, &record::WeightSummary::tensor);
  return found == start.end() ? nullptr : &*found;
}

std::vector<RunTensor> tensors_of(const Summaries& end, const Summaries& start,
                                  const Roles& roles) {
  std::vector<RunTensor> tensors;
  for (const record::WeightSummary& summary : end) {
    RunTensor& tensor = tensors.emplace_back();
    tensor.name = summary.name;
    tensor.role = roles.at(summary.name);
    tensor.statistics = summary.statistics;
    tensor.node_strength = summary.nodes.mean;
    tensor.node_strength_sd = summary.nodes.sd;
    if (const auto* before = start_of(summary, start)) {
      tensor.start = {.mean = before->statistics.mean,
                      .sd = before->statistics.sd,
                      .near_zero = before->statistics.near_zero,
                      .node_strength = before->nodes.mean};
    }
  }
  return tensors;
}

using Tensors = std::vector<const record::WeightSummary*>;

// Groups the summaries of one stage and epoch by role.
std::map<LayerRole, Tensors> by_role(const Summaries& all, const Roles& roles) {
  std::map<LayerRole, Tensors> tensors;
  for (const record::WeightSummary& summary : all) {
    tensors[roles.at(summary.name)].push_back(&summary);
  }
  return tensors;
}

// Adds a quantile function times a factor.
void add_quantiles(std::vector<double>& sum, const record::WeightSummary& tensor, double factor) {
  sum.resize(tensor.quantiles.size(), 0.0);
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] += factor * static_cast<double>(tensor.quantiles[i]);
  }
}

std::vector<float> floats(const std::vector<double>& values) {
  std::vector<float> result;
  for (const double value : values) result.push_back(static_cast<float>(value));
  return result;
}

// Means over tensors. `units`: initial standard deviation of each tensor, or 1.
StageFigures figures_of(const Tensors& tensors, const std::vector<double>& units) {
  StageFigures figures;
  std::vector<double> quantiles;
  const double share = 1.0 / static_cast<double>(tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const record::WeightSummary& tensor = *tensors[i];
    figures.mean += share * tensor.statistics.mean / units[i];
    figures.sd += share * tensor.statistics.sd;
    figures.near_zero += share * tensor.statistics.near_zero;
    figures.node_strength += share * tensor.nodes.mean;
    add_quantiles(quantiles, tensor, share);
  }
  figures.quantiles = floats(quantiles);
  return figures;
}

// The fraction of weights near zero, smoothed so that its logarithm is finite.
double smoothed_near_zero(const record::TensorStatistics& statistics) {
  const auto count = static_cast<double>(statistics.count);
  return (statistics.near_zero * count + 0.5) / (count + 1.0);
}

WeightChange change_of(const Tensors& end, const Tensors& start) {
  WeightChange change;
  double near_zero = 0.0;
  double compared = 0.0;
  const double share = 1.0 / static_cast<double>(end.size());
  for (std::size_t i = 0; i < end.size(); ++i) {
    const record::TensorStatistics& after = end[i]->statistics;
    const record::TensorStatistics& before = start[i]->statistics;
    change.sd += share * std::log(after.sd / before.sd);
    change.node_strength += share * std::log(end[i]->nodes.mean / start[i]->nodes.mean);
    change.mean += share * (after.mean - before.mean) / before.sd;
    if (after.count < kFewestOfPeak) continue;
    near_zero += std::log(smoothed_near_zero(after) / smoothed_near_zero(before));
    compared += 1.0;
  }
  if (compared > 0.0) change.near_zero = near_zero / compared;
  return change;
}

// Whether the logarithms of ratios are finite.
bool varies(const record::WeightSummary* tensor) {
  return tensor != nullptr && tensor->statistics.sd > 0.0 && tensor->nodes.mean > 0.0;
}

RoleWeights together(const Tensors& end, const Summaries& all_at_start) {
  RoleWeights role;
  Tensors start;
  for (const record::WeightSummary* tensor : end) start.push_back(start_of(*tensor, all_at_start));
  std::vector<double> units(end.size(), 1.0);
  if (!std::ranges::all_of(start, varies)) {
    role.end = figures_of(end, units);
    return role;
  }
  std::ranges::transform(start, units.begin(),
                         [](const auto* tensor) { return tensor->statistics.sd; });
  role.end = figures_of(end, units);
  role.start = figures_of(start, units);
  std::vector<double> relative;
  for (std::size_t i = 0; i < end.size(); ++i) {
    add_quantiles(relative, *end[i], 1.0 / (units[i] * static_cast<double>(end.size())));
  }
  role.relative_quantiles = floats(relative);
  if (std::ranges::all_of(end, varies)) role.change = change_of(end, start);
  return role;
}

record::BinnedCounts histogram_of(const Tensors& tensors) {
  measure::WeightHistogram histogram;
  for (const record::WeightSummary* tensor : tensors) histogram.merge(tensor->histogram);
  return histogram.counts();
}

bool is_finite(const Summaries& summaries) {
  return std::ranges::all_of(summaries, [](const record::WeightSummary& summary) {
    return summary.statistics.not_finite == 0;
  });
}

// Hash used for sampling: keeps the runs with the smallest hashes, independent of order.
std::uint64_t hash_of(const study::AnalysisSettings& settings, const std::string& run_id) {
  RandomStream random(settings.seed, subject_of("held weights|" + run_id),
                      Purpose::weight_statistics);
  return random.below(std::numeric_limits<std::uint64_t>::max());
}

Tensors pointers_to(const Summaries& summaries) {
  Tensors tensors;
  for (const record::WeightSummary& summary : summaries) tensors.push_back(&summary);
  return tensors;
}

void drop_quantiles(RoleWeights& weights) {
  weights.end.quantiles = {};
  if (weights.start) weights.start->quantiles = {};
  weights.relative_quantiles = {};
}

// Builds a family while its runs are read.
class Builder {
 public:
  Builder(const Population& population, const Selection& selection,
          const study::AnalysisSettings& settings)
      : settings_(settings), recorded_(selection.runs.size()) {
    const record::DatasetRecord& dataset = population.datasets[selection.dataset];
    family_.dataset = dataset.name;
    family_.family = selection.family;
    family_.problem = dataset.problem;
  }

  /// The matrices of an architecture.
  const Roles& roles_in(const std::string& architecture) {
    const auto [found, is_new] = roles_.try_emplace(architecture);
    if (!is_new) return found->second;
    const network::Graph graph =
        network::graph_of(network::Architecture::parse(architecture), family_.problem);
    for (const LayerMatrix& matrix : matrices_of(graph)) {
      found->second.emplace(graph.tensors[matrix.tensor].spec.name, matrix.role);
    }
    return found->second;
  }

  /// `summaries`: of the matrices of the run.
  void add(const record::RunRow& row, std::optional<AccuracyGroup> group,
           const Summaries& summaries) {
    if (row.result.status != record::RunStatus::finished || !is_finite(summaries)) return;
    const Summaries start = of_stage(summaries, record::WeightStage::start);
    const Summaries end = of_stage(summaries, record::WeightStage::end);
    if (end.empty()) return;
    const Roles& roles = roles_in(row.architecture);
    WeightRun& run = family_.runs.emplace_back();
    run.run = &row;
    run.group = group;
    run.accuracy = grouped_accuracy(settings_) == study::AccuracyKind::train
                       ? row.result.train_accuracy
                       : row.result.test_accuracy;
    run.tensors = tensors_of(end, start, roles);
    for (const auto& [role, tensors] : by_role(end, roles)) {
      run.roles[role] = together(tensors, start);
      if (group) histograms_[{role, *group}].merge(histogram_of(tensors));
    }
    for (const auto& [role, tensors] : by_role(start, roles)) {
      if (group) start_histograms_[{role, *group}].merge(histogram_of(tensors));
    }
    run.whole = together(pointers_to(end), start);
    hold();
    if (!group) return;
    add_to_courses(*group, 0, start, roles);
    for (const int epoch : epochs_on_the_way(summaries)) {
      add_to_courses(*group, epoch, of_stage(summaries, record::WeightStage::epoch, epoch), roles);
    }
    add_to_courses(*group, row.result.epochs, end, roles);
  }

  [[nodiscard]] std::shared_ptr<const WeightFamily> family() && {
    if (family_.runs.empty()) return nullptr;
    for (const auto& [role, histogram] : histograms_) {
      family_.histograms.emplace(role, histogram.counts());
    }
    for (const auto& [role, histogram] : start_histograms_) {
      family_.start_histograms.emplace(role, histogram.counts());
    }
    for (auto& [role, course] : family_.courses) {
      for (auto& [epoch, point] : course) {
        point.sd /= static_cast<double>(point.runs);
        point.node_strength /= static_cast<double>(point.runs);
      }
    }
    family_.left_out = static_cast<std::int64_t>(recorded_ - family_.runs.size());
    return std::make_shared<const WeightFamily>(std::move(family_));
  }

 private:
  // Drops the quantile functions of the run with the largest hash if one too many is held.
  void hold() {
    held_.emplace(hash_of(settings_, family_.runs.back().run->id), family_.runs.size() - 1);
    if (held_.size() <= static_cast<std::size_t>(settings_.projection_points)) return;
    WeightRun& dropped = family_.runs[std::prev(held_.end())->second];
    held_.erase(std::prev(held_.end()));
    dropped.held = false;
    drop_quantiles(dropped.whole);
    for (auto& [role, weights] : dropped.roles) drop_quantiles(weights);
  }

  void add_to_courses(AccuracyGroup group, int epoch, const Summaries& summaries,
                      const Roles& roles) {
    for (const auto& [role, tensors] : by_role(summaries, roles)) {
      const StageFigures figures = figures_of(tensors, std::vector(tensors.size(), 1.0));
      CoursePoint& point = family_.courses[{role, group}][epoch];
      ++point.runs;
      point.sd += figures.sd;
      point.node_strength += figures.node_strength;
    }
  }

  const study::AnalysisSettings& settings_;
  std::size_t recorded_;
  WeightFamily family_;
  std::map<std::string, Roles> roles_;  // by architecture
  std::map<RoleAndGroup, measure::WeightHistogram> histograms_;
  std::map<RoleAndGroup, measure::WeightHistogram> start_histograms_;
  std::set<std::pair<std::uint64_t, std::size_t>> held_;  // hash, index of the run
};

// The family that a run belongs to.
struct Member {
  Builder* family = nullptr;
  const record::RunRow* row = nullptr;
  std::optional<AccuracyGroup> group;
};

using Members = std::unordered_map<std::string, Member>;

void add_members(const Population& population, const Selection& selection,
                 const study::AnalysisSettings& settings, Builder& family, Members& members) {
  const Groups groups = groups_of(population, selection, settings);
  for (std::size_t i = 0; i < selection.runs.size(); ++i) {
    const record::RunRow& row = population.runs[selection.runs[i]];
    members[row.id] = {&family, &row, groups.defined ? groups.groups[i] : std::nullopt};
  }
}

// Adds each run to its family once its last summary was read.
void read_runs(const SummarySource& source, const Members& members) {
  std::string current;
  const Member* member = nullptr;  // the run `current`, or null
  const Roles* roles = nullptr;    // of its matrices
  Summaries summaries;
  const auto end_run = [&] {
    if (!summaries.empty()) member->family->add(*member->row, member->group, summaries);
    summaries.clear();
  };
  source([&](const std::string& run_id, record::WeightSummary&& summary) {
    if (run_id != current) {
      end_run();
      current = run_id;
      const auto found = members.find(run_id);
      member = found == members.end() ? nullptr : &found->second;
      if (member != nullptr) roles = &member->family->roles_in(member->row->architecture);
    }
    if (member != nullptr && roles->contains(summary.name)) summaries.push_back(std::move(summary));
  });
  end_run();
}

}  // namespace

SummarySource summaries_in(const store::Reader& store) {
  return [&store](const auto& on_summary) { store.weight_summaries(on_summary); };
}

std::vector<LayerMatrix> matrices_of(const network::Graph& graph) {
  std::vector<network::BlockPart> parts(graph.tensors.size(), network::BlockPart::none);
  for (const network::Op& op : graph.ops) {
    for (const std::size_t tensor : op.tensors) parts[tensor] = op.part;
  }
  std::vector<LayerMatrix> matrices;
  for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
    if (graph.tensors[i].role == network::Role::weight) matrices.push_back({.tensor = i});
  }
  for (LayerMatrix& matrix : matrices) {
    const network::BlockPart part = parts[matrix.tensor];
    if (part == network::BlockPart::attention) {
      matrix.role = LayerRole::attention;
    } else if (part == network::BlockPart::mlp) {
      matrix.role = LayerRole::mlp;
    } else if (&matrix == &matrices.back()) {
      matrix.role = LayerRole::output;
    } else if (&matrix == &matrices.front()) {
      matrix.role = LayerRole::first;
    }
  }
  return matrices;
}

WeightFamilies weight_families_of(const Population& population, const SummarySource& summaries,
                                  const study::AnalysisSettings& settings) {
  const std::vector<Selection> selections = selections_of(population);
  std::vector<Builder> builders;
  for (const Selection& selection : selections) {
    builders.emplace_back(population, selection, settings);
  }
  Members members;
  for (std::size_t i = 0; i < selections.size(); ++i) {
    add_members(population, selections[i], settings, builders[i], members);
  }
  read_runs(summaries, members);
  WeightFamilies families;
  for (Builder& builder : builders) {
    if (auto family = std::move(builder).family()) families.push_back(std::move(family));
  }
  return families;
}

std::vector<LayerRole> roles_of(const WeightFamily& family) {
  return roles_of(std::vector{&family});
}

std::vector<LayerRole> roles_of(const std::vector<const WeightFamily*>& families) {
  std::vector<LayerRole> roles;
  for (const LayerRole role : {LayerRole::first, LayerRole::hidden, LayerRole::attention,
                               LayerRole::mlp, LayerRole::output}) {
    const auto has = [&](const WeightRun& run) { return run.roles.contains(role); };
    const auto any_has = [&](const WeightFamily* family) {
      return std::ranges::any_of(family->runs, has);
    };
    if (std::ranges::any_of(families, any_has)) roles.push_back(role);
  }
  return roles;
}

}  // namespace minima::analysis
