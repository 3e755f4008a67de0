// Compares successful with suboptimal runs, one statistic at a time.
//
// Within an architecture, the statistic is the change by training: log(end / start). Its difference
// is tested with the architecture as the unit (architecture_contrast.h). Over the whole population,
// width determines both success and the scale of the initial weights. There the comparison is only
// described, next to the same comparison of the initial weights.
#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "analysis/weights/weights.h"

namespace minima::analysis {
namespace {

// A statistic of a layer: its value at a stage, and its change by training. Its level, its spread
// among runs, or both are compared.
struct Figure {
  std::optional<WeightFigure> level;
  std::optional<WeightFigure> spread;
  std::function<double(const StageFigures&)> at;
  std::function<std::optional<double>(const WeightChange&)> change;
};

const std::vector<Figure>& figures() {
  static const std::vector<Figure> kFigures{
      {WeightFigure::sigma, WeightFigure::sigma_spread,
       [](const StageFigures& f) { return std::log(f.sd); },
       [](const WeightChange& c) { return std::optional(c.sd); }},
      {std::nullopt, WeightFigure::mean_spread, [](const StageFigures& f) { return f.mean; },
       [](const WeightChange& c) { return std::optional(c.mean); }},
      {WeightFigure::near_zero, std::nullopt, [](const StageFigures& f) { return f.near_zero; },
       [](const WeightChange& c) { return c.near_zero; }},
      {WeightFigure::node_strength, std::nullopt,
       [](const StageFigures& f) { return std::log(f.node_strength); },
       [](const WeightChange& c) { return std::optional(c.node_strength); }}};
  return kFigures;
}

const RoleWeights* layer_of(const WeightRun& run, LayerRole layer) {
  if (layer == LayerRole::all) return &run.whole;
  const auto found = run.roles.find(layer);
  return found == run.roles.end() ? nullptr : &found->second;
}

bool is_compared(const WeightRun& run) {
  return run.successful() || run.suboptimal();
}

// Finite values at one stage, by group.
struct StageSides {
  std::vector<double> successful;
  std::vector<double> suboptimal;

  void add(const WeightRun& run, double value) {
    if (std::isfinite(value)) (run.successful() ? successful : suboptimal).push_back(value);
  }
};

std::optional<double> delta_of(const StageSides& sides) {
  return cliffs_delta(sides.successful, sides.suboptimal);
}

std::optional<double> spread_of(const StageSides& sides) {
  const auto successful = mean_absolute_difference(sides.successful);
  const auto suboptimal = mean_absolute_difference(sides.suboptimal);
  if (!successful || !suboptimal) return std::nullopt;
  return *successful - *suboptimal;
}

class FamilyFindings {
 public:
  FamilyFindings(const WeightFamily& family, const study::AnalysisSettings& settings)
      : family_(family), settings_(settings) {}

  void add_figure(const Figure& figure, LayerRole layer);
  void add_output_against_others();
  void add_strength_correlation();

  [[nodiscard]] std::vector<WeightFinding> take() { return std::move(findings_); }

 private:
  WeightFinding& add(WeightFigure finding, LayerRole layer, WeightScope scope,
                     WeightStatistic statistic) {
    return findings_.emplace_back(
        WeightFinding{.finding = finding, .layer = layer, .scope = scope, .statistic = statistic});
  }

  void add_pooled(WeightFigure finding, LayerRole layer, WeightStatistic statistic,
                  const std::vector<ArchitectureEffect>& effects,
                  const std::vector<const WeightRun*>& runs);
  void describe(const Figure& figure, LayerRole layer);
  [[nodiscard]] std::vector<const WeightRun*> changed_runs(const Figure& figure,
                                                           LayerRole layer) const;

