// Groups runs by architecture and detects when a stream in plan order has passed a group's last
// run.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analysis/population/population.h"

namespace minima::analysis {

/// The recorded runs of one architecture on one dataset.
struct OutcomeGroup {
  std::size_t dataset = 0;        ///< index into Population::datasets
  std::vector<std::size_t> runs;  ///< indices into Population::runs, ascending
};

class OutcomeGroups {
 public:
  explicit OutcomeGroups(const Population& population);

  /// By dataset, then by number of parameters, then by name.
  [[nodiscard]] const std::vector<OutcomeGroup>& groups() const { return groups_; }
  /// Indices of a run and of its group. find() returns null for a run that was recorded after the
  /// list of runs was read.
  struct Place {
    std::size_t run = 0;
    std::size_t group = 0;
  };
  [[nodiscard]] const Place* find(const std::string& run_id) const;
  /// Groups in the order of their last runs in the plan.
  [[nodiscard]] const std::vector<std::size_t>& by_last_run() const { return by_last_run_; }

 private:
  std::vector<OutcomeGroup> groups_;
  std::map<std::string, Place> places_;
  std::vector<std::size_t> by_last_run_;
};

/// Calls `on_complete` with each group once, as soon as the stream has passed its last run.
class GroupCompletion {
 public:
  GroupCompletion(const OutcomeGroups& groups, std::function<void(std::size_t group)> on_complete)
      : groups_(groups), on_complete_(std::move(on_complete)) {}

  /// The stream has reached this run.
  void reach(std::size_t run);
  /// The stream has ended.
  void finish();

 private:
  const OutcomeGroups& groups_;
  std::function<void(std::size_t)> on_complete_;
  std::size_t next_ = 0;  ///< index into by_last_run_
};

}  // namespace minima::analysis
