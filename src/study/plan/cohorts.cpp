// Groups runs into cohorts, and divides them among shards.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <queue>
#include <tuple>

#include "core/text.h"
#include "network/derive/work.h"
#include "network/families/lower.h"
#include "study/plan/plan.h"

namespace minima::study {
namespace {

/// Smaller cohorts share each batch among fewer runs. Cohorts are therefore as large as possible
/// while the workers finish within this factor of the best possible time.
constexpr double kToleratedFinish = 1.1;

struct Cost {
  double flop = 0.0;
  std::int64_t parameters = 0;
};

using Group = std::vector<std::size_t>;  ///< runs that may share a cohort, the most expensive first

std::vector<Cost> costs_of(std::span<const Run> runs, const ProblemOf& problem_of,
                           const std::function<std::int64_t(const std::string&)>& train_count_of) {
  struct Known {
    Problem problem;
    double images;
  };
  std::map<std::string, Known> known;
  std::vector<Cost> costs;
  costs.reserve(runs.size());
  for (const Run& run : runs) {
    auto at = known.find(run.dataset);
    if (at == known.end()) {
      const auto images = static_cast<double>(train_count_of(run.dataset));
      at = known.emplace(run.dataset, Known{problem_of(run.dataset), images}).first;
    }
    const auto& [problem, images] = at->second;
    const network::Graph graph = network::graph_of(run.architecture, problem);
    const auto flop = static_cast<double>(network::training_flop(graph));
    costs.push_back({flop * images * run.train.epochs, graph.parameters()});
  }
  return costs;
}

std::vector<Group> groups_of(std::span<const Run> runs, std::span<const Cost> costs) {
  using Key = std::tuple<std::string_view, int, int, Scaling, std::uint64_t>;
  std::map<Key, Group> groups;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& run = runs[i];
    groups[{run.dataset, run.replicate, run.train.batch, run.train.scaling, run.seed}].push_back(i);
  }
  std::vector<Group> sorted;
  for (auto& [key, group] : groups) {
    std::ranges::stable_sort(group, std::greater{},
                             [&](std::size_t run) { return costs[run].flop; });
    sorted.push_back(std::move(group));
  }
  return sorted;
}

/// Cuts a group (most expensive run first) into cohorts of at most `max_runs` and `max_parameters`.
/// A run that is too large gets a cohort of its own. If only the number of runs limits, the sizes
/// are equal.
void cut(const Group& group, std::span<const Cost> costs, std::size_t max_runs,
         std::int64_t max_parameters, std::vector<Cohort>& out) {
  std::size_t begin = 0;
  while (begin < group.size()) {
    const std::size_t left = group.size() - begin;
    const std::size_t pieces = (left + max_runs - 1) / max_runs;
    const std::size_t even = (left + pieces - 1) / pieces;
    Cohort cohort;
    std::int64_t parameters = 0;
    for (std::size_t i = begin; i < begin + even; ++i) {
      const Cost& cost = costs[group[i]];
      if (!cohort.runs.empty() && parameters + cost.parameters > max_parameters) break;
      cohort.runs.push_back(group[i]);
      cohort.flop += cost.flop;
      parameters += cost.parameters;
    }
    begin += cohort.runs.size();
    out.push_back(std::move(cohort));
  }
}

/// Time, in FLOP, at which the last of `jobs` workers ends. Each free worker takes the next cohort.
double finish(std::span<const Cohort> cohorts, std::size_t jobs) {
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
  for (std::size_t job = 0; job < jobs; ++job) free_at.push(0.0);
  double last = 0.0;
  for (const Cohort& cohort : cohorts) {
    const double end = free_at.top() + cohort.flop;
    free_at.pop();
    free_at.push(end);
    last = std::max(last, end);
  }
  return last;
}

/// The largest cohorts that keep all workers busy until near the end, the most expensive first.
std::vector<Cohort> balanced_cohorts(const std::vector<Group>& groups, std::span<const Cost> costs,
                                     const CohortLimits& limits) {
  const std::size_t jobs =
      std::clamp<std::size_t>(limits.jobs, 1, std::max<std::size_t>(costs.size(), 1));
  double total = 0.0;
  double largest = 0.0;
  for (const Cost& cost : costs) {
    total += cost.flop;
    largest = std::max(largest, cost.flop);
  }
  const double best_possible = std::max(total / static_cast<double>(jobs), largest);
  std::vector<Cohort> best;
  double best_finish = 0.0;
  for (std::size_t size = std::max<std::size_t>(limits.max_runs, 1); size >= 1; --size) {
    std::vector<Cohort> cohorts;
    for (const Group& group : groups) cut(group, costs, size, limits.max_parameters, cohorts);
    std::ranges::stable_sort(cohorts, std::greater{}, &Cohort::flop);
    const double end = finish(cohorts, jobs);
    if (best.empty() || end < best_finish) {
      best = std::move(cohorts);
      best_finish = end;
    }
    if (best_finish <= kToleratedFinish * best_possible) break;
  }
  return best;
}

/// The runs of each dataset in plan order; datasets are ordered by their first run.
std::vector<Group> runs_by_dataset(std::span<const Run> runs) {
  std::map<std::string_view, std::size_t> number;
  std::vector<Group> groups;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto [at, added] = number.emplace(runs[i].dataset, groups.size());
    if (added) groups.emplace_back();
    groups[at->second].push_back(i);
  }
  return groups;
}

