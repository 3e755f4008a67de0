#include "analysis/population/population.h"

#include <algorithm>
#include <map>
#include <utility>

namespace minima::analysis {

Population population_of(const store::Reader& store) {
  Population population{.study = store.study(),
                        .datasets = store.datasets(),
                        .runs = store.runs(),
                        .variants = store.variants(),
                        .sessions = store.sessions()};
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < population.runs.size(); ++i) {
    index.emplace(population.runs[i].id, i);
  }
  store.histories([&](const std::string& run_id, record::EpochRecord&& epoch) {
    const auto at = index.find(run_id);
    // A run recorded after the list was read is left for the next refresh.
    if (at == index.end()) return;
    record::RunResult& result = population.runs[at->second].result;
    if (result.status != record::RunStatus::planned) result.history.push_back(std::move(epoch));
  });
  return population;
}

std::int64_t recorded_runs(const Population& population) {
  return std::ranges::count_if(population.runs, [](const record::RunRow& run) {
    return run.result.status != record::RunStatus::planned;
  });
}

std::vector<Selection> selections_of(const Population& population) {
  std::map<std::string, std::size_t> datasets;
  for (std::size_t i = 0; i < population.datasets.size(); ++i) {
    datasets.emplace(population.datasets[i].name, i);
  }
  std::map<std::pair<std::size_t, network::Family>, std::vector<std::size_t>> runs;
  for (std::size_t i = 0; i < population.runs.size(); ++i) {
    const record::RunRow& run = population.runs[i];
    if (run.result.status == record::RunStatus::planned) continue;
    runs[{datasets.at(run.dataset), run.family}].push_back(i);
  }
  std::vector<Selection> selections;
  for (auto& [key, members] : runs) {
    selections.push_back({.dataset = key.first, .family = key.second, .runs = std::move(members)});
  }
  return selections;
}

}  // namespace minima::analysis
