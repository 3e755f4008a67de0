// Which weights a store keeps when it keeps one network per architecture.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "study/run.h"

namespace minima::store {

/// What the choice depends on.
struct Replicate {
  std::int64_t run = 0;
  std::string group;  ///< dataset and architecture
  int replicate = 0;
  study::RunStatus status = study::RunStatus::planned;
  double accuracy = 0.0;  ///< on validation images where there are any, else on test images
  bool has_weights = false;
};

/// The runs whose weights may go: in every group of which no run is planned any more, all but the
/// representative. That is the run of lower median accuracy among the finished ones (among the
/// diverged ones where none finished), ties broken by replicate number; where its weights are gone
/// (an earlier plan had fewer replicates), the nearest in rank that has weights.
[[nodiscard]] std::vector<std::int64_t> superfluous_weights(std::vector<Replicate> runs);

}  // namespace minima::store