  const WeightFamily& family_;
  const study::AnalysisSettings& settings_;
  std::vector<WeightFinding> findings_;
};

void FamilyFindings::add_pooled(WeightFigure finding, LayerRole layer, WeightStatistic statistic,
                                const std::vector<ArchitectureEffect>& effects,
                                const std::vector<const WeightRun*>& runs) {
  WeightFinding& row = add(finding, layer, WeightScope::equal_architecture, statistic);
  std::set<std::string> used;
  for (const ArchitectureEffect& effect : effects) used.insert(effect.architecture);
  for (const WeightRun* run : runs) {
    if (!used.contains(run->run->architecture)) continue;
    row.successful += run->successful() ? 1 : 0;
    row.suboptimal += run->suboptimal() ? 1 : 0;
  }
  const RandomStream random(
      settings_.seed,
      subject_of(family_.dataset + "|" + word_text(family_.family) + "|" + to_string(finding) +
                 "|" + to_string(statistic) + "|" + to_string(layer)),
      Purpose::weight_statistics);
  const auto found = pooled(effects, settings_.confidence, settings_.permutations, random);
  if (!found) return;
  row.architectures = found->architectures;
  row.value = found->effect;
  row.low = found->low;
  row.high = found->high;
  row.p = found->p;
  row.least_p = found->least_p;
}

// Compares the groups over the whole population, at the end and at the start.
void FamilyFindings::describe(const Figure& figure, LayerRole layer) {
  StageSides end;
  StageSides start;
  for (const WeightRun& run : family_.runs) {
    const RoleWeights* weights = layer_of(run, layer);
    if (weights == nullptr || !is_compared(run)) continue;
    end.add(run, figure.at(weights->end));
    if (weights->start) start.add(run, figure.at(*weights->start));
  }
  const auto row_of = [&](WeightFigure name, WeightStatistic statistic, const auto& statistic_of) {
    WeightFinding& row = add(name, layer, WeightScope::population, statistic);
    row.successful = static_cast<std::int64_t>(end.successful.size());
    row.suboptimal = static_cast<std::int64_t>(end.suboptimal.size());
    row.value = statistic_of(end);
    row.start_value = statistic_of(start);
  };
  if (figure.level) row_of(*figure.level, WeightStatistic::cliff_delta, delta_of);
  if (figure.spread) row_of(*figure.spread, WeightStatistic::spread_difference, spread_of);
}

// Runs of every group but `non` for which the change of the statistic is known.
std::vector<const WeightRun*> FamilyFindings::changed_runs(const Figure& figure,
                                                           LayerRole layer) const {
  std::vector<const WeightRun*> runs;
  for (const WeightRun& run : family_.runs) {
    const RoleWeights* weights = layer_of(run, layer);
    if (weights == nullptr || !weights->change || !run.group) continue;
    if (run.group == AccuracyGroup::non || !figure.change(*weights->change)) continue;
    runs.push_back(&run);
  }
  return runs;
}

void FamilyFindings::add_figure(const Figure& figure, LayerRole layer) {
  describe(figure, layer);
  std::vector<ContrastedRun> contrasted;
  std::vector<Pair> with_accuracy;
  std::vector<const WeightRun*> compared;
  const auto changed = changed_runs(figure, layer);
  for (const WeightRun* run : changed) {
    const double change = *figure.change(*layer_of(*run, layer)->change);
    with_accuracy.push_back({run->accuracy, change, run->run->architecture});
    if (!is_compared(*run)) continue;
    contrasted.push_back({change, run->successful(), run->run->architecture});
    compared.push_back(run);
  }
  if (figure.level) {
    add_pooled(*figure.level, layer, WeightStatistic::log_ratio, mean_differences(contrasted),
               compared);
    add_pooled(*figure.level, layer, WeightStatistic::accuracy_correlation,
               correlations_within(with_accuracy), changed);
  }
  if (figure.spread) {
    add_pooled(*figure.spread, layer, WeightStatistic::spread_difference,
               spread_differences(contrasted), compared);
  }
}

void FamilyFindings::add_output_against_others() {
  std::vector<ContrastedRun> runs;
  std::vector<const WeightRun*> compared;
  for (const WeightRun& run : family_.runs) {
    const RoleWeights* output = layer_of(run, LayerRole::output);
    if (output == nullptr || !output->change || !run.whole.change || !is_compared(run)) continue;
    const auto matrices = static_cast<double>(run.tensors.size());
    if (matrices < 2.0) continue;
    const double others = (matrices * run.whole.change->sd - output->change->sd) / (matrices - 1.0);
    runs.push_back({output->change->sd - others, run.successful(), run.run->architecture});
    compared.push_back(&run);
  }
  add_pooled(WeightFigure::sigma_output_less_others, LayerRole::output, WeightStatistic::log_ratio,
             mean_differences(runs), compared);
}

// One effect per architecture: the mean over its pairs of consecutive matrices.
void FamilyFindings::add_strength_correlation() {
  std::map<std::size_t, std::vector<Pair>> by_place;
  std::vector<const WeightRun*> runs;
  for (const WeightRun& run : family_.runs) {
    if (!run.successful() || !run.whole.change) continue;
    runs.push_back(&run);
    const auto change = [&](std::size_t i) {
      return std::log(run.tensors[i].node_strength / run.tensors[i].start->node_strength);
    };
    for (std::size_t i = 0; i + 1 < run.tensors.size(); ++i) {
      by_place[i].push_back({change(i), change(i + 1), run.run->architecture});
    }
  }
  std::map<std::string, std::vector<ArchitectureEffect>> architectures;
  for (const auto& [place, pairs] : by_place) {
    for (auto& effect : correlations_within(pairs)) {
      architectures[effect.architecture].push_back(std::move(effect));
    }
  }
  std::vector<ArchitectureEffect> effects;
  for (const auto& [architecture, places] : architectures) {
    ArchitectureEffect mean{architecture, 0.0, places.front().weight};
    for (const ArchitectureEffect& place : places) {
      mean.effect += place.effect / static_cast<double>(places.size());
    }
    effects.push_back(std::move(mean));
  }
  add_pooled(WeightFigure::strength_correlation, LayerRole::all, WeightStatistic::correlation,
             effects, runs);
}

}  // namespace

std::vector<WeightFinding> weight_findings(const WeightFamily& family,
                                           const study::AnalysisSettings& settings) {
  FamilyFindings findings(family, settings);
  std::vector<LayerRole> layers = roles_of(family);
  layers.push_back(LayerRole::all);
  for (const Figure& figure : figures()) {
    for (const LayerRole layer : layers) findings.add_figure(figure, layer);
  }
  findings.add_output_against_others();
  findings.add_strength_correlation();
  return findings.take();
}

}  // namespace minima::analysis
