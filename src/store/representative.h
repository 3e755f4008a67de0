// Selects the weights to keep if a store keeps one network per architecture.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "record/run_result.h"
#include "study/run.h"

namespace minima::store {

/// The properties of a run that the choice depends on.
struct Replicate {
  std::int64_t run = 0;
  std::string group;  ///< dataset and architecture
  int replicate = 0;
  record::RunStatus status = record::RunStatus::planned;
  double accuracy = 0.0;  ///< on validation images if there are any, else on test images
  bool has_weights = false;
};

/// Returns the runs whose weights can be dropped: all but the representative of every group without
/// planned runs. The representative is the finished run of lower median accuracy, with ties broken
/// by replicate number. If no run finished, it is chosen among the diverged ones. If its weights
/// were dropped (an earlier plan had fewer replicates), the nearest run by rank that has weights
/// replaces it.
[[nodiscard]] std::vector<std::int64_t> superfluous_weights(std::vector<Replicate> runs);

}  // namespace minima::store
