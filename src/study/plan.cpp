#include "study/plan.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "study/grid.h"
#include "study/limits.h"

namespace minima::study {
namespace {

/// Gives drawn architectures their replicate numbers. Runs of one replicate share a shuffle; so
/// that few drawn runs do, the draws fill blocks of kDrawsPerShuffle, and block b has replicates b
/// x R to b x R + R - 1. A draw takes the first block that has room and does not hold its
/// architecture yet: run ids stay distinct.
class ReplicateBlocks {
 public:
  /// Grid designs use the first block without counting against its room.
  explicit ReplicateBlocks(std::span<const Architecture> grid) {
    for (const Architecture& architecture : grid) next_block_[architecture.text()] = 1;
  }

  int place(const Architecture& architecture) {
    std::size_t& next = next_block_[architecture.text()];
    // Blocks passed over are full or hold this architecture, for good.
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
  std::vector<int> drawn_;                                   ///< draws in each block
  std::size_t first_open_ = 0;
};

/// An architecture and the number of the first of its replicates.
struct Planned {
  Architecture architecture;
  int first_replicate = 0;
};

/// What is trained on every dataset, in the order of the designs.
std::vector<Planned> planned_architectures(const Study& study) {
  const std::vector<Architecture> grid = grid_of(study);
  ReplicateBlocks blocks(grid);
  std::unordered_set<std::string> seen;
  std::map<std::string, std::uint64_t> occurrences;
  std::vector<Planned> planned;
  for (const Design& design : study.designs) {
    if (const auto* draws = std::get_if<DnnDraws>(&design.what)) {
      for (Architecture& drawn : draw(*draws, study.seed, occurrences[range_text(*draws)]++)) {
        const int block = blocks.place(drawn);
        planned.push_back({std::move(drawn), block * study.replicates});
      }
      continue;
    }
    for (Architecture& architecture : architectures_of(design)) {
      if (seen.insert(architecture.text()).second) planned.push_back({std::move(architecture), 0});
    }
  }
  return planned;
}

}  // namespace

std::vector<Run> expand(const Study& study, std::span<const std::string> dataset_names) {
  const std::vector<Planned> planned = planned_architectures(study);
  const std::string train_text = study.train.text();
  std::vector<Run> runs;
  std::unordered_set<std::string> seen;
  for (const std::string& dataset : dataset_names) {
    if (!seen.insert(dataset).second) continue;
    for (const Planned& plan : planned) {
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
  return runs;
}

}  // namespace minima::study
