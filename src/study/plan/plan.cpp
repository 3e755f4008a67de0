#include "study/plan/plan.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "network/families/lower.h"
#include "study/plan/grid.h"
#include "study/settings/limits.h"

namespace minima::study {
namespace {

/// Assigns replicate numbers to drawn architectures. Runs of one replicate share a shuffle. To let
/// only few drawn runs share one, the draws fill blocks of kDrawsPerShuffle. Block b has the
/// replicates b x R to b x R + R - 1. A draw goes into the first block that has room and lacks its
/// architecture, which keeps run ids distinct.
class ReplicateBlocks {
 public:
  /// Architectures of grids occupy the first block but do not use up its room.
  explicit ReplicateBlocks(std::span<const network::Architecture> grid) {
    for (const network::Architecture& architecture : grid) next_block_[architecture.text()] = 1;
  }

  int place(const network::Architecture& architecture) {
    std::size_t& next = next_block_[architecture.text()];
    // The skipped blocks are full or hold this architecture; both are permanent.
    std::size_t block = std::max(next, first_open_);
    while (block < drawn_.size() && drawn_[block] == kDrawsPerShuffle) ++block;
    if (block >= drawn_.size()) drawn_.resize(block + 1, 0);
    ++drawn_[block];
    next = block + 1;
    while (first_open_ < drawn_.size() && drawn_[first_open_] == kDrawsPerShuffle) ++first_open_;
    return static_cast<int>(block);
  }

 private:
  std::unordered_map<std::string, std::size_t> next_block_;  ///< by architecture
  std::vector<int> drawn_;                                   ///< number of draws in each block
  std::size_t first_open_ = 0;
};

/// An architecture, its design, and its first replicate number.
struct Planned {
  network::Architecture architecture;
  const Design* design = nullptr;
  int first_replicate = 0;
};

/// The architectures to train on every dataset, in the order of the designs.
std::vector<Planned> planned_architectures(const Study& study) {
  const std::vector<network::Architecture> grid = grid_of(study);
  ReplicateBlocks blocks(grid);
  std::unordered_set<std::string> seen;
  std::map<std::string, std::uint64_t> occurrences;
  std::vector<Planned> planned;
  for (const Design& design : study.designs) {
    if (is_random(design)) {
      for (network::Architecture& drawn : draw(design, study, occurrences[range_text(design)]++)) {
        const int block = blocks.place(drawn);
        planned.push_back({std::move(drawn), &design, block * study.replicates});
      }
      continue;
    }
    for (network::Architecture& architecture : architectures_of(design, study.invalid)) {
      if (!seen.insert(architecture.text()).second) continue;
      planned.push_back({std::move(architecture), &design, 0});
    }
  }
  return planned;
}

/// Whether the architecture fits the images. Throws if it does not fit and must not be skipped.
bool fits(const Planned& plan, const Problem& problem, const std::string& dataset,
          Invalid invalid) {
  try {
    (void)network::graph_of(plan.architecture, problem);
    return true;
  } catch (const Error& error) {
    if (invalid == Invalid::skip) return false;
    const Error named = input_error({dataset, ""}, error.what());
    throw invalid_combination(plan.design->place, named);
  }
}

}  // namespace

std::vector<Run> expand(const Study& study, std::span<const std::string> dataset_names,
                        const ProblemOf& problem_of) {
  const std::vector<Planned> planned = planned_architectures(study);
  const std::string train_text = study.train.text();
  std::vector<Run> runs;
  std::unordered_set<std::string> seen;
  for (const std::string& dataset : dataset_names) {
    if (!seen.insert(dataset).second) continue;
    const Problem problem = problem_of ? problem_of(dataset) : Problem{};
    for (const Planned& plan : planned) {
      if (problem_of && !fits(plan, problem, dataset, study.invalid)) continue;
      for (int r = 0; r < study.replicates; ++r) {
        runs.push_back({.id = {},
                        .dataset = dataset,
                        .architecture = plan.architecture,
                        .replicate = plan.first_replicate + r,
                        .seed = study.seed,
                        .train = study.train});
        runs.back().id = run_id(runs.back(), train_text);
      }
    }
  }
  if (runs.empty()) {
    throw input_error({study.file, ""}, "all architectures are skipped",
                      "remove invalid = \"skip\" to see what is wrong with them");
  }
  return runs;
}

}  // namespace minima::study
