#include "analysis/images/outcome_groups.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "record/run_result.h"
#include "record/run_row.h"

namespace minima::analysis {

OutcomeGroups::OutcomeGroups(const Population& population) {
  std::map<std::string, std::size_t> datasets;
  for (std::size_t i = 0; i < population.datasets.size(); ++i) {
    datasets.emplace(population.datasets[i].name, i);
  }
  std::map<std::tuple<std::size_t, std::int64_t, std::string>, std::vector<std::size_t>> grouped;
  for (std::size_t i = 0; i < population.runs.size(); ++i) {
    const record::RunRow& run = population.runs[i];
    if (run.result.status == record::RunStatus::planned) continue;
    grouped[{datasets.at(run.dataset), run.parameters, run.architecture}].push_back(i);
  }
  for (auto& [key, runs] : grouped) {
    for (const std::size_t run : runs) {
      places_[population.runs[run].id] = {.run = run, .group = groups_.size()};
    }
    groups_.push_back({.dataset = std::get<0>(key), .runs = std::move(runs)});
  }
  by_last_run_.resize(groups_.size());
  std::iota(by_last_run_.begin(), by_last_run_.end(), std::size_t{0});
  std::ranges::sort(by_last_run_, {}, [this](std::size_t i) { return groups_[i].runs.back(); });
}

const OutcomeGroups::Place* OutcomeGroups::find(const std::string& run_id) const {
  const auto at = places_.find(run_id);
  return at == places_.end() ? nullptr : &at->second;
}

void GroupCompletion::reach(std::size_t run) {
  const auto& order = groups_.by_last_run();
  while (next_ < order.size() && groups_.groups()[order[next_]].runs.back() < run) {
    on_complete_(order[next_++]);
  }
}

void GroupCompletion::finish() {
  reach(std::numeric_limits<std::size_t>::max());
}

}  // namespace minima::analysis