/// The shard with the least work on this dataset; ties go to the shard with the least total work.
std::size_t least_loaded(std::span<const double> here, std::span<const double> in_all) {
  std::size_t best = 0;
  for (std::size_t shard = 1; shard < here.size(); ++shard) {
    if (std::pair(here[shard], in_all[shard]) < std::pair(here[best], in_all[best])) best = shard;
  }
  return best;
}

}  // namespace

std::vector<Cohort> make_cohorts(
    std::span<const Run> runs, const ProblemOf& problem_of,
    const std::function<std::int64_t(const std::string&)>& train_count_of,
    const CohortLimits& limits) {
  const std::vector<Cost> costs = costs_of(runs, problem_of, train_count_of);
  return balanced_cohorts(groups_of(runs, costs), costs, limits);
}

Shard Shard::parse(const std::string& text) {
  const auto parts = split(text, '/');
  const auto index = parts.size() == 2 ? parse_integer(parts[0]) : std::nullopt;
  const auto count = parts.size() == 2 ? parse_integer(parts[1]) : std::nullopt;
  constexpr std::int64_t kMaxShards = 100'000;
  if (!index || !count || *count < 1 || *count > kMaxShards || *index < 1 || *index > *count) {
    throw input_error({fmt::format("--shard {}", printable(text, 60)), ""}, "is not a valid shard",
                      "write I/N with 1 <= I <= N, such as 2/8");
  }
  return {static_cast<int>(*index), static_cast<int>(*count)};
}

std::vector<Run> runs_of_shard(std::span<const Run> runs, const Shard& shard,
                               const ProblemOf& problem_of) {
  const auto shards = static_cast<std::size_t>(shard.count);
  std::vector<double> in_all(shards, 0.0);
  std::vector<std::size_t> mine;
  // Shards are balanced within each dataset, so the numbers of images of datasets do not matter.
  for (const Group& group : runs_by_dataset(runs)) {
    std::vector<Run> of_dataset;
    for (const std::size_t i : group) of_dataset.push_back(runs[i]);
    const auto one_image = [](const std::string&) { return std::int64_t{1}; };
    std::vector<double> here(shards, 0.0);
    for (const Cohort& cohort : make_cohorts(of_dataset, problem_of, one_image, {.jobs = shards})) {
      const std::size_t chosen = least_loaded(here, in_all);
      here[chosen] += cohort.flop;
      in_all[chosen] += cohort.flop;
      if (chosen + 1 != static_cast<std::size_t>(shard.index)) continue;
      for (const std::size_t run : cohort.runs) mine.push_back(group[run]);
    }
  }
  std::ranges::sort(mine);
  std::vector<Run> kept;
  for (const std::size_t i : mine) kept.push_back(runs[i]);
  return kept;
}

}  // namespace minima::study
