// How far a store is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/doctor.h"
#include "store/store.h"

namespace minima::analysis {

struct Counts {
  std::int64_t planned = 0;  ///< all runs of the plan
  std::int64_t finished = 0;
  std::int64_t diverged = 0;
  [[nodiscard]] std::int64_t missing() const { return planned - finished - diverged; }
};

struct DatasetStatus {
  store::DatasetRecord dataset;
  Counts runs;
};

struct Status {
  store::StudyRecord study;
  Counts runs;
  std::vector<DatasetStatus> datasets;
  std::int64_t variants = 0;            ///< networks made of runs by pruning and quantization
  bool work_left = false;               ///< though no run is missing, as has_work_left
  std::vector<std::string> lacks = {};  ///< sentences, as Reader::lacks
  std::string changed = {};             ///< as Reader::changed_values
  std::vector<store::LostWeights> lost_weights = {};  ///< `status_of` leaves it empty
};

/// Whether a session was cut off, is at work, or left compression undone, and no later one of its
/// shard, or of the whole study, made up for it. `sessions`: in the order of their beginnings.
[[nodiscard]] bool has_work_left(std::span<const store::SessionRecord> sessions);

[[nodiscard]] Status status_of(const store::Reader& store);

}  // namespace minima::analysis
