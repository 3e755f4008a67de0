#include "analysis/convergence.h"

#include <algorithm>

namespace minima::analysis {
namespace {

std::vector<std::size_t> in_selection(const std::vector<std::size_t>& runs,
                                      const Selection& selection) {
  std::vector<std::size_t> both;
  std::ranges::set_intersection(runs, selection.runs, std::back_inserter(both));
  return both;
}

}  // namespace

Convergence convergence_of(const Population& population, const study::AnalysisSettings& settings) {
  Convergence convergence{.study = population.study.name, .settings = settings, .families = {}};
  const std::vector<std::size_t> failed = not_converged(population, settings);
  for (Selection& selection : selections_of(population)) {
    convergence.runs += static_cast<std::int64_t>(selection.runs.size());
    FamilyConvergence& family = convergence.families.emplace_back();
    family.dataset = population.datasets[selection.dataset].name;
    family.groups = groups_of(population, selection, settings);
    family.minimal = minimal_parameters_of(population, selection, settings);
    family.reliability = reliability_of(population, selection, settings);
    family.regimes = regimes_of(population, selection, settings);
    family.shape = shape_invariance_of(population, selection, settings);
    family.phases = phases_of(population, selection, settings);
    family.diagnoses = diagnoses_of(population, settings, in_selection(failed, selection));
    family.selection = std::move(selection);
  }
  return convergence;
}

}  // namespace minima::analysis
