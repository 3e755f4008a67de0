// Progress of the study in a store.
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
  record::DatasetRecord dataset;
  Counts runs;
};

struct Status {
  record::StudyRecord study;
  Counts runs;
  std::vector<DatasetStatus> datasets;
  std::int64_t variants = 0;  ///< networks made from runs by pruning and quantization
  /// Whether work is left although no run is missing; see has_work_left.
  bool work_left = false;
  /// Compression tasks that were left out, because the weights of their runs were not kept.
  std::int64_t left_out = 0;
  std::vector<record::BackendUse> backends = {};      ///< from Reader::backends
  std::vector<std::string> lacks = {};                ///< sentences, from Reader::lacks
  std::string changed = {};                           ///< from Reader::changed_values
  std::vector<store::LostWeights> lost_weights = {};  ///< left empty by `status_of`
};

/// Whether some session was interrupted, is still running, or left compression unfinished, and no
/// later session of its shard or of the whole study made up for it. `sessions`: in the order of
/// their start.
[[nodiscard]] bool has_work_left(std::span<const record::SessionRecord> sessions);

[[nodiscard]] Status status_of(const store::Reader& store);

}  // namespace minima::analysis
