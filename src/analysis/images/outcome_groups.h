// Runs by architecture, and when a stream in the order of the plan has passed the last run of one.
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

  /// By dataset, then by number of parameters, then by text.
  [[nodiscard]] const std::vector<OutcomeGroup>& groups() const { return groups_; }
  /// Indices of a run and of its group; nothing for a run that was recorded since the list of runs
  /// was read.
  struct Place {
    std::size_t run = 0;
    std::size_t group = 0;
  };
  [[nodiscard]] const Place* find(const std::string& run_id) const;
  /// The groups in the order in which their last runs come.
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

  /// The stream has come to this run.
  void reach(std::size_t run);
  /// The stream has ended.
  void finish();

 private:
  const OutcomeGroups& groups_;
  std::function<void(std::size_t)> on_complete_;
  std::size_t next_ = 0;  ///< into by_last_run
};

}  // namespace minima::analysis
